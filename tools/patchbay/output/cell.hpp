// SPDX-License-Identifier: Apache-2.0
// Writes single values of Arrow columns, as CSV and as JSON have them.
#pragma once

#include "output/column.hpp"
#include "output/output_buffer.hpp"

#include <patchbay/abi/arrow.h>
#include <patchbay/sdk/array_view.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace patchbay::command {

// Text that is put together in memory first, again and again in the same one.
struct Scratch {
    TextSink text;
    OutputBuffer buffer{text};
};

// Looks at each column of a batch. Borrows the batch; `views` is filled anew. Rows of a view are
// those of the batch, its offset added.
void view_columns(const std::vector<Column>& columns, const ArrowArray& batch,
                  std::vector<sdk::ArrayView>& views);

// Each function writes one value, the row counted without the offset of its array, and answers
// false where it is a text that is not UTF-8.

// Null is nothing, empty text is "". What is nested is JSON, bytes are base64.
[[nodiscard]] bool put_csv_cell(OutputBuffer& out, Scratch& scratch, const Column& column,
                                const sdk::ArrayView& values, std::int64_t row);

// Numbers are numbers where each reader of JSON gets the same value: integers beyond 2^53 and
// decimals are texts of digits; times are texts, bytes base64, a map a list of its pairs.
[[nodiscard]] bool put_json_cell(OutputBuffer& out, const Column& column,
                                 const sdk::ArrayView& values, std::int64_t row);

// For people: as CSV, unquoted; null is nothing. Long text may be cut, and need not be UTF-8.
void put_plain_cell(OutputBuffer& out, const Column& column, const sdk::ArrayView& values,
                    std::int64_t row);

// Quotes a text where CSV (RFC 4180) needs it.
void put_csv_text(OutputBuffer& out, std::string_view text);

} // namespace patchbay::command
