// SPDX-License-Identifier: Apache-2.0
// Rows as CSV: RFC 4180, but lines end in "\n"; UTF-8; a line of names first.

#include "output/csv_writer.hpp"

#include <cstddef>

namespace patchbay::command {

Result<void> CsvWriter::write_head() {
    for (std::size_t i = 0; i < columns().size(); ++i) {
        if (i > 0) out_.put(',');
        put_csv_text(out_, columns()[i].name);
    }
    if (!columns().empty()) out_.put('\n');
    return {};
}

void CsvWriter::write_rows(std::int64_t first, std::int64_t end) {
    if (columns().empty()) return; // rows of nothing
    for (std::int64_t row = first; row < end && !out_.has_failed(); ++row) {
        for (std::size_t i = 0; i < columns().size(); ++i) {
            if (i > 0) out_.put(',');
            put_csv_cell(out_, scratch_, columns()[i], values()[i], row);
        }
        out_.put('\n');
    }
}

} // namespace patchbay::command
