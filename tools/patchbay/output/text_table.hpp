// SPDX-License-Identifier: Apache-2.0
// Tables for people: columns side by side, each as wide as what stands in it.
#pragma once

#include "output/terminal_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::command {

enum class Align { left, right };

inline constexpr std::string_view column_gap = "  ";

// A printable text in its place in a line, filled up with blanks to its width.
struct Placed {
    std::size_t column_count; // of the terminal
    Align align = Align::left;
    Look look = Look::plain;
    bool last = false; // in its line: no blanks behind it
};
void append_placed(std::string& line, const Printable& cell, const Placed& placed,
                   const Terminal& terminal);

// A table that is put together as a whole before it is shown.
class TextTable {
  public:
    struct Heading {
        std::string text;
        Align align = Align::left;
    };
    struct Cell {
        // Not explicit: most cells are plain texts.
        Cell(std::string plain) : text(std::move(plain)) {} // NOLINT(google-explicit-constructor)
        Cell(std::string shown, Look as) : text(std::move(shown)), look(as) {}

        std::string text; // anything: it is made printable
        Look look = Look::plain;
    };

    explicit TextTable(std::vector<Heading> headings);

    // As many cells as there are headings.
    void add_row(std::vector<Cell> cells);

    [[nodiscard]] bool empty() const { return rows_.empty(); }

    // The lines, headings first. The last column is wrapped where it would go beyond the terminal.
    [[nodiscard]] std::string text(const Terminal& terminal) const;

  private:
    std::vector<Heading> headings_;
    std::vector<std::vector<Cell>> rows_;
};

// Names and values, one pair a line, values in one column; empty values are left out.
class FactList {
  public:
    void add(std::string_view name, std::string value, Look look = Look::plain);

    [[nodiscard]] std::string text(const Terminal& terminal) const;

  private:
    struct Fact {
        std::string name;
        std::string value;
        Look look;
    };
    std::vector<Fact> facts_;
};

} // namespace patchbay::command
