// SPDX-License-Identifier: Apache-2.0
// Rows as CSV: RFC 4180, but lines end in "\n"; UTF-8; a line of names first.

#include "output/csv_writer.hpp"

#include <utility>

namespace patchbay::command {

Result<void> CsvWriter::begin(std::vector<Column> columns) {
    columns_ = std::move(columns);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) out_.put(',');
        put_csv_text(out_, columns_[i].name);
    }
    if (!columns_.empty()) out_.put('\n');
    return {};
}

Result<void> CsvWriter::write(const ArrowArray& batch) {
    if (columns_.empty()) return {}; // rows of nothing
    view_columns(columns_, batch, values_);
    for (std::int64_t row = 0; row < batch.length && !out_.has_failed(); ++row) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (i > 0) out_.put(',');
            const bool is_text =
                put_csv_cell(out_, scratch_, columns_[i], values_[i], batch.offset + row);
            if (!is_text) return text_not_utf8(columns_[i], row_count_ + 1);
        }
        out_.put('\n');
        ++row_count_;
    }
    return {};
}

} // namespace patchbay::command
