// SPDX-License-Identifier: Apache-2.0
// Rows as a table for people, in columns as wide as the first batch needs.

#include "output/table_writer.hpp"

#include "output/text_table.hpp"

#include <algorithm>
#include <utility>

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

Result<void> TableWriter::begin(std::vector<Column> columns) {
    columns_ = std::move(columns);
    for (const auto& column : columns_)
        widths_.push_back(make_printable(column.name, max_cell_columns).column_count);
    return {};
}

Printable TableWriter::cell(std::size_t column, std::int64_t row) {
    const auto& values = values_[column];
    if (values.is_null(row)) return {.text = "NULL", .column_count = 4};
    scratch_.text.clear();
    put_plain_cell(scratch_.buffer, columns_[column], values, row);
    // A write to memory does not fail.
    [[maybe_unused]] const auto written = scratch_.buffer.flush();
    return make_printable(scratch_.text.text(), max_cell_columns);
}

void TableWriter::widen(const ArrowArray& batch) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        for (std::int64_t row = 0; row < batch.length; ++row)
            widths_[i] = std::max(widths_[i], cell(i, batch.offset + row).column_count);
    }
}

void TableWriter::write_headings() {
    has_headings_ = true;
    if (columns_.empty()) return;
    std::string headings;
    std::string rules;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const bool last = i + 1 == columns_.size();
        append_placed(headings, make_printable(columns_[i].name, max_cell_columns),
                      {.column_count = widths_[i],
                       .align = align_of(columns_[i]),
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

Result<void> TableWriter::write(const ArrowArray& batch) {
    if (batch.length == 0) return {};
    view_columns(columns_, batch, values_);
    if (!has_headings_) {
        widen(batch);
        write_headings();
    }
    if (columns_.empty()) return {};
    std::string line;
    for (std::int64_t row = 0; row < batch.length && !out_.has_failed(); ++row) {
        line.clear();
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const bool last = i + 1 == columns_.size();
            const bool is_null = values_[i].is_null(batch.offset + row);
            append_placed(line, cell(i, batch.offset + row),
                          {.column_count = widths_[i],
                           .align = align_of(columns_[i]),
                           .look = is_null ? Look::faint : Look::plain,
                           .last = last},
                          terminal_);
            line += last ? "\n" : column_gap;
        }
        out_.put(line);
    }
    return {};
}

Result<void> TableWriter::finish() {
    if (!has_headings_) write_headings();
    return {};
}

} // namespace patchbay::command
