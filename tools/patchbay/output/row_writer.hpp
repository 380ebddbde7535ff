// SPDX-License-Identifier: Apache-2.0
// Writes a stream of rows, batch by batch, in one of the formats of the command.
#pragma once

#include "failure.hpp"
#include "output/column.hpp"
#include "output/output_buffer.hpp"
#include "output/terminal_text.hpp"

#include <patchbay/abi/arrow.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace patchbay::command {

enum class RowFormat {
    table,
    csv,
    jsonl,
};

// "table", "csv" and "jsonl".
[[nodiscard]] std::optional<RowFormat> read_row_format(std::string_view text);

// begin, then write for each batch, then finish; nothing after the first error.
class RowWriter {
  public:
    RowWriter() = default;
    RowWriter(const RowWriter&) = delete;
    RowWriter(RowWriter&&) = delete;
    RowWriter& operator=(const RowWriter&) = delete;
    RowWriter& operator=(RowWriter&&) = delete;
    virtual ~RowWriter() = default;

    // Takes the columns, and writes what stands above the rows.
    [[nodiscard]] virtual Result<void> begin(std::vector<Column> columns) = 0;

    // Writes the rows of a batch, which is borrowed until it returns. What is written may still be
    // in the buffer.
    [[nodiscard]] virtual Result<void> write(const ArrowArray& batch) = 0;

    // Writes what is left, but flushes no buffer.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

// The buffer must outlive the writer. The terminal is what the rows go to, for colours.
[[nodiscard]] std::unique_ptr<RowWriter> make_row_writer(RowFormat format, OutputBuffer& out,
                                                         const Terminal& terminal);

// bad_data: the text that row (from 1) has in a column is not UTF-8.
[[nodiscard]] std::unexpected<Failure> text_not_utf8(const Column& column, std::uint64_t row);

} // namespace patchbay::command
