// SPDX-License-Identifier: Apache-2.0
// Reads the values of Arrow arrays.
#pragma once

#include <patchbay/abi/arrow.h>
#include <patchbay/sdk/arrow_format.hpp>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace patchbay::sdk {

// Looks at one column of a batch. Borrows the array, which must have passed for an array of that
// format (a host checks the structure of what a connector delivers; contents are trusted).
//
// Rows are counted from 0 and include the array's offset by themselves.
class ArrayView {
  public:
    ArrayView(const ArrowFormat& format, const ArrowArray& array)
        : format_(format), array_(&array) {}

    [[nodiscard]] const ArrowFormat& format() const { return format_; }
    [[nodiscard]] std::int64_t size() const { return array_->length; }

    [[nodiscard]] bool is_null(std::int64_t row) const {
        if (format_.layout == Layout::null) return true;
        const auto* const bits = static_cast<const std::byte*>(array_->buffers[0]);
        return bits != nullptr && !bit(bits, position(row));
    }

    // The value of a boolean column.
    [[nodiscard]] bool bool_at(std::int64_t row) const {
        assert(format_.layout == Layout::boolean);
        return bit(static_cast<const std::byte*>(array_->buffers[1]), position(row));
    }

    // The value of a fixed-width column; T has the column's width.
    template <class T>
    [[nodiscard]] T value_at(std::int64_t row) const {
        assert(format_.layout == Layout::fixed && sizeof(T) == format_.width);
        T value;
        std::memcpy(&value, fixed_at(row), sizeof value);
        return value;
    }

    // The value of a signed or unsigned integer, date, time, timestamp or duration column, or of
    // months, widened. An unsigned 64-bit value keeps its bits.
    [[nodiscard]] std::int64_t integer_at(std::int64_t row) const {
        const bool is_unsigned = format_.type == TypeClass::unsigned_integer;
        switch (format_.width) {
        case 1:
            return is_unsigned ? std::int64_t{value_at<std::uint8_t>(row)}
                               : std::int64_t{value_at<std::int8_t>(row)};
        case 2:
            return is_unsigned ? std::int64_t{value_at<std::uint16_t>(row)}
                               : std::int64_t{value_at<std::int16_t>(row)};
        case 4:
            return is_unsigned ? std::int64_t{value_at<std::uint32_t>(row)}
                               : std::int64_t{value_at<std::int32_t>(row)};
        default:
            return value_at<std::int64_t>(row);
        }
    }

    // The bytes of a text or binary column, or of one fixed-width value.
    [[nodiscard]] std::string_view bytes_at(std::int64_t row) const {
        if (format_.layout == Layout::fixed) return {fixed_at(row), format_.width};
        const auto [start, end] = range_at(row);
        return {static_cast<const char*>(array_->buffers[2]) + start,
                static_cast<std::size_t>(end - start)};
    }

    // The rows of the child that belong to one row of a list or map column.
    struct Range {
        std::int64_t start;
        std::int64_t end;
    };
    [[nodiscard]] Range range_at(std::int64_t row) const {
        const auto at = position(row);
        const auto* const offsets = static_cast<const char*>(
            format_.layout == Layout::fixed_list ? nullptr : array_->buffers[1]);
        switch (format_.layout) {
        case Layout::fixed_list: {
            const auto width = static_cast<std::int64_t>(format_.width);
            return {static_cast<std::int64_t>(at) * width,
                    (static_cast<std::int64_t>(at) + 1) * width};
        }
        case Layout::variable_large:
        case Layout::list_large:
            return {read<std::int64_t>(offsets, at), read<std::int64_t>(offsets, at + 1)};
        default:
            return {read<std::int32_t>(offsets, at), read<std::int32_t>(offsets, at + 1)};
        }
    }

    [[nodiscard]] const ArrowArray& array() const { return *array_; }

    // Where a row stands in the buffers and, for a struct, in the children.
    [[nodiscard]] std::size_t position(std::int64_t row) const {
        assert(row >= 0 && row < array_->length);
        return static_cast<std::size_t>(array_->offset + row);
    }

  private:
    [[nodiscard]] static bool bit(const std::byte* bits, std::size_t index) {
        return (bits[index / 8] & (std::byte{1} << (index % 8))) != std::byte{0};
    }

    template <class T>
    [[nodiscard]] static T read(const char* values, std::size_t index) {
        T value;
        std::memcpy(&value, values + index * sizeof value, sizeof value);
        return value;
    }

    [[nodiscard]] const char* fixed_at(std::int64_t row) const {
        return static_cast<const char*>(array_->buffers[1]) + position(row) * format_.width;
    }

    ArrowFormat format_;
    const ArrowArray* array_;
};

} // namespace patchbay::sdk
