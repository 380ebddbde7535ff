// SPDX-License-Identifier: Apache-2.0
// Writes a stream of rows, batch by batch, in one of the formats of the command.
#pragma once

#include "failure.hpp"
#include "output/column.hpp"
#include "output/output_buffer.hpp"
#include "output/terminal_text.hpp"

#include <patchbay/abi/arrow.h>
#include <patchbay/sdk/array_view.hpp>

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

// begin, then write for each batch, then finish; no other batch after the first error.
class RowWriter {
  public:
    RowWriter() = default;
    RowWriter(const RowWriter&) = delete;
    RowWriter(RowWriter&&) = delete;
    RowWriter& operator=(const RowWriter&) = delete;
    RowWriter& operator=(RowWriter&&) = delete;
    virtual ~RowWriter() = default;

    // Takes the columns, and writes what stands above the rows.
    [[nodiscard]] Result<void> begin(std::vector<Column> columns);

    // Writes the rows of a batch, which is borrowed until it returns. What is written may still be
    // in the buffer.
    //
    // Errors: bad_data for a text that is not UTF-8, naming row and column; the rows before it are
    //         written, and nothing of its own row.
    [[nodiscard]] Result<void> write(const ArrowArray& batch);

    // Writes what is left, but flushes no buffer. May also follow an error of write.
    virtual void finish() = 0;

  protected:
    [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
    // Of the batch that is written.
    [[nodiscard]] const std::vector<sdk::ArrayView>& values() const { return values_; }

  private:
    [[nodiscard]] virtual Result<void> write_head() = 0;
    // Writes whole rows, counted as the views count them.
    virtual void write_rows(std::int64_t first, std::int64_t end) = 0;

    std::vector<Column> columns_;
    std::vector<sdk::ArrayView> values_;
    std::uint64_t row_count_ = 0; // of the batches before
};

// The buffer must outlive the writer. The terminal is what the rows go to, for colours.
[[nodiscard]] std::unique_ptr<RowWriter> make_row_writer(RowFormat format, OutputBuffer& out,
                                                         const Terminal& terminal);

} // namespace patchbay::command
