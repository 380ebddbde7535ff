// SPDX-License-Identifier: Apache-2.0
// Writes texts and bytes as JSON has them.

#include "output/json_text.hpp"

#include "output/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace patchbay::command {
namespace {

bool must_be_escaped(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// What stands for one character that must be escaped.
struct Escape {
    std::array<char, 6> bytes{};
    std::size_t size = 2;

    [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};

Escape escape_of(char c) {
    switch (c) {
    case '"':
    case '\\':
        return {{'\\', c}};
    case '\b':
        return {{'\\', 'b'}};
    case '\f':
        return {{'\\', 'f'}};
    case '\n':
        return {{'\\', 'n'}};
    case '\r':
        return {{'\\', 'r'}};
    case '\t':
        return {{'\\', 't'}};
    default: {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        return {{'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]}, 6};
    }
    }
}

// Hands the text over in pieces, escapes between them.
template <class Put>
void escape(std::string_view text, const Put& put) {
    while (!text.empty()) {
        const auto plain =
            static_cast<std::size_t>(std::ranges::find_if(text, must_be_escaped) - text.begin());
        put(text.substr(0, plain));
        if (plain == text.size()) return;
        put(escape_of(text[plain]).text());
        text.remove_prefix(plain + 1);
    }
}

} // namespace

void put_json_text(OutputBuffer& out, std::string_view text) {
    // One look at all bytes, which the compiler turns into a few vector instructions, spares most
    // texts the search for the place.
    bool escapes = false;
    for (const char c : text)
        escapes |= must_be_escaped(c);
    out.put('"');
    if (escapes) {
        escape(text, [&out](std::string_view piece) { out.put(piece); });
    } else {
        out.put(text);
    }
    out.put('"');
}

void put_base64(OutputBuffer& out, std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::size_t step = OutputBuffer::max_room / 4 * 3;
    const auto byte = [&bytes](std::size_t i) -> std::uint32_t {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
    };
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
        const auto size = std::min(step, bytes.size());
        char* at = out.room(OutputBuffer::max_room);
        for (std::size_t i = 0; i < size; i += 3) {
            const auto three = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
            *at++ = digits[three >> 18U];
            *at++ = digits[three >> 12U & 63U];
            *at++ = i + 1 < size ? digits[three >> 6U & 63U] : '=';
            *at++ = i + 2 < size ? digits[three & 63U] : '=';
        }
        out.advance(at);
    }
}

std::string json_text(std::string_view text) {
    std::string replaced;
    while (!text.empty()) {
        const auto size = read_code_point(text).size_bytes;
        replaced += size == 0 ? "\xEF\xBF\xBD" : text.substr(0, size); // U+FFFD
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    std::string result = "\"";
    escape(replaced, [&result](std::string_view piece) { result += piece; });
    result += '"';
    return result;
}

} // namespace patchbay::command
