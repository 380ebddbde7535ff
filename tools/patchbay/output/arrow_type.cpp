// SPDX-License-Identifier: Apache-2.0
// What Arrow calls a type.
//
// Source: https://arrow.apache.org/docs/format/CDataInterface.html; the words are those of
// Schema.fbs in the way that Arrow's own libraries print them.

#include "output/arrow_type.hpp"

#include <patchbay/sdk/arrow_format.hpp>

#include <fmt/format.h>

#include <string_view>

namespace patchbay::command {
namespace {

using sdk::ArrowFormat;
using sdk::Layout;
using sdk::TypeClass;

std::string_view unit_text(sdk::TimeUnit unit) {
    switch (unit) {
    case sdk::TimeUnit::second:
        return "s";
    case sdk::TimeUnit::milli:
        return "ms";
    case sdk::TimeUnit::micro:
        return "us";
    case sdk::TimeUnit::nano:
        return "ns";
    }
    return "s";
}

std::string_view large(const ArrowFormat& format) {
    return format.offset_width() == 8 ? "large_" : "";
}

std::string flat_text(const ArrowFormat& format) {
    switch (format.type) {
    case TypeClass::null:
        return "null";
    case TypeClass::boolean:
        return "bool";
    case TypeClass::signed_integer:
        return fmt::format("int{}", 8 * format.width);
    case TypeClass::unsigned_integer:
        return fmt::format("uint{}", 8 * format.width);
    case TypeClass::floating_point:
        return format.width == 2 ? "halffloat" : format.width == 4 ? "float" : "double";
    case TypeClass::decimal:
        return fmt::format("decimal{}({}, {})", 8 * format.width, format.precision, format.scale);
    case TypeClass::text:
        return fmt::format("{}utf8", large(format));
    case TypeClass::binary:
        if (format.layout == Layout::fixed) {
            return fmt::format("fixed_size_binary[{}]", format.width);
        }
        return fmt::format("{}binary", large(format));
    case TypeClass::date:
        return format.width == 4 ? "date32[day]" : "date64[ms]";
    case TypeClass::time:
        return fmt::format("time{}[{}]", 8 * format.width, unit_text(format.unit));
    case TypeClass::timestamp:
        return format.timezone.empty()
                   ? fmt::format("timestamp[{}]", unit_text(format.unit))
                   : fmt::format("timestamp[{}, tz={}]", unit_text(format.unit), format.timezone);
    case TypeClass::duration:
        return fmt::format("duration[{}]", unit_text(format.unit));
    case TypeClass::interval_months:
        return "month_interval";
    case TypeClass::interval_day_time:
        return "day_time_interval";
    case TypeClass::interval_month_day_nano:
        return "month_day_nano_interval";
    case TypeClass::list:
        return format.layout == Layout::fixed_list ? "fixed_size_list"
                                                   : fmt::format("{}list", large(format));
    case TypeClass::map:
        return "map";
    case TypeClass::structure:
        return "struct";
    }
    return {};
}

} // namespace

std::string arrow_type_text(const sdk::Field& field) {
    const auto format = sdk::read_arrow_format(field.format);
    if (!format) return field.format;
    auto text = flat_text(*format);
    if (field.children.empty()) return text;
    text += '<';
    for (const auto& child : field.children) {
        if (&child != &field.children.front()) text += ", ";
        text += fmt::format("{}: {}", child.name, arrow_type_text(child));
    }
    text += '>';
    if (format->layout == Layout::fixed_list) text += fmt::format("[{}]", format->width);
    return text;
}

} // namespace patchbay::command
