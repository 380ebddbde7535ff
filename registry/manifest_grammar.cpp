// SPDX-License-Identifier: Apache-2.0
// The grammars that texts of a manifest follow, each as one predicate over the whole text.

#include "manifest_grammar.hpp"

#include <algorithm>
#include <cstddef>

namespace patchbay::registry {
namespace {

// Not those of <cctype>, which ask the locale.
constexpr bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alphanumeric(char c) {
    return is_letter(c) || is_digit(c);
}
constexpr bool is_lower_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

// Whether every part of the text between two separators is accepted; an empty text is one part.
template <typename Accepts>
bool all_parts(std::string_view text, char separator, Accepts accepts) {
    while (true) {
        const auto end = text.find(separator);
        if (!accepts(text.substr(0, end))) return false;
        if (end == std::string_view::npos) return true;
        text.remove_prefix(end + 1);
    }
}

// Cuts off and answers the longest beginning of accepted characters.
template <typename Accepts>
std::string_view take_while(std::string_view& text, Accepts accepts) {
    const auto end = std::ranges::find_if_not(text, accepts);
    const auto taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(taken.size());
    return taken;
}

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool is_number_without_leading_zero(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_digit) &&
           (text.size() == 1 || text.front() != '0');
}

bool is_version_identifier(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_prerelease_identifier(std::string_view text) {
    return is_version_identifier(text) &&
           (!std::ranges::all_of(text, is_digit) || is_number_without_leading_zero(text));
}

bool is_capability_label(std::string_view text) {
    return !text.empty() && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_spdx_id_character(char c) {
    return is_alphanumeric(c) || c == '-' || c == '.';
}

// One word that is a name rather than an operator.
bool take_spdx_name(std::string_view& text) {
    const auto word = take_while(text, is_spdx_id_character);
    return !word.empty() && word != "AND" && word != "OR" && word != "WITH";
}

// A licence, or ["DocumentRef-" idstring ":"] "LicenseRef-" idstring, with its exception.
bool take_spdx_license(std::string_view& text) {
    const bool from_document = text.starts_with("DocumentRef-");
    if (!take_spdx_name(text)) return false;
    if (from_document && take(text, ":LicenseRef-")) {
        if (!take_spdx_name(text)) return false;
    } else {
        take(text, "+");
    }
    return !take(text, " WITH ") || take_spdx_name(text);
}

} // namespace

bool is_connector_name(std::string_view text) {
    constexpr std::size_t max_size = 63;
    return !text.empty() && text.size() <= max_size && is_lower(text.front()) &&
           std::ranges::all_of(
               text, [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '-'; });
}

bool is_uuid(std::string_view text) {
    constexpr std::string_view nil = "00000000-0000-0000-0000-000000000000";
    if (text.size() != nil.size() || text == nil) return false;
    for (std::size_t i = 0; i < nil.size(); ++i) {
        if (nil[i] == '-' ? text[i] != '-' : !is_lower_hex(text[i])) return false;
    }
    return true;
}

bool is_semantic_version(std::string_view text) {
    constexpr std::size_t max_size = 128;
    if (text.size() > max_size) return false;
    if (const auto plus = text.find('+'); plus != std::string_view::npos) {
        if (!all_parts(text.substr(plus + 1), '.', is_version_identifier)) return false;
        text = text.substr(0, plus);
    }
    if (const auto hyphen = text.find('-'); hyphen != std::string_view::npos) {
        if (!all_parts(text.substr(hyphen + 1), '.', is_prerelease_identifier)) return false;
        text = text.substr(0, hyphen);
    }
    return std::ranges::count(text, '.') == 2 &&
           all_parts(text, '.', is_number_without_leading_zero);
}

bool is_spdx_expression(std::string_view text) {
    constexpr std::size_t max_size = 256;
    if (text.size() > max_size) return false;
    std::size_t open = 0;
    while (true) {
        for (; take(text, "("); ++open)
            take(text, " ");
        if (!take_spdx_license(text)) return false;
        while (true) {
            auto rest = text;
            take(rest, " ");
            if (!take(rest, ")")) break;
            if (open-- == 0) return false;
            text = rest;
        }
        if (text.empty()) return open == 0;
        if (!take(text, " AND ") && !take(text, " OR ")) return false;
    }
}

bool is_capability_id(std::string_view text) {
    constexpr std::size_t max_size = 128;
    constexpr std::size_t max_digits = 9;
    if (text.size() > max_size || text.empty() || !is_lower(text.front())) return false;
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const auto revision = text.substr(slash + 1);
    const auto name = text.substr(0, slash);
    const auto dots = std::ranges::count(name, '.');
    return is_number_without_leading_zero(revision) && revision != "0" &&
           revision.size() <= max_digits && all_parts(name, '.', is_capability_label) &&
           (dots >= 2 || (dots == 1 && name.starts_with("patchbay.")));
}

bool is_url_scheme(std::string_view text) {
    constexpr std::size_t max_size = 32;
    return !text.empty() && text.size() <= max_size && is_lower(text.front()) &&
           std::ranges::all_of(text, [](char c) {
               return is_lower(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
           });
}

bool is_web_url(std::string_view text) {
    constexpr std::size_t max_size = 2048;
    if (text.size() > max_size) return false;
    if (!take(text, "https://") && !take(text, "http://")) return false;
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_bundle_path(std::string_view text) {
    constexpr std::size_t max_size = 255;
    return text.size() <= max_size && all_parts(text, '/', [](std::string_view part) {
               return !part.empty() && (is_alphanumeric(part.front()) || part.front() == '_') &&
                      std::ranges::all_of(part, [](char c) {
                          return is_alphanumeric(c) || c == '_' || c == '.' || c == '+' || c == '-';
                      });
           });
}

} // namespace patchbay::registry
