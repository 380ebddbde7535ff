// SPDX-License-Identifier: Apache-2.0
// Writes single values of Arrow columns, as CSV and as JSON have them.
#pragma once

#include "output/column.hpp"
#include "output/output_buffer.hpp"

#include <patchbay/abi/arrow.h>
#include <patchbay/sdk/array_view.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
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

// A text that is not UTF-8, in a cell or in what is nested in it.
struct BadText {
    std::int64_t row; // of the batch, from 0
    std::size_t column;
};

// The first row of a batch with such a text, for views of its columns.
[[nodiscard]] std::optional<BadText> find_bad_text(const std::vector<Column>& columns,
                                                   const std::vector<sdk::ArrayView>& views,
                                                   const ArrowArray& batch);

// Each function writes one value, the row counted without the offset of its array. Text must be
// UTF-8: nothing here looks again.

// Null is nothing, empty text is "". What is nested is JSON, bytes are base64.
void put_csv_cell(OutputBuffer& out, Scratch& scratch, const Column& column,
                  const sdk::ArrayView& values, std::int64_t row);

// Numbers are numbers where each reader of JSON gets the same value: integers beyond 2^53 and
// decimals are texts of digits; times are texts, bytes base64, a map a list of its pairs.
void put_json_cell(OutputBuffer& out, const Column& column, const sdk::ArrayView& values,
                   std::int64_t row);

// For people: as CSV, unquoted; null is nothing. Long text may be cut, within a character, too.
void put_plain_cell(OutputBuffer& out, const Column& column, const sdk::ArrayView& values,
                    std::int64_t row);

// Quotes a text where CSV (RFC 4180) needs it.
void put_csv_text(OutputBuffer& out, std::string_view text);

} // namespace patchbay::command
