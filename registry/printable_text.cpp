// SPDX-License-Identifier: Apache-2.0
// A stranger's text in a message: nothing in it may steer a terminal or break a log line.

#include "printable_text.hpp"

#include <fmt/format.h>

#include <system_error>

namespace patchbay::registry {
namespace {

struct CodePoint {
    char32_t value;
    std::size_t size; // in bytes
};

// Reads the code point that the text begins with; nothing where these bytes are not UTF-8 (RFC
// 3629: shortest form, no surrogates, none above U+10FFFF).
std::optional<CodePoint> first_code_point(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return CodePoint{first, 1};

    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < size) return std::nullopt;
    char32_t value = first & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return std::nullopt;
        value = (value << 6U) | (byte(i) & 0x3fU);
    }
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[size] || value > 0x10ffff) return std::nullopt;
    if (value >= 0xd800 && value <= 0xdfff) return std::nullopt;
    return CodePoint{value, size};
}

bool is_printable(char32_t c) {
    return c >= 0x20 && !(c >= 0x7f && c <= 0x9f) && // C0, DEL, C1
           !(c >= 0x2028 && c <= 0x202e) &&          // separators; embeddings and overrides
           !(c >= 0x2066 && c <= 0x2069);            // isolates
}

// The text with what is not printable as \xNN, at most max_bytes of it.
std::string escaped(std::string_view text, std::size_t max_bytes, std::string_view also) {
    std::string shown;
    std::size_t taken = 0;
    while (taken < text.size()) {
        const auto rest = text.substr(taken);
        const auto c = first_code_point(rest);
        const auto size = c ? c->size : 1;
        if (taken + size > max_bytes) return shown + "...";
        if (c && is_printable(c->value)) {
            if (also.contains(rest.front())) shown.push_back('\\');
            shown.append(rest.substr(0, size));
        } else {
            for (const char byte : rest.substr(0, size))
                shown.append(fmt::format("\\x{:02x}", static_cast<unsigned char>(byte)));
        }
        taken += size;
    }
    return shown;
}

} // namespace

std::optional<std::size_t> printable_length(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count) {
        const auto c = first_code_point(text);
        if (!c || !is_printable(c->value)) return std::nullopt;
        text.remove_prefix(c->size);
    }
    return count;
}

std::string quote(std::string_view text) {
    constexpr std::size_t max_bytes = 80;
    return '"' + escaped(text, max_bytes, "\"\\") + '"';
}

std::string show(const std::filesystem::path& path) {
    return escaped(path.native(), path.native().size(), "");
}

std::string shell_word(const std::filesystem::path& path) {
    std::string text = show(path);
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";
    if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
    std::string quoted = "'";
    for (const char c : text)
        c == '\'' ? quoted.append("'\\''") : quoted.append(1, c);
    return quoted + '\'';
}

std::string error_text(int error) {
    return std::generic_category().message(error);
}

} // namespace patchbay::registry
