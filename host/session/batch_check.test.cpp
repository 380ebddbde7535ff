// SPDX-License-Identifier: Apache-2.0
// A batch whose arrays cannot be read as its schema says is found out; one that can passes.

#include "batch_check.hpp"

#include <patchbay/test/catch.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using patchbay::host::BatchCheck;
using patchbay::sdk::Field;
using patchbay::sdk::record;

namespace {

// One array with borrowed buffers and children.
class Array {
  public:
    Array(std::int64_t length, std::vector<const void*> buffers, std::vector<Array*> children = {})
        : buffers_(std::move(buffers)) {
        for (auto* child : children)
            children_.push_back(&child->array);
        array.length = length;
        array.n_buffers = static_cast<std::int64_t>(buffers_.size());
        array.buffers = buffers_.data();
        array.n_children = static_cast<std::int64_t>(children_.size());
        array.children = children_.data();
        array.release = [](ArrowArray* released) { released->release = nullptr; };
    }

    ArrowArray array{};

  private:
    std::vector<const void*> buffers_;
    std::vector<ArrowArray*> children_;
};

// What is wrong with a batch of one column "city".
std::string fault_of(Field column, Array& array) {
    column.name = "city";
    Array batch(array.array.length, {nullptr}, {&array});
    return BatchCheck(record({std::move(column)})).find_fault(batch.array).value_or("");
}

constexpr std::array<std::int64_t, 4> numbers{1, 2, 3, 4};
constexpr std::array<std::int32_t, 3> offsets{0, 2, 4};
constexpr std::array<std::int64_t, 3> large_offsets{0, 2, 4};
constexpr std::array<std::int32_t, 3> no_offsets{0, 0, 0};

} // namespace

TEST_CASE("a column without its values is found out, whatever its layout", "[host][batch]") {
    Array values(2, {nullptr, nullptr});
    Array texts(2, {nullptr, offsets.data(), nullptr});
    Array large_texts(2, {nullptr, large_offsets.data(), nullptr});
    Array no_texts(2, {nullptr, nullptr, "abcd"});

    CHECK(fault_of({.format = "l"}, values) == "city has no buffer of values");
    CHECK(fault_of({.format = "b"}, values) == "city has no buffer of values");
    constexpr auto without_bytes = "city has offsets and no buffer that they point into";
    CHECK(fault_of({.format = "u"}, texts) == without_bytes);
    CHECK(fault_of({.format = "Z"}, large_texts) == without_bytes);
    CHECK(fault_of({.format = "u"}, no_texts) == "city has no buffer of offsets");
}

TEST_CASE("a buffer that nobody would read may be missing", "[host][batch]") {
    Array empty(0, {nullptr, nullptr});
    Array empty_texts(2, {nullptr, no_offsets.data(), nullptr});
    Array zero_width(2, {nullptr, nullptr});

    CHECK(fault_of({.format = "l"}, empty).empty());
    CHECK(fault_of({.format = "b"}, empty).empty());
    CHECK(fault_of({.format = "u"}, empty_texts).empty());
    CHECK(fault_of({.format = "w:0"}, zero_width).empty());
}

TEST_CASE("a wrong number of buffers is told with the right one", "[host][batch]") {
    Array two(2, {nullptr, offsets.data()});

    CHECK(fault_of({.format = "u"}, two) == "city has 2 buffers; utf8 has 3");
}

TEST_CASE("a list reaches no further than its child", "[host][batch]") {
    const Field list{.format = "+l", .children = {{.name = "item", .format = "l"}}};
    Array four(4, {nullptr, numbers.data()});
    Array three(3, {nullptr, numbers.data()});
    Array good(2, {nullptr, offsets.data()}, {&four});
    Array bad(2, {nullptr, offsets.data()}, {&three});

    CHECK(fault_of(list, good).empty());
    CHECK(fault_of(list, bad) == "city has 4 rows, and its column city.item only 3");
}

TEST_CASE("a fixed-size list counts its offset too", "[host][batch]") {
    const Field pairs{.format = "+w:2", .children = {{.name = "item", .format = "l"}}};
    Array four(4, {nullptr, numbers.data()});
    Array two_pairs(2, {nullptr}, {&four});
    Array one_pair(1, {nullptr}, {&four});
    Array behind(2, {nullptr}, {&four});
    one_pair.array.offset = 1;
    behind.array.offset = 1;

    CHECK(fault_of(pairs, two_pairs).empty());
    CHECK(fault_of(pairs, one_pair).empty());
    CHECK(fault_of(pairs, behind) == "city has 6 rows, and its column city.item only 4");
}
