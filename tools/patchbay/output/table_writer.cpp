// SPDX-License-Identifier: Apache-2.0
// Rows as a table for people, in columns as wide as the first batch needs.

#include "output/table_writer.hpp"

#include "output/text_table.hpp"

#include <algorithm>

namespace patchbay::command {
namespace {

using sdk::TypeClass;

// As numbers are compared: ones below ones.
Align align_of(const Column& column) {
    switch (column.format.type) {
    case TypeClass::signed_integer:
    case TypeClass::unsigned_integer:
    case TypeClass::floating_point:
    case TypeClass::decimal:
        return Align::right;
    default:
        return Align::left;
    }
}

} // namespace

Result<void> TableWriter::write_head() {
    for (const auto& column : columns())
        widths_.push_back(make_printable(column.name, max_cell_columns).column_count);
    return {};
}

Printable TableWriter::cell(std::size_t column, std::int64_t row) {
    const auto& view = values()[column];
    if (view.is_null(row)) return {.text = "NULL", .column_count = 4};
    scratch_.text.clear();
    put_plain_cell(scratch_.buffer, columns()[column], view, row);
    // A write to memory does not fail.
    [[maybe_unused]] const auto written = scratch_.buffer.flush();
    return make_printable(scratch_.text.text(), max_cell_columns);
}

void TableWriter::widen(std::int64_t first, std::int64_t end) {
    for (std::size_t i = 0; i < columns().size(); ++i) {
        for (std::int64_t row = first; row < end; ++row)
            widths_[i] = std::max(widths_[i], cell(i, row).column_count);
    }
}

void TableWriter::write_headings() {
    has_headings_ = true;
    if (columns().empty()) return;
    std::string headings;
    std::string rules;
    for (std::size_t i = 0; i < columns().size(); ++i) {
        const bool last = i + 1 == columns().size();
        append_placed(headings, make_printable(columns()[i].name, max_cell_columns),
                      {.column_count = widths_[i],
                       .align = align_of(columns()[i]),
                       .look = Look::heading,
                       .last = last},
                      terminal_);
        rules.append(widths_[i], '-');
        headings += last ? "\n" : column_gap;
        rules += last ? "\n" : column_gap;
    }
    out_.put(headings);
    out_.put(rules);
}

void TableWriter::write_rows(std::int64_t first, std::int64_t end) {
    if (first == end) return;
    if (!has_headings_) {
        widen(first, end);
        write_headings();
    }
    if (columns().empty()) return;
    std::string line;
    for (std::int64_t row = first; row < end && !out_.has_failed(); ++row) {
        line.clear();
        for (std::size_t i = 0; i < columns().size(); ++i) {
            const bool last = i + 1 == columns().size();
            append_placed(line, cell(i, row),
                          {.column_count = widths_[i],
                           .align = align_of(columns()[i]),
                           .look = values()[i].is_null(row) ? Look::faint : Look::plain,
                           .last = last},
                          terminal_);
            line += last ? "\n" : column_gap;
        }
        out_.put(line);
    }
}

void TableWriter::finish() {
    if (!has_headings_) write_headings();
}

} // namespace patchbay::command
