// SPDX-License-Identifier: Apache-2.0
// Texts of the contract as C++ knows them.
#pragma once

#include <patchbay/abi/text.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::sdk {

// Lends a text; the view lives as long as what was lent.
[[nodiscard]] inline patchbay_text to_text(std::string_view view) {
    return {view.data(), view.size()};
}

// Borrows a text; an empty one may have no address.
[[nodiscard]] inline std::string_view to_view(patchbay_text text) {
    return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

// Without a way out of the loop, so that a compiler looks at many bytes at once.
[[nodiscard]] inline bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text)
        all |= static_cast<unsigned char>(c);
    return all < 0x80U;
}

// Whether a byte stands inside a character of UTF-8, behind its first byte.
[[nodiscard]] inline bool is_utf8_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Counts the bytes at the front of a text that are valid UTF-8 (RFC 3629: no surrogates, nothing
// overlong, nothing beyond U+10FFFF). Equal to its size where all of it is.
[[nodiscard]] inline std::size_t valid_utf8_prefix(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i) {
        return i < text.size() && is_utf8_continuation(text[i]);
    };
    std::size_t i = 0;
    while (i < text.size()) {
        const unsigned char lead = byte(i);
        if (lead < 0x80U) {
            // Most text is ASCII: look at eight bytes at once.
            while (i + 8 <= text.size()) {
                std::uint64_t word = 0;
                __builtin_memcpy(&word, text.data() + i, 8);
                if ((word & 0x8080808080808080ULL) != 0) break;
                i += 8;
            }
            while (i < text.size() && byte(i) < 0x80U)
                ++i;
        } else if (lead >= 0xC2U && lead <= 0xDFU && continues(i + 1)) {
            i += 2;
        } else if (lead >= 0xE0U && lead <= 0xEFU && continues(i + 1) && continues(i + 2) &&
                   (lead != 0xE0U || byte(i + 1) >= 0xA0U) &&
                   (lead != 0xEDU || byte(i + 1) <= 0x9FU)) {
            i += 3;
        } else if (lead >= 0xF0U && lead <= 0xF4U && continues(i + 1) && continues(i + 2) &&
                   continues(i + 3) && (lead != 0xF0U || byte(i + 1) >= 0x90U) &&
                   (lead != 0xF4U || byte(i + 1) <= 0x8FU)) {
            i += 4;
        } else {
            return i;
        }
    }
    return i;
}

[[nodiscard]] inline bool is_utf8(std::string_view text) {
    return valid_utf8_prefix(text) == text.size();
}

// Makes a text of the contract out of bytes of any origin: what is not UTF-8, and each NUL, becomes
// U+FFFD.
[[nodiscard]] inline std::string to_utf8(std::string_view bytes) {
    constexpr std::string_view replacement = "\xEF\xBF\xBD";
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t good = std::min(valid_utf8_prefix(bytes), bytes.find('\0'));
        text += bytes.substr(0, good);
        if (good == bytes.size()) break;
        text += replacement;
        bytes.remove_prefix(good + 1);
    }
    return text;
}

} // namespace patchbay::sdk
