// SPDX-License-Identifier: Apache-2.0
// Rows as JSON lines: one object a line, one member a column.
#pragma once

#include "output/cell.hpp"
#include "output/row_writer.hpp"

#include <patchbay/sdk/array_view.hpp>

namespace patchbay::command {

class JsonLinesWriter final : public RowWriter {
  public:
    explicit JsonLinesWriter(OutputBuffer& out) : out_(out) {}

    // Errors: invalid_request where two columns have one name, since most readers of JSON drop one
    //         of two equal members.
    [[nodiscard]] Result<void> begin(std::vector<Column> columns) override;
    [[nodiscard]] Result<void> write(const ArrowArray& batch) override;
    [[nodiscard]] Result<void> finish() override { return {}; }

  private:
    OutputBuffer& out_;
    std::vector<Column> columns_;
    std::vector<sdk::ArrayView> values_; // of the batch that is written
    std::uint64_t row_count_ = 0;
};

} // namespace patchbay::command
