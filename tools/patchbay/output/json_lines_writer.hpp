// SPDX-License-Identifier: Apache-2.0
// Rows as JSON lines: one object a line, one member a column.
#pragma once

#include "output/row_writer.hpp"

#include <cstdint>

namespace patchbay::command {

class JsonLinesWriter final : public RowWriter {
  public:
    explicit JsonLinesWriter(OutputBuffer& out) : out_(out) {}

    void finish() override {}

  private:
    // Errors: invalid_request where two columns have one name, since most readers of JSON drop one
    //         of two equal members.
    [[nodiscard]] Result<void> write_head() override;
    void write_rows(std::int64_t first, std::int64_t end) override;

    OutputBuffer& out_;
};

} // namespace patchbay::command
