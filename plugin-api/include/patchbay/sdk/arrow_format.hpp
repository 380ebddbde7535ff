// SPDX-License-Identifier: Apache-2.0
// What an Arrow format string says about the memory behind an array.
//
// Source: https://arrow.apache.org/docs/format/CDataInterface.html, "Data type description".
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace patchbay::sdk {

// How an array's values are laid out.
enum class Layout : std::uint8_t {
    null,           // no buffers
    boolean,        // validity, one bit a value
    fixed,          // validity, `width` bytes a value
    variable,       // validity, 32-bit offsets, bytes
    variable_large, // validity, 64-bit offsets, bytes
    list,           // validity, 32-bit offsets; one child
    list_large,     // validity, 64-bit offsets; one child
    fixed_list,     // validity; one child with `width` values each
    structure,      // validity; any number of children
};

// What the values mean.
enum class TypeClass : std::uint8_t {
    null,
    boolean,
    signed_integer,
    unsigned_integer,
    floating_point, // width 2, 4 or 8
    decimal,
    text,
    binary,
    date, // width 4: days; 8: milliseconds
    time,
    timestamp,
    duration,
    interval_months,
    interval_day_time,
    interval_month_day_nano,
    list,
    map,
    structure,
};

enum class TimeUnit : std::uint8_t { second, milli, micro, nano };

struct ArrowFormat {
    TypeClass type = TypeClass::null;
    Layout layout = Layout::null;
    std::uint32_t width = 0;          // bytes a value; values a list for fixed_list
    TimeUnit unit = TimeUnit::second; // of time, timestamp, duration
    std::int32_t precision = 0;       // of decimal
    std::int32_t scale = 0;           // of decimal
    std::string_view timezone = {};   // of timestamp; borrowed from the format string

    // Buffers of the array itself, validity included.
    [[nodiscard]] std::int64_t buffer_count() const {
        switch (layout) {
        case Layout::null:
            return 0;
        case Layout::structure:
        case Layout::fixed_list:
            return 1;
        case Layout::variable:
        case Layout::variable_large:
            return 3;
        default:
            return 2;
        }
    }

    // Bytes of one offset, or 0 where the layout has none.
    [[nodiscard]] std::size_t offset_width() const {
        switch (layout) {
        case Layout::variable:
        case Layout::list:
            return 4;
        case Layout::variable_large:
        case Layout::list_large:
            return 8;
        default:
            return 0;
        }
    }
};

namespace detail {

[[nodiscard]] inline bool read_number(std::string_view text, std::int32_t& out) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    return error == std::errc{} && stop == end;
}

[[nodiscard]] inline std::optional<TimeUnit> time_unit(char c) {
    switch (c) {
    case 's':
        return TimeUnit::second;
    case 'm':
        return TimeUnit::milli;
    case 'u':
        return TimeUnit::micro;
    case 'n':
        return TimeUnit::nano;
    default:
        return std::nullopt;
    }
}

// Formats that begin with 't'.
[[nodiscard]] inline std::optional<ArrowFormat> read_temporal_format(std::string_view format) {
    using enum TypeClass;
    if (format == "tdD") return ArrowFormat{date, Layout::fixed, 4};
    if (format == "tdm") return ArrowFormat{date, Layout::fixed, 8, TimeUnit::milli};
    if (format == "tiM") return ArrowFormat{interval_months, Layout::fixed, 4};
    if (format == "tiD") return ArrowFormat{interval_day_time, Layout::fixed, 8};
    if (format == "tin") return ArrowFormat{interval_month_day_nano, Layout::fixed, 16};
    if (format.size() < 3) return std::nullopt;
    const auto unit = time_unit(format[2]);
    if (!unit) return std::nullopt;
    if (format[1] == 't' && format.size() == 3) {
        const bool narrow = *unit == TimeUnit::second || *unit == TimeUnit::milli;
        return ArrowFormat{time, Layout::fixed, narrow ? 4U : 8U, *unit};
    }
    if (format[1] == 'D' && format.size() == 3) {
        return ArrowFormat{duration, Layout::fixed, 8, *unit};
    }
    if (format[1] == 's' && format.size() >= 4 && format[3] == ':') {
        ArrowFormat result{timestamp, Layout::fixed, 8, *unit};
        result.timezone = format.substr(4);
        return result;
    }
    return std::nullopt;
}

// "d:precision,scale" and "d:precision,scale,bits".
[[nodiscard]] inline std::optional<ArrowFormat> read_decimal_format(std::string_view format) {
    const auto first = format.find(',');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = format.find(',', first + 1);
    ArrowFormat result{TypeClass::decimal, Layout::fixed, 16};
    if (!read_number(format.substr(2, first - 2), result.precision)) return std::nullopt;
    const bool has_bits = second != std::string_view::npos;
    const auto scale = format.substr(first + 1, has_bits ? second - first - 1 : second);
    if (!read_number(scale, result.scale)) return std::nullopt;
    if (has_bits) {
        std::int32_t bits = 0;
        if (!read_number(format.substr(second + 1), bits)) return std::nullopt;
        if (bits != 32 && bits != 64 && bits != 128 && bits != 256) return std::nullopt;
        result.width = static_cast<std::uint32_t>(bits / 8);
    }
    return result;
}

// Formats that begin with '+'.
[[nodiscard]] inline std::optional<ArrowFormat> read_nested_format(std::string_view format) {
    if (format == "+s") return ArrowFormat{TypeClass::structure, Layout::structure};
    if (format == "+l") return ArrowFormat{TypeClass::list, Layout::list};
    if (format == "+L") return ArrowFormat{TypeClass::list, Layout::list_large};
    if (format == "+m") return ArrowFormat{TypeClass::map, Layout::list};
    if (format.starts_with("+w:")) {
        std::int32_t count = 0;
        if (!read_number(format.substr(3), count) || count < 0) return std::nullopt;
        return ArrowFormat{TypeClass::list, Layout::fixed_list, static_cast<std::uint32_t>(count)};
    }
    return std::nullopt;
}

} // namespace detail

