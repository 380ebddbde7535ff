// SPDX-License-Identifier: Apache-2.0
// Tells secret places of the settings from open ones.

#include "secret_rule.hpp"

#include "pointer_steps.hpp"

#include <registry/spelling.hpp>

#include <boost/json/string.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace patchbay::host {
namespace {

namespace json = boost::json;

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

// "apiKey_file" is api, key, file.
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words(1);
    bool after_lower = false;
    for (const char c : name) {
        const bool lower = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        const bool letter = lower || is_upper(c);
        if ((!letter || (is_upper(c) && after_lower)) && !words.back().empty()) {
            words.emplace_back();
        }
        if (letter) words.back() += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
        after_lower = lower;
    }
    if (words.back().empty() && words.size() > 1) words.pop_back();
    return words;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

bool is_true(const json::value* value) {
    return value != nullptr && value->is_bool() && value->get_bool();
}

} // namespace

bool sounds_secret(std::string_view name) {
    const auto words = words_of(name);
    const auto& last = words.back();
    // What says something about a secret rather than being one.
    if (is_one_of(last, {"file", "path", "directory", "name", "type", "mode", "method", "format",
                         "source", "header", "policy", "length", "seconds", "ms", "minutes"})) {
        return false;
    }
    if (std::ranges::any_of(words, [](const auto& word) {
            return is_one_of(word,
                             {"password", "passwd", "pwd", "passphrase", "secret", "token"}) ||
                   word.starts_with("credential");
        })) {
        return true;
    }
    if (last == "url" || (last == "key" && words.size() > 1)) return true;
    return last == "dsn" || (last == "string" && words.size() == 2 && words[0] == "connection");
}

bool SecretRule::marks(NodeIndex node) const {
    const auto* mark = schema_.find_member(node, Keyword::x_secret);
    if (mark != nullptr && mark->is_bool()) return mark->get_bool();
    const auto* format = schema_.find_member(node, Keyword::format);
    return (format != nullptr && format->is_string() && format->get_string() == "password") ||
           is_true(schema_.find_member(node, Keyword::write_only));
}

bool SecretRule::any_marks(const Nodes& nodes) const {
    return budget_.exhausted() ||
           std::ranges::any_of(nodes, [this](NodeIndex node) { return marks(node); });
}

bool SecretRule::resembles_secret(const Nodes& object, std::string_view key) {
    constexpr std::uint64_t steps_per_guess = 20;
    if (places_.names_member(object, key)) return budget_.exhausted();
    if (sounds_secret(key)) return true;
    registry::SpellingGuess guess(key);
    for (const auto index : object) {
        const auto& node = schema_.nodes[index];
        if ((node.groups & object_group) == 0) continue;
        const auto& checks = schema_.objects[node.object];
        for (std::uint32_t i = 0; i < checks.keys.key_count && budget_.spend(steps_per_guess);
             ++i) {
            const auto property = schema_.properties[checks.first_property + i].node;
            if (property != no_node && (marks(property) || marks(schema_.target(property)))) {
                guess.consider(schema_.tables.text(checks.keys, i));
            }
        }
    }
    return !guess.best().empty() || budget_.exhausted();
}

bool SecretRule::any_beneath(const Nodes& nodes) {
    std::vector<bool> seen(schema_.nodes.size());
    Nodes found;
    for (const auto node : nodes)
        schema_.append_beneath(node, found);
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto node = found[i];
        if (!budget_.spend(1)) return true;
        if (seen[node]) continue;
        seen[node] = true;
        if (marks(node)) return true;
        schema_.append_beneath(node, found);
        schema_.append_in_place(node, found);
    }
    return false;
}

bool SecretRule::is_secret(const json::value& settings, std::string_view pointer) {
    auto nodes = places_.at_root();
    const json::value* value = &settings;
    while (!any_marks(nodes)) {
        if (pointer.empty()) return !value->is_structured() && any_beneath(nodes);
        const auto token = take_pointer_token(pointer);
        const auto* const next = find_step(*value, token);
        if (next == nullptr) return true; // no such value, so nothing to be shown
        if (value->is_array()) {
            const auto index = static_cast<std::size_t>(next - value->get_array().data());
            nodes = places_.of_item(nodes, index);
        } else {
            if (resembles_secret(nodes, token)) return true;
            nodes = places_.of_member(nodes, token);
        }
        value = next;
    }
    return true;
}

} // namespace patchbay::host
