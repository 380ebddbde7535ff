// SPDX-License-Identifier: Apache-2.0
// Reads UTF-8 code point by code point, and knows how wide each is on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace patchbay::command {

struct CodePoint {
    char32_t value = 0;
    std::size_t size_bytes = 0; // 0 = what stands there is not UTF-8
};

// Reads the first code point of a text that is not empty (RFC 3629: no surrogates, nothing longer
// than it must be).
[[nodiscard]] CodePoint read_code_point(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

// Whether it can stand in a line of text: no control character, no separator of lines, nothing that
// turns the direction of writing or hides what it says.
[[nodiscard]] bool is_printable(char32_t code_point);

// Columns of a terminal: 0 for what combines with the character before it, 2 for wide ones (Han,
// Hangul, kana, emoji), else 1. A table of blocks, not of the whole standard: a rare script may be
// off by a column.
[[nodiscard]] int column_count(char32_t code_point);

} // namespace patchbay::command
