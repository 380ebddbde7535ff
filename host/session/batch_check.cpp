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

// What the columnar format advises all its implementations to keep to, so that any consumer can
// index a batch: https://arrow.apache.org/docs/format/Columnar.html, "Array lengths".
constexpr std::int64_t max_rows = std::numeric_limits<std::int32_t>::max();

template <class Offset>
[[nodiscard]] bool offsets_ascend(const ArrowArray& array) {
    const auto* const offsets = static_cast<const char*>(array.buffers[1]);
    const auto read = [&](std::int64_t index) {
        Offset value;
        std::memcpy(&value, offsets + static_cast<std::size_t>(index) * sizeof value, sizeof value);
        return value;
    };
    const Offset first = read(array.offset);
    const Offset last = read(array.offset + array.length);
    return first >= 0 && last >= first;
}

// What is wrong with the buffers of an array, or an empty text.
[[nodiscard]] std::string_view buffer_fault(const ArrowFormat& format, const ArrowArray& array) {
    if (array.n_buffers != format.buffer_count()) return "the wrong number of buffers";
    if (array.n_buffers == 0) return {};
    if (array.buffers == nullptr) return "no buffers";
    if (array.length == 0) return {};
    if (array.null_count > 0 && array.buffers[0] == nullptr) return "nulls but no validity buffer";
    if (array.n_buffers >= 2 && array.buffers[1] == nullptr && format.width != 0) {
        return "no buffer of values";
    }
    switch (format.offset_width()) {
    case 4:
        if (array.buffers[1] == nullptr || !offsets_ascend<std::int32_t>(array)) {
            return "offsets that go backwards";
        }
        break;
    case 8:
        if (array.buffers[1] == nullptr || !offsets_ascend<std::int64_t>(array)) {
            return "offsets that go backwards";
        }
        break;
    default:
        break;
    }
    return {};
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
    if (node.format) {
        if (const auto what = buffer_fault(*node.format, array); !what.empty()) return found(what);
    }
    constexpr std::string_view missing_child = "a child that is missing or released";
    if (node.child_count > 0 && array.children == nullptr) return found(missing_child);
    for (std::size_t i = 0; i < node.child_count; ++i) {
        const auto* const child = array.children[i];
        if (child == nullptr || child->release == nullptr) return found(missing_child);
        if (!node.format) continue;
        const auto& child_node = nodes_[node.first_child + i];
        if (node.format->layout == Layout::structure &&
            child->length < array.offset + array.length) {
            return found(fmt::format("{} rows, and its column {} only {}",
                                     array.offset + array.length, child_node.path, child->length));
        }
        if (!is_sound(child_node, *child, fault)) return false;
    }
    return true;
}

} // namespace patchbay::host
