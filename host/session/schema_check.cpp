// SPDX-License-Identifier: Apache-2.0
// Looks whether a schema can be read at all, and says only what this contract carries.

#include "schema_check.hpp"

#include <patchbay/sdk/arrow_format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace patchbay::host {
namespace {

using sdk::ArrowFormat;
using sdk::Layout;
using sdk::TypeClass;

// What people write who know the type and not its format string.
constexpr std::pair<std::string_view, std::string_view> formats_by_name[] = {
    {"binary", "z"},  {"bool", "b"},    {"boolean", "b"}, {"double", "g"},  {"float", "f"},
    {"float32", "f"}, {"float64", "g"}, {"int16", "s"},   {"int32", "i"},   {"int64", "l"},
    {"int8", "c"},    {"null", "n"},    {"string", "u"},  {"struct", "+s"}, {"text", "u"},
    {"uint16", "S"},  {"uint32", "I"},  {"uint64", "L"},  {"uint8", "C"},   {"utf8", "u"},
};

[[nodiscard]] bool is_arrow_of_another_layout(std::string_view format) {
    constexpr std::string_view layouts[] = {"vu", "vz", "+vl", "+vL", "+r"};
    return std::ranges::find(layouts, format) != std::end(layouts) || format.starts_with("+ud:") ||
           format.starts_with("+us:");
}

[[nodiscard]] std::string format_fault(std::string_view format) {
    if (is_arrow_of_another_layout(format)) {
        return fmt::format("has the Arrow format \"{}\"; views, unions and run-end encoding are "
                           "not carried by this contract",
                           format);
    }
    const auto* const named =
        std::ranges::find(formats_by_name, format, [](const auto& entry) { return entry.first; });
    if (named == std::end(formats_by_name)) {
        return fmt::format("has the format \"{}\", which is no Arrow format string", format);
    }
    return fmt::format("has the format \"{}\", which is no Arrow format string; {} is \"{}\"",
                       format, named->first, named->second);
}

// How many children a column of this format has; nothing where it may have any number.
[[nodiscard]] std::optional<std::int64_t> child_count(const ArrowFormat& format) {
    switch (format.layout) {
    case Layout::structure:
        return std::nullopt;
    case Layout::list:
    case Layout::list_large:
    case Layout::fixed_list:
        return 1;
    default:
        return 0;
    }
}

// What is wrong with one node, its children left aside; or an empty text.
[[nodiscard]] std::string node_fault(const ArrowSchema& node) {
    if (node.release == nullptr) return "is released";
    if (node.format == nullptr) return "has no format";
    const auto format = sdk::read_arrow_format(node.format);
    if (!format) return format_fault(node.format);
    if (node.dictionary != nullptr) {
        return "is dictionary-encoded; dictionaries are not carried by this contract";
    }
    if (node.n_children < 0) return fmt::format("has {} children", node.n_children);
    if (const auto expected = child_count(*format); expected && node.n_children != *expected) {
        return fmt::format("has {} children; the format \"{}\" has {}", node.n_children,
                           node.format, *expected);
    }
    if (node.n_children == 0) return {};
    if (node.children == nullptr) return "has no array of children";
    for (std::int64_t i = 0; i < node.n_children; ++i)
        if (node.children[i] == nullptr) return fmt::format("has NULL in place of child {}", i);
    // A map's entries: key and value.
    const auto& entries = *node.children[0];
    if (format->type == TypeClass::map && entries.release != nullptr) {
        const bool are_pairs = entries.format != nullptr &&
                               std::string_view(entries.format) == "+s" && entries.n_children == 2;
        if (!are_pairs) return "is a map, and its child no struct of key and value";
    }
    return {};
}

[[nodiscard]] std::optional<std::string> find_fault(const ArrowSchema& node,
                                                    const std::string& path, int depth) {
    if (auto fault = node_fault(node); !fault.empty()) {
        return fmt::format("{} {}", path.empty() ? "the schema" : path, fault);
    }
    if (node.n_children > 0 && depth == max_schema_depth) {
        return fmt::format("the schema has more than {} levels", max_schema_depth);
    }
    for (std::int64_t i = 0; i < node.n_children; ++i) {
        const auto& child = *node.children[i];
        // A released child may have no name any more.
        const std::string name = child.release == nullptr || child.name == nullptr
                                     ? fmt::format("column {}", i + 1)
                                     : child.name;
        if (auto fault = find_fault(child, path.empty() ? name : path + '.' + name, depth + 1)) {
            return fault;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> find_schema_fault(const ArrowSchema& schema) {
    return find_fault(schema, {}, 0);
}

} // namespace patchbay::host
