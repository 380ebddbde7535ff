// SPDX-License-Identifier: Apache-2.0
// Text as it may stand on a terminal: nothing a stranger wrote can steer it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::command {

// How a piece of text looks where there is colour; elsewhere all look the same.
enum class Look {
    plain,
    heading,
    faint,
    good,
    bad,
};

// What standard output or standard error leads to.
struct Terminal {
    bool is_terminal = false;
    bool has_colour = false;
    std::size_t column_count = 100; // where it is no terminal: for pages that wrap their text
};

// Looks at a descriptor. Colour needs a terminal that is not "dumb", and no NO_COLOR
// (https://no-color.org).
[[nodiscard]] Terminal find_terminal(int descriptor);

// A text on one line: what is not printable as "\n", "\x1b", "\u202e", bytes that are not UTF-8 as
// "\xff".
struct Printable {
    std::string text;
    std::size_t column_count = 0;
};
// Cut after max_columns, with an ellipsis in the last of them.
[[nodiscard]] Printable make_printable(std::string_view text, std::size_t max_columns = SIZE_MAX);

// The same, but line breaks stay, and what follows one is indented.
[[nodiscard]] std::string make_printable_lines(std::string_view text, std::string_view indent);

// Puts a text that is printable between the codes of its look.
void append_look(std::string& to, std::string_view printable, Look look, const Terminal& terminal);

// Breaks a printable text at blanks into lines of at most that many columns (longer words stay
// whole).
[[nodiscard]] std::string wrap(std::string_view printable, std::size_t columns,
                               std::string_view indent);

} // namespace patchbay::command
