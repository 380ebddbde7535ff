// SPDX-License-Identifier: Apache-2.0
// How types and values are named to people, in schemas and settings alike.

#include "words.hpp"

#include "numbers.hpp"
#include "url_secrets.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

constexpr std::string_view names[] = {
    "null", "boolean", "integer", "number", "string", "array", "object",
};
constexpr TypeMask masks[] = {
    type_null, type_boolean, type_integer, type_number, type_text, type_array, type_object,
};

// Longer ones are cut, so that a message stays a line.
constexpr std::size_t max_shown_bytes = 80;

} // namespace

TypeMask find_type(std::string_view name) {
    const auto found = std::ranges::find(names, name);
    return found == std::end(names) ? TypeMask{0} : masks[found - std::begin(names)];
}

std::span<const std::string_view> type_names() {
    return names;
}

std::string type_words(TypeMask types) {
    constexpr std::pair<TypeMask, std::string_view> words[] = {
        {type_text, "text"},
        {type_fraction, "a number"},
        {type_integer, "a whole number"},
        {type_boolean, "true or false"},
        {type_array, "a list"},
        {type_object, "an object"},
        {type_null, "null"},
    };
    std::vector<std::string> parts;
    for (const auto& [type, word] : words) {
        const bool said = type == type_integer && (types & type_fraction) != 0;
        if ((types & type) != 0 && !said) parts.emplace_back(word);
    }
    return join_words(parts, "or");
}

std::string_view kind_words(const json::value& value) {
    switch (value.kind()) {
    case json::kind::null:
        return "null";
    case json::kind::bool_:
        return value.get_bool() ? "true" : "false";
    case json::kind::string:
        return "text";
    case json::kind::array:
        return "a list";
    case json::kind::object:
        return "an object";
    default:
        return "a number";
    }
}

std::string value_words(const json::value& value) {
    if (value.is_string()) {
        const auto& text = value.get_string();
        return quote(masked_open_text({text.data(), text.size()}));
    }
    return value.is_number() ? number_text(value) : std::string(kind_words(value));
}

std::string constant_words(const json::value& constant) {
    if (constant.is_string()) return quote(constant.get_string());
    if (!constant.is_structured()) return value_words(constant);
    auto text = json::serialize(constant);
    return text.size() <= max_shown_bytes ? text : std::string(kind_words(constant));
}

std::string requirement_words(const CompiledSchema& schema, NodeIndex index) {
    constexpr std::uint32_t few = 8;
    const auto& node = schema.nodes[index];
    if (node.groups == 0)
        return node.types == all_types || node.types == 0 ? "" : type_words(node.types);
    if (node.groups != any_group) return {};
    const auto& checks = schema.anys[node.any];
    const auto set = checks.constant != none ? checks.constant : checks.enumeration;
    if (set == none || schema.value_sets[set].values.count > few) return {};
    std::vector<std::string> values;
    const auto run = schema.value_sets[set].values;
    values.reserve(run.count);
    for (std::uint32_t i = 0; i < run.count; ++i)
        values.push_back(constant_words(*schema.value_pool[run.first + i]));
    return join_words(values, "or");
}

std::string quote(std::string_view text) {
    if (text.size() <= max_shown_bytes) return json::serialize(json::string_view(text));
    auto end = max_shown_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
        --end;
    auto quoted = json::serialize(json::string_view(text.substr(0, end)));
    quoted.insert(quoted.size() - 1, "...");
    return quoted;
}

std::string printable(std::string text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool ascii_control = byte(i) < 0x20 || byte(i) == 0x7f;
        const bool latin_control = byte(i) == 0xc2 && byte(i + 1) >= 0x80 && byte(i + 1) < 0xa0;
        if (ascii_control) text[i] = ' ';
        if (latin_control) text[i] = text[i + 1] = ' ';
    }
    return text;
}

std::string join_words(const std::vector<std::string>& words, std::string_view last) {
    std::string joined;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) joined += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
        joined += words[i];
    }
    return joined;
}

} // namespace patchbay::host
