// SPDX-License-Identifier: Apache-2.0
// Rows as a table for people, in columns as wide as the first batch needs.
#pragma once

#include "output/cell.hpp"
#include "output/row_writer.hpp"
#include "output/terminal_text.hpp"

#include <patchbay/sdk/array_view.hpp>

#include <cstddef>
#include <string>

namespace patchbay::command {

// A cell is cut after max_cell_columns columns of the terminal, with an ellipsis. One of a later
// batch that is wider than its column, but no wider than that, pushes the rest of its line aside.
class TableWriter final : public RowWriter {
  public:
    static constexpr std::size_t max_cell_columns = 64;

    TableWriter(OutputBuffer& out, const Terminal& terminal) : out_(out), terminal_(terminal) {}

    [[nodiscard]] Result<void> begin(std::vector<Column> columns) override;
    [[nodiscard]] Result<void> write(const ArrowArray& batch) override;
    [[nodiscard]] Result<void> finish() override;

  private:
    [[nodiscard]] Printable cell(std::size_t column, std::int64_t row);
    void widen(const ArrowArray& batch);
    void write_headings();

    OutputBuffer& out_;
    Terminal terminal_;
    Scratch scratch_;
    std::vector<Column> columns_;
    std::vector<std::size_t> widths_;
    std::vector<sdk::ArrayView> values_; // of the batch that is written
    bool has_headings_ = false;
};

} // namespace patchbay::command
