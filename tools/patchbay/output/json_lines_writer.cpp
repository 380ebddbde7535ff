// SPDX-License-Identifier: Apache-2.0
// Rows as JSON lines: one object a line, one member a column.

#include "output/json_lines_writer.hpp"

#include "output/cell.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace patchbay::command {

Result<void> JsonLinesWriter::write_head() {
    if (const auto name = find_duplicate_name(columns())) {
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

void JsonLinesWriter::write_rows(std::int64_t first, std::int64_t end) {
    for (std::int64_t row = first; row < end && !out_.has_failed(); ++row) {
        out_.put('{');
        for (std::size_t i = 0; i < columns().size(); ++i) {
            if (i > 0) out_.put(',');
            out_.put(columns()[i].json_key);
            put_json_cell(out_, columns()[i], values()[i], row);
        }
        out_.put("}\n");
    }
}

} // namespace patchbay::command
