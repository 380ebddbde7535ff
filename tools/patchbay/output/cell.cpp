// SPDX-License-Identifier: Apache-2.0
// Writes single values of Arrow columns, as CSV and as JSON have them.

#include "output/cell.hpp"

#include "output/json_text.hpp"
#include "output/number_text.hpp"
#include "output/time_text.hpp"
#include "output/utf8.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace patchbay::command {
namespace {

using sdk::ArrayView;
using sdk::TypeClass;

constexpr std::size_t scalar_room = std::max(number_room, time_room);

// The first member of what Arrow packs into one value, and those behind it.
template <class T>
T part_of(std::string_view value, std::size_t at) {
    T part;
    std::memcpy(&part, value.data() + at, sizeof part);
    return part;
}

char* put_floating_point(char* at, const ArrayView& values, std::int64_t row) {
    switch (values.format().width) {
    case 2:
        return put_half(at, values.value_at<std::uint16_t>(row));
    case 4:
        return put_float(at, values.value_at<float>(row));
    default:
        return put_double(at, values.value_at<double>(row));
    }
}

char* put_date_value(char* at, const ArrayView& values, std::int64_t row) {
    if (values.format().width == 4) return put_date(at, values.value_at<std::int32_t>(row));
    // Milliseconds; what is not a whole day is not a date, and is shown all the same.
    constexpr std::int64_t day_ms = 86'400'000;
    const auto value = values.value_at<std::int64_t>(row);
    if (value % day_ms == 0) return put_date(at, value / day_ms);
    return put_timestamp(at, value, sdk::TimeUnit::milli, false);
}

// Everything that is neither text, bytes nor nested.
char* put_scalar(char* at, const Column& column, const ArrayView& values, std::int64_t row) {
    const auto& format = column.format;
    switch (format.type) {
    case TypeClass::boolean: {
        const std::string_view text = values.bool_at(row) ? "true" : "false";
        return at + text.copy(at, text.size());
    }
    case TypeClass::signed_integer:
        return put_integer(at, values.integer_at(row));
    case TypeClass::unsigned_integer:
        return put_unsigned(at, static_cast<std::uint64_t>(values.integer_at(row)));
    case TypeClass::floating_point:
        return put_floating_point(at, values, row);
    case TypeClass::decimal:
        return put_decimal(at, values.bytes_at(row), format.scale);
    case TypeClass::date:
        return put_date_value(at, values, row);
    case TypeClass::time:
        return put_time_of_day(at, values.integer_at(row), format.unit);
    case TypeClass::timestamp:
        return put_timestamp(at, values.integer_at(row), format.unit, column.is_instant);
    case TypeClass::duration:
        return put_duration(at, values.integer_at(row), format.unit);
    case TypeClass::interval_months:
        return put_months(at, values.value_at<std::int32_t>(row));
    case TypeClass::interval_day_time: {
        const auto value = values.bytes_at(row);
        return put_days_and_milliseconds(at, part_of<std::int32_t>(value, 0),
                                         part_of<std::int32_t>(value, 4));
    }
    case TypeClass::interval_month_day_nano: {
        const auto value = values.bytes_at(row);
        return put_months_days_and_nanoseconds(at, part_of<std::int32_t>(value, 0),
                                               part_of<std::int32_t>(value, 4),
                                               part_of<std::int64_t>(value, 8));
    }
    default:
        return at;
    }
}

bool is_nested(TypeClass type) {
    return type == TypeClass::list || type == TypeClass::map || type == TypeClass::structure;
}

// Whether a value is a number in JSON that every reader takes for the same.
bool is_json_number(const ArrayView& values, std::int64_t row) {
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    switch (values.format().type) {
    case TypeClass::signed_integer: {
        const auto value = values.integer_at(row);
        return value >= -exact && value <= exact;
    }
    case TypeClass::unsigned_integer:
        return static_cast<std::uint64_t>(values.integer_at(row)) <=
               static_cast<std::uint64_t>(exact);
    case TypeClass::floating_point:
        switch (values.format().width) {
        case 2:
            return std::isfinite(half_value(values.value_at<std::uint16_t>(row)));
        case 4:
            return std::isfinite(values.value_at<float>(row));
        default:
            return std::isfinite(values.value_at<double>(row));
        }
    default:
        return false;
    }
}

void put_json_list(OutputBuffer& out, const Column& column, const ArrayView& values,
                   std::int64_t row) {
    const auto& item = column.children.front();
    const ArrayView items(item.format, *values.array().children[0]);
    const auto [start, end] = values.range_at(row);
    out.put('[');
    for (auto i = start; i < end; ++i) {
        if (i > start) out.put(',');
        put_json_cell(out, item, items, i);
    }
    out.put(']');
}

void put_json_struct(OutputBuffer& out, const Column& column, const ArrayView& values,
                     std::int64_t row) {
    const auto member_row = static_cast<std::int64_t>(values.position(row));
    out.put('{');
    for (std::size_t i = 0; i < column.children.size(); ++i) {
        const auto& member = column.children[i];
        if (i > 0) out.put(',');
        out.put(member.json_key);
        const ArrayView member_values(member.format, *values.array().children[i]);
        put_json_cell(out, member, member_values, member_row);
    }
    out.put('}');
}

bool holds_text(const Column& column) {
    return column.format.type == TypeClass::text ||
           std::ranges::any_of(column.children, holds_text);
}

// Recursion is as deep as the types of a column, which read_columns bounds.
bool has_bad_text(const Column& column, const ArrayView& values, std::int64_t row) {
    if (values.is_null(row)) return false;
    if (column.format.type == TypeClass::text) return !is_utf8(values.bytes_at(row));
    if (column.format.type == TypeClass::structure) {
        const auto member_row = static_cast<std::int64_t>(values.position(row));
        for (std::size_t i = 0; i < column.children.size(); ++i) {
            const auto& member = column.children[i];
            const ArrayView member_values(member.format, *values.array().children[i]);
            if (has_bad_text(member, member_values, member_row)) return true;
        }
    } else if (is_nested(column.format.type)) {
        const auto& item = column.children.front();
        const ArrayView items(item.format, *values.array().children[0]);
        const auto [start, end] = values.range_at(row);
        for (auto i = start; i < end; ++i)
            if (has_bad_text(item, items, i)) return true;
    }
    return false;
}

} // namespace

