// SPDX-License-Identifier: Apache-2.0
// Rows as a table for people, in columns as wide as the first batch needs.
#pragma once

#include "output/cell.hpp"
#include "output/row_writer.hpp"
#include "output/terminal_text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace patchbay::command {

// A cell is cut after max_cell_columns columns of the terminal, with an ellipsis. One of a later
// batch that is wider than its column, but no wider than that, pushes the rest of its line aside.
class TableWriter final : public RowWriter {
  public:
    static constexpr std::size_t max_cell_columns = 64;

    TableWriter(OutputBuffer& out, const Terminal& terminal) : out_(out), terminal_(terminal) {}

    void finish() override;

  private:
    [[nodiscard]] Result<void> write_head() override;
    void write_rows(std::int64_t first, std::int64_t end) override;

    [[nodiscard]] Printable cell(std::size_t column, std::int64_t row);
    void widen(std::int64_t first, std::int64_t end);
    void write_headings();

    OutputBuffer& out_;
    Terminal terminal_;
    Scratch scratch_;
    std::vector<std::size_t> widths_;
    bool has_headings_ = false;
};

} // namespace patchbay::command
