// SPDX-License-Identifier: Apache-2.0
// Rows as JSON lines: one object a line, one member a column.

#include "output/json_lines_writer.hpp"

#include <fmt/format.h>

#include <utility>

namespace patchbay::command {

Result<void> JsonLinesWriter::begin(std::vector<Column> columns) {
    columns_ = std::move(columns);
    if (const auto name = find_duplicate_name(columns_)) {
        return failed(
            {.code = host::ErrorCode::invalid_request,
             .message = fmt::format("two columns are called \"{}\", and an object of JSON "
                                    "holds each name once",
                                    make_printable(*name).text),
             .hint = "give one of them another name with AS, or use --format csv"},
            Phase::working);
    }
    return {};
}

Result<void> JsonLinesWriter::write(const ArrowArray& batch) {
    view_columns(columns_, batch, values_);
    for (std::int64_t row = 0; row < batch.length && !out_.has_failed(); ++row) {
        out_.put('{');
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (i > 0) out_.put(',');
            out_.put(columns_[i].json_key);
            if (!put_json_cell(out_, columns_[i], values_[i], batch.offset + row)) {
                return text_not_utf8(columns_[i], row_count_ + 1);
            }
        }
        out_.put("}\n");
        ++row_count_;
    }
    return {};
}

} // namespace patchbay::command