std::optional<BadText> find_bad_text(const std::vector<Column>& columns,
                                     const std::vector<ArrayView>& views, const ArrowArray& batch) {
    std::optional<BadText> first;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!holds_text(columns[i])) continue;
        const auto end = first ? first->row : batch.length;
        for (std::int64_t row = 0; row < end; ++row) {
            if (!has_bad_text(columns[i], views[i], batch.offset + row)) continue;
            first = BadText{row, i};
            break;
        }
    }
    return first;
}

void view_columns(const std::vector<Column>& columns, const ArrowArray& batch,
                  std::vector<ArrayView>& views) {
    assert(batch.n_children == static_cast<std::int64_t>(columns.size()));
    views.clear();
    for (std::size_t i = 0; i < columns.size(); ++i)
        views.emplace_back(columns[i].format, *batch.children[i]);
}

void put_json_cell(OutputBuffer& out, const Column& column, const ArrayView& values,
                   std::int64_t row) {
    if (values.is_null(row)) {
        out.put("null");
        return;
    }
    switch (column.format.type) {
    case TypeClass::text:
        put_json_text(out, values.bytes_at(row));
        return;
    case TypeClass::binary:
        out.put('"');
        put_base64(out, values.bytes_at(row));
        out.put('"');
        return;
    case TypeClass::list:
    case TypeClass::map:
        put_json_list(out, column, values, row);
        return;
    case TypeClass::structure:
        put_json_struct(out, column, values, row);
        return;
    default:
        break;
    }
    const bool quoted = column.format.type != TypeClass::boolean && !is_json_number(values, row);
    char* at = out.room(scalar_room + 2);
    if (quoted) *at++ = '"';
    at = put_scalar(at, column, values, row);
    if (quoted) *at++ = '"';
    out.advance(at);
}

void put_csv_text(OutputBuffer& out, std::string_view text) {
    bool quoted = text.empty();
    for (const char c : text)
        quoted |= c == '"' || c == ',' || c == '\n' || c == '\r';
    if (!quoted) {
        out.put(text);
        return;
    }
    out.put('"');
    for (;;) {
        const auto end = text.find('"');
        if (end == std::string_view::npos) break;
        out.put(text.substr(0, end + 1));
        out.put('"');
        text.remove_prefix(end + 1);
    }
    out.put(text);
    out.put('"');
}

void put_csv_cell(OutputBuffer& out, Scratch& scratch, const Column& column,
                  const ArrayView& values, std::int64_t row) {
    if (values.is_null(row)) return;
    if (column.format.type == TypeClass::text) {
        put_csv_text(out, values.bytes_at(row));
        return;
    }
    if (column.format.type == TypeClass::binary) {
        const auto bytes = values.bytes_at(row);
        if (bytes.empty()) out.put("\"\""); // what is there is not null
        put_base64(out, bytes);
        return;
    }
    if (is_nested(column.format.type)) {
        scratch.text.clear();
        put_json_cell(scratch.buffer, column, values, row);
        // A write to memory does not fail.
        [[maybe_unused]] const auto written = scratch.buffer.flush();
        put_csv_text(out, scratch.text.text());
        return;
    }
    out.advance(put_scalar(out.room(scalar_room), column, values, row));
}

void put_plain_cell(OutputBuffer& out, const Column& column, const ArrayView& values,
                    std::int64_t row) {
    if (values.is_null(row)) return;
    switch (column.format.type) {
    case TypeClass::text: {
        constexpr std::size_t enough = 16 * 1024; // for what fits on a screen
        out.put(values.bytes_at(row).substr(0, enough));
        return;
    }
    case TypeClass::binary: {
        constexpr std::size_t enough = 12 * 1024;
        put_base64(out, values.bytes_at(row).substr(0, enough));
        return;
    }
    default:
        break;
    }
    if (is_nested(column.format.type)) {
        put_json_cell(out, column, values, row);
        return;
    }
    out.advance(put_scalar(out.room(scalar_room), column, values, row));
}

} // namespace patchbay::command
