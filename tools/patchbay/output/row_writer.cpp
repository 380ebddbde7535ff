// SPDX-License-Identifier: Apache-2.0
// Writes a stream of rows, batch by batch, in one of the formats of the command.

#include "output/row_writer.hpp"

#include "output/csv_writer.hpp"
#include "output/json_lines_writer.hpp"
#include "output/table_writer.hpp"

#include <fmt/format.h>

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

std::unexpected<Failure> text_not_utf8(const Column& column, std::uint64_t row) {
    return failed({.code = host::ErrorCode::bad_data,
                   .message = fmt::format("row {}, column \"{}\": the text is not UTF-8", row,
                                          make_printable(column.name).text),
                   .hint = "read the column as bytes, or convert it in the query"},
                  Phase::working);
}

} // namespace patchbay::command
