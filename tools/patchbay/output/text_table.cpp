// SPDX-License-Identifier: Apache-2.0
// Tables for people: columns side by side, each as wide as what stands in it.

#include "output/text_table.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace patchbay::command {

void append_placed(std::string& line, const Printable& cell, const Placed& placed,
                   const Terminal& terminal) {
    const auto blanks =
        placed.column_count > cell.column_count ? placed.column_count - cell.column_count : 0;
    if (placed.align == Align::right) line.append(blanks, ' ');
    append_look(line, cell.text, placed.look, terminal);
    if (placed.align == Align::left && !placed.last) line.append(blanks, ' ');
}

TextTable::TextTable(std::vector<Heading> headings) : headings_(std::move(headings)) {
    assert(!headings_.empty());
}

void TextTable::add_row(std::vector<Cell> cells) {
    assert(cells.size() == headings_.size());
    rows_.push_back(std::move(cells));
}

std::string TextTable::text(const Terminal& terminal) const {
    const auto last = headings_.size() - 1;
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i <= last; ++i) {
        std::size_t width = make_printable(headings_[i].text).column_count;
        for (const auto& row : rows_)
            width = std::max(width, make_printable(row[i].text).column_count);
        widths.push_back(width);
    }
    std::size_t before_last = 0;
    for (std::size_t i = 0; i < last; ++i)
        before_last += widths[i] + column_gap.size();
    // Too narrow a strip reads worse than a line that the terminal breaks.
    constexpr std::size_t min_strip = 30;
    const auto strip = std::max(
        min_strip, terminal.column_count > before_last ? terminal.column_count - before_last : 0);

    std::string lines;
    const auto append_cell = [&](std::size_t i, std::string_view text, Look look) {
        if (i > 0) lines += column_gap;
        auto cell = make_printable(text);
        const bool wrapped = i == last && cell.column_count > strip;
        if (wrapped) cell.text = wrap(cell.text, strip, std::string(before_last, ' '));
        append_placed(lines, cell,
                      {.column_count = widths[i],
                       .align = headings_[i].align,
                       .look = look,
                       .last = i == last},
                      terminal);
    };
    const auto end_line = [&lines] {
        lines.erase(lines.find_last_not_of(' ') + 1); // an empty last cell
        lines += '\n';
    };
    for (std::size_t i = 0; i <= last; ++i)
        append_cell(i, headings_[i].text, Look::heading);
    end_line();
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i <= last; ++i)
            append_cell(i, row[i].text, row[i].look);
        end_line();
    }
    return lines;
}

void FactList::add(std::string_view name, std::string value, Look look) {
    if (!value.empty()) facts_.push_back({std::string(name), std::move(value), look});
}

std::string FactList::text(const Terminal& terminal) const {
    std::size_t width = 0;
    for (const auto& fact : facts_)
        width = std::max(width, make_printable(fact.name).column_count);
    const std::string indent(width + column_gap.size(), ' ');
    std::string lines;
    for (const auto& fact : facts_) {
        append_placed(lines, make_printable(fact.name),
                      {.column_count = width, .look = Look::faint}, terminal);
        lines += column_gap;
        append_look(lines, make_printable_lines(fact.value, indent), fact.look, terminal);
        lines += '\n';
    }
    return lines;
}

} // namespace patchbay::command
