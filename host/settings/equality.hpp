// SPDX-License-Identifier: Apache-2.0
// Whether two JSON values are the same to JSON Schema: numbers by value, objects in any order.
#pragma once

#include "budget.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>

namespace patchbay::host {

// 1 equals 1.0, and nothing else of another type. Means nothing once the budget is exhausted.
[[nodiscard]] bool equal_values(const boost::json::value& a, const boost::json::value& b,
                                Budget& budget);

// The same for equal values, different in each process.
[[nodiscard]] std::uint64_t hash_value(const boost::json::value& value, Budget& budget);

struct EqualItems {
    std::size_t first;
    std::size_t second;
    bool found = false;
};

// The first item that was there before, and where. Takes the time of sorting the items.
[[nodiscard]] EqualItems find_equal_items(const boost::json::array& items, Budget& budget);

} // namespace patchbay::host
