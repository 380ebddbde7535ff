// SPDX-License-Identifier: Apache-2.0
// Rows as CSV: RFC 4180, but lines end in "\n"; UTF-8; a line of names first.
#pragma once

#include "output/cell.hpp"
#include "output/row_writer.hpp"

#include <cstdint>

namespace patchbay::command {

class CsvWriter final : public RowWriter {
  public:
    explicit CsvWriter(OutputBuffer& out) : out_(out) {}

    void finish() override {}

  private:
    [[nodiscard]] Result<void> write_head() override;
    void write_rows(std::int64_t first, std::int64_t end) override;

    OutputBuffer& out_;
    Scratch scratch_;
};

} // namespace patchbay::command