// Reads a format string; nothing where it is malformed or of a layout that Patchbay does not carry
// (unions, views, run-end encoding, dictionaries).
[[nodiscard]] inline std::optional<ArrowFormat> read_arrow_format(std::string_view format) {
    using enum TypeClass;
    if (format.size() == 1) {
        switch (format[0]) {
        case 'n':
            return ArrowFormat{null, Layout::null};
        case 'b':
            return ArrowFormat{boolean, Layout::boolean};
        case 'c':
            return ArrowFormat{signed_integer, Layout::fixed, 1};
        case 'C':
            return ArrowFormat{unsigned_integer, Layout::fixed, 1};
        case 's':
            return ArrowFormat{signed_integer, Layout::fixed, 2};
        case 'S':
            return ArrowFormat{unsigned_integer, Layout::fixed, 2};
        case 'i':
            return ArrowFormat{signed_integer, Layout::fixed, 4};
        case 'I':
            return ArrowFormat{unsigned_integer, Layout::fixed, 4};
        case 'l':
            return ArrowFormat{signed_integer, Layout::fixed, 8};
        case 'L':
            return ArrowFormat{unsigned_integer, Layout::fixed, 8};
        case 'e':
            return ArrowFormat{floating_point, Layout::fixed, 2};
        case 'f':
            return ArrowFormat{floating_point, Layout::fixed, 4};
        case 'g':
            return ArrowFormat{floating_point, Layout::fixed, 8};
        case 'u':
            return ArrowFormat{text, Layout::variable};
        case 'U':
            return ArrowFormat{text, Layout::variable_large};
        case 'z':
            return ArrowFormat{binary, Layout::variable};
        case 'Z':
            return ArrowFormat{binary, Layout::variable_large};
        default:
            return std::nullopt;
        }
    }
    if (format.starts_with("w:")) {
        std::int32_t width = 0;
        if (!detail::read_number(format.substr(2), width) || width < 0) return std::nullopt;
        return ArrowFormat{binary, Layout::fixed, static_cast<std::uint32_t>(width)};
    }
    if (format.starts_with("d:")) return detail::read_decimal_format(format);
    if (format.starts_with('t')) return detail::read_temporal_format(format);
    if (format.starts_with('+')) return detail::read_nested_format(format);
    return std::nullopt;
}

} // namespace patchbay::sdk
