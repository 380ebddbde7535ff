// SPDX-License-Identifier: Apache-2.0
// Arrow arrays of every type, made by hand for tests of what reads them.

#include "output/array_for_test.hpp"

#include <patchbay/sdk/arrow_format.hpp>
#include <patchbay/test/catch.hpp>

#include <algorithm>
#include <utility>

namespace patchbay::command {

using sdk::Layout;

TestArray::TestArray(std::string name, std::string format)
    : name_(std::move(name)), format_(std::move(format)) {
    const auto known = sdk::read_arrow_format(format_);
    if (known && known->offset_width() > 0) add_offset(0);
}

void TestArray::add_offset(std::size_t end) {
    end_ = end;
    const auto wide = static_cast<std::int64_t>(end);
    offsets_.append(reinterpret_cast<const char*>(&wide),
                    sdk::read_arrow_format(format_)->offset_width());
}

TestArray& TestArray::add_row(std::string_view bytes) {
    valid_.push_back(1);
    values_ += bytes;
    return *this;
}

TestArray& TestArray::add_bool(bool value) {
    if (valid_.size() % 8 == 0) values_.push_back('\0');
    if (value) {
        auto& byte = values_.back();
        byte = static_cast<char>(static_cast<unsigned char>(byte) | 1U << valid_.size() % 8);
    }
    valid_.push_back(1);
    return *this;
}

TestArray& TestArray::add_text(std::string_view text) {
    add_row(text);
    if (!offsets_.empty()) add_offset(end_ + text.size());
    return *this;
}

TestArray& TestArray::add_list(std::size_t items) {
    valid_.push_back(1);
    if (!offsets_.empty()) add_offset(end_ + items);
    return *this;
}

TestArray& TestArray::add_struct() {
    valid_.push_back(1);
    return *this;
}

TestArray& TestArray::add_null() {
    const auto format = *sdk::read_arrow_format(format_);
    if (format.layout == Layout::fixed) {
        values_.append(format.width, '\x7F');
    } else if (format.layout == Layout::boolean && valid_.size() % 8 == 0) {
        values_.push_back('\0');
    } else if (!offsets_.empty()) {
        add_offset(end_);
    }
    valid_.push_back(0);
    return *this;
}

TestArray& TestArray::add_child(TestArray child) {
    children_.push_back(std::move(child));
    return *this;
}

TestArray& TestArray::skip(std::int64_t rows) {
    skipped_ = rows;
    return *this;
}

const ArrowSchema& TestArray::schema() {
    child_schemas_.clear();
    for (auto& child : children_) {
        child.schema();
        child_schemas_.push_back(&child.schema_);
    }
    schema_ = {.format = format_.c_str(),
               .name = name_.c_str(),
               .flags = ARROW_FLAG_NULLABLE,
               .n_children = static_cast<std::int64_t>(children_.size()),
               .children = child_schemas_.data()};
    return schema_;
}

const ArrowArray& TestArray::array() {
    child_arrays_.clear();
    for (auto& child : children_) {
        child.array();
        child_arrays_.push_back(&child.array_);
    }

    const auto null_count = std::ranges::count(valid_, std::uint8_t{0});
    validity_.assign(valid_.size() / 8 + 1, '\0');
    for (std::size_t i = 0; i < valid_.size(); ++i) {
        auto& byte = validity_[i / 8];
        byte = static_cast<char>(static_cast<unsigned char>(byte) | unsigned{valid_[i]} << i % 8);
    }
    const auto format = *sdk::read_arrow_format(format_);
    buffers_ = {null_count == 0 ? nullptr : validity_.data()};
    if (!offsets_.empty()) buffers_.push_back(offsets_.data());
    if (children_.empty()) buffers_.push_back(values_.data());
    buffers_.resize(static_cast<std::size_t>(format.buffer_count()));

    array_ = {.length = static_cast<std::int64_t>(valid_.size()) - skipped_,
              .null_count = skipped_ == 0 ? null_count : -1,
              .offset = skipped_,
              .n_buffers = format.buffer_count(),
              .n_children = static_cast<std::int64_t>(children_.size()),
              .buffers = buffers_.data(),
              .children = child_arrays_.data()};
    return array_;
}

TestArray batch_of(std::vector<TestArray> columns) {
    TestArray batch("", "+s");
    std::int64_t rows = 0;
    if (!columns.empty()) rows = columns.front().array().length;
    for (std::int64_t row = 0; row < rows; ++row)
        batch.add_struct();
    for (auto& column : columns)
        batch.add_child(std::move(column));
    return batch;
}

} // namespace patchbay::command
