// SPDX-License-Identifier: Apache-2.0
// Rows as CSV: RFC 4180, but lines end in "\n"; UTF-8; a line of names first.
#pragma once

#include "output/cell.hpp"
#include "output/row_writer.hpp"

#include <patchbay/sdk/array_view.hpp>

namespace patchbay::command {

class CsvWriter final : public RowWriter {
  public:
    explicit CsvWriter(OutputBuffer& out) : out_(out) {}

    [[nodiscard]] Result<void> begin(std::vector<Column> columns) override;
    [[nodiscard]] Result<void> write(const ArrowArray& batch) override;
    [[nodiscard]] Result<void> finish() override { return {}; }

  private:
    OutputBuffer& out_;
    Scratch scratch_;
    std::vector<Column> columns_;
    std::vector<sdk::ArrayView> values_; // of the batch that is written
    std::uint64_t row_count_ = 0;
};

} // namespace patchbay::command
