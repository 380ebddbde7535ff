// SPDX-License-Identifier: Apache-2.0
// Looks whether a batch has the structure that its stream's schema promised.

#include "batch_check.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

namespace patchbay::host {
namespace {

using sdk::ArrowFormat;
using sdk::Layout;
using sdk::TypeClass;

// What the columnar format advises all its implementations to keep to, so that any consumer can
// index a batch: https://arrow.apache.org/docs/format/Columnar.html, "Array lengths".
constexpr std::int64_t max_rows = std::numeric_limits<std::int32_t>::max();

// The first and the last offset of an array whose offsets are there and whose length is not 0.
struct OffsetRange {
    std::int64_t first;
    std::int64_t last;
};

template <class Offset>
[[nodiscard]] OffsetRange read_offsets(const ArrowArray& array) {
    const auto* const offsets = static_cast<const char*>(array.buffers[1]);
    const auto read = [&](std::int64_t index) {
        Offset value;
        std::memcpy(&value, offsets + static_cast<std::size_t>(index) * sizeof value, sizeof value);
        return std::int64_t{value};
    };
    return {read(array.offset), read(array.offset + array.length)};
}

[[nodiscard]] OffsetRange offsets_of(const ArrowFormat& format, const ArrowArray& array) {
    return format.offset_width() == 4 ? read_offsets<std::int32_t>(array)
                                      : read_offsets<std::int64_t>(array);
}

[[nodiscard]] std::string_view type_text(const ArrowFormat& format) {
    switch (format.type) {
    case TypeClass::null:
        return "null";
    case TypeClass::boolean:
        return "boolean";
    case TypeClass::text:
        return "utf8";
    case TypeClass::binary:
        return format.layout == Layout::fixed ? "fixed-size binary" : "binary";
    case TypeClass::list:
        return format.layout == Layout::fixed_list ? "a fixed-size list" : "a list";
    case TypeClass::map:
        return "a map";
    case TypeClass::structure:
        return "a struct";
    default:
        return "a column of fixed width";
    }
}

// What is wrong with the buffers of an array, or an empty text.
[[nodiscard]] std::string_view buffer_fault(const ArrowFormat& format, const ArrowArray& array) {
    if (array.n_buffers == 0) return {};
    if (array.buffers == nullptr) return "no buffers";
    if (array.length == 0) return {};
    if (array.null_count > 0 && array.buffers[0] == nullptr) return "nulls but no validity buffer";
    if (array.n_buffers < 2) return {};
    if (format.offset_width() == 0) {
        const bool takes_no_room = format.layout == Layout::fixed && format.width == 0;
        return array.buffers[1] == nullptr && !takes_no_room ? "no buffer of values"
                                                             : std::string_view();
    }
    if (array.buffers[1] == nullptr) return "no buffer of offsets";
    const auto [first, last] = offsets_of(format, array);
    if (first < 0 || last < first) return "offsets that go backwards";
    if (array.n_buffers == 3 && last > 0 && array.buffers[2] == nullptr) {
        return "offsets and no buffer that they point into";
    }
    return {};
}

// How many rows the children of an array must have at least; its buffers have passed.
[[nodiscard]] std::int64_t rows_of_children(const ArrowFormat& format, const ArrowArray& array) {
    const auto end = array.offset + array.length;
    switch (format.layout) {
    case Layout::structure:
        return end;
    case Layout::fixed_list:
        return array.length == 0 ? 0 : end * static_cast<std::int64_t>(format.width);
    case Layout::list:
    case Layout::list_large:
        return array.length == 0 ? 0 : offsets_of(format, array).last;
    default:
        return 0;
    }
}

} // namespace

BatchCheck::BatchCheck(const sdk::Field& schema) {
    nodes_.push_back({"the batch", sdk::read_arrow_format(schema.format)});
    add_children(0, schema);
}

void BatchCheck::add_children(std::size_t node, const sdk::Field& field) {
    const auto first = nodes_.size();
    nodes_[node].first_child = first;
    nodes_[node].child_count = field.children.size();
    for (const auto& child : field.children) {
        auto path = node == 0 ? child.name : nodes_[node].path + '.' + child.name;
        nodes_.push_back({std::move(path), sdk::read_arrow_format(child.format)});
    }
    for (std::size_t i = 0; i < field.children.size(); ++i)
        add_children(first + i, field.children[i]);
}

std::optional<std::string> BatchCheck::find_fault(const ArrowArray& batch) const {
    std::string fault;
    if (is_sound(nodes_.front(), batch, fault)) return std::nullopt;
    return fault;
}

bool BatchCheck::is_sound(const Node& node, const ArrowArray& array, std::string& fault) const {
    const auto found = [&](std::string_view what) {
        fault = fmt::format("{} has {}", node.path, what);
        return false;
    };
    if (array.length < 0) return found("a negative length");
    if (array.offset < 0) return found("a negative offset");
    // Also what keeps every sum and product below from overflowing.
    if (array.length > max_rows || array.offset > max_rows) {
        return found(fmt::format("{} rows from row {} on; a batch has at most {}", array.length,
                                 array.offset, max_rows));
    }
    if (array.null_count < -1 || array.null_count > array.length) {
        return found("an impossible null count");
    }
    if (array.n_children != static_cast<std::int64_t>(node.child_count)) {
        return found(
            fmt::format("{} children; its schema has {}", array.n_children, node.child_count));
    }
    if (!node.format) return found("a format that is not carried"); // see find_schema_fault
    const auto& format = *node.format;
    if (array.n_buffers != format.buffer_count()) {
        return found(fmt::format("{} buffers; {} has {}", array.n_buffers, type_text(format),
                                 format.buffer_count()));
    }
    if (const auto what = buffer_fault(format, array); !what.empty()) return found(what);
    if (node.child_count == 0) return true;
    constexpr std::string_view missing_child = "a child that is missing or released";
    if (array.children == nullptr) return found(missing_child);
    const auto rows_needed = rows_of_children(format, array);
    for (std::size_t i = 0; i < node.child_count; ++i) {
        const auto* const child = array.children[i];
        if (child == nullptr || child->release == nullptr) return found(missing_child);
        const auto& child_node = nodes_[node.first_child + i];
        if (child->length < rows_needed) {
            return found(fmt::format("{} rows, and its column {} only {}", rows_needed,
                                     child_node.path, child->length));
        }
        if (!is_sound(child_node, *child, fault)) return false;
    }
    return true;
}

} // namespace patchbay::host
