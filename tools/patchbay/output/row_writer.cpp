// SPDX-License-Identifier: Apache-2.0
// Writes a stream of rows, batch by batch, in one of the formats of the command.

#include "output/row_writer.hpp"

#include "output/cell.hpp"
#include "output/csv_writer.hpp"
#include "output/json_lines_writer.hpp"
#include "output/table_writer.hpp"

#include <fmt/format.h>

#include <utility>

namespace patchbay::command {

std::optional<RowFormat> read_row_format(std::string_view text) {
    if (text == "table") return RowFormat::table;
    if (text == "csv") return RowFormat::csv;
    if (text == "jsonl") return RowFormat::jsonl;
    return std::nullopt;
}

std::unique_ptr<RowWriter> make_row_writer(RowFormat format, OutputBuffer& out,
                                           const Terminal& terminal) {
    switch (format) {
    case RowFormat::table:
        return std::make_unique<TableWriter>(out, terminal);
    case RowFormat::csv:
        return std::make_unique<CsvWriter>(out);
    case RowFormat::jsonl:
        break;
    }
    return std::make_unique<JsonLinesWriter>(out);
}

Result<void> RowWriter::begin(std::vector<Column> columns) {
    columns_ = std::move(columns);
    return write_head();
}

Result<void> RowWriter::write(const ArrowArray& batch) {
    view_columns(columns_, batch, values_);
    // Before anything is written: half a row would look like a whole one to whoever reads on.
    const auto bad = find_bad_text(columns_, values_, batch);
    write_rows(batch.offset, batch.offset + (bad ? bad->row : batch.length));
    if (bad) {
        const auto row = row_count_ + static_cast<std::uint64_t>(bad->row) + 1;
        return failed({.code = host::ErrorCode::bad_data,
                       .message = fmt::format("row {}, column \"{}\": the text is not UTF-8", row,
                                              make_printable(columns_[bad->column].name).text),
                       .hint = "read the column as bytes, or convert it in the query"},
                      Phase::working);
    }
    row_count_ += static_cast<std::uint64_t>(batch.length);
    return {};
}

} // namespace patchbay::command
