// SPDX-License-Identifier: Apache-2.0
// Whether two JSON values are the same to JSON Schema: numbers by value, objects in any order.

#include "equality.hpp"

#include "json_text.hpp"
#include "numbers.hpp"
#include "text_hash.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// One step per so many bytes of text that are looked at.
constexpr std::size_t bytes_per_step = 64;

bool equal_arrays(const json::array& a, const json::array& b, Budget& budget) {
    if (a.size() != b.size()) return false;
    const Level level(budget);
    if (!level.entered()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!equal_values(a[i], b[i], budget)) return false;
    }
    return true;
}

bool equal_objects(const json::object& a, const json::object& b, Budget& budget) {
    if (a.size() != b.size()) return false;
    const Level level(budget);
    if (!level.entered()) return false;
    for (const auto& [key, value] : a) {
        const auto* other = b.if_contains(key);
        if (other == nullptr || !equal_values(value, *other, budget)) return false;
    }
    return true;
}

std::uint64_t hash_number(const json::value& number) {
    std::uint64_t bits = 0;
    if (number.is_int64()) {
        bits = static_cast<std::uint64_t>(number.get_int64());
    } else if (number.is_uint64()) {
        bits = number.get_uint64();
    } else {
        // The word of the integer it equals, where an integer holds it.
        const double value = number.get_double();
        if (is_integer(number) && value >= -0x1p63 && value < 0x1p63) {
            bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
        } else if (is_integer(number) && value >= 0 && value < 0x1p64) {
            bits = static_cast<std::uint64_t>(value);
        } else {
            bits = std::bit_cast<std::uint64_t>(value);
        }
    }
    return mix(bits ^ hash_seed(), 0xd6e8feb86659fd93U);
}

EqualItems compare_each_pair(const json::array& items, Budget& budget) {
    for (std::size_t second = 1; second < items.size(); ++second) {
        for (std::size_t first = 0; first < second; ++first) {
            if (equal_values(items[first], items[second], budget)) return {first, second, true};
        }
    }
    return {};
}

} // namespace

bool equal_values(const json::value& a, const json::value& b, Budget& budget) {
    if (!budget.spend(1)) return false;
    if (a.is_number()) return b.is_number() && compare_numbers(a, b) == 0;
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
    case json::kind::null:
        return true;
    case json::kind::bool_:
        return a.get_bool() == b.get_bool();
    case json::kind::string: {
        const auto& text = a.get_string();
        if (text.size() != b.get_string().size()) return false;
        return budget.spend(text.size() / bytes_per_step) && text == b.get_string();
    }
    case json::kind::array:
        return equal_arrays(a.get_array(), b.get_array(), budget);
    default:
        return equal_objects(a.get_object(), b.get_object(), budget);
    }
}

std::uint64_t hash_value(const json::value& value, Budget& budget) {
    constexpr std::uint64_t null_hash = 0x8bb84b93962eacc9U;
    constexpr std::uint64_t array_hash = 0x2d358dccaa6c78a5U;
    constexpr std::uint64_t object_hash = 0x4b33a62ed433d4a3U;
    if (!budget.spend(1)) return 0;
    switch (value.kind()) {
    case json::kind::null:
        return null_hash;
    case json::kind::bool_:
        return value.get_bool() ? null_hash + 2 : null_hash + 1;
    case json::kind::string: {
        const auto text = text_of(value);
        return budget.spend(text.size() / bytes_per_step) ? hash_text(text, hash_seed()) : 0;
    }
    case json::kind::array: {
        const Level level(budget);
        std::uint64_t hash = array_hash ^ hash_seed();
        if (!level.entered()) return hash;
        for (const auto& item : value.get_array())
            hash = mix(hash ^ hash_value(item, budget), array_hash);
        return hash;
    }
    case json::kind::object: {
        const Level level(budget);
        std::uint64_t hash = object_hash ^ hash_seed();
        if (!level.entered()) return hash;
        // Added up, because two equal objects may hold their keys in different orders.
        for (const auto& [key, member] : value.get_object()) {
            const auto key_hash = hash_text({key.data(), key.size()}, hash_seed());
            hash += mix(key_hash ^ object_hash, hash_value(member, budget));
        }
        return hash;
    }
    default:
        return hash_number(value);
    }
}

EqualItems find_equal_items(const json::array& items, Budget& budget) {
    constexpr std::size_t few = 8;
    if (items.size() <= few) return compare_each_pair(items, budget);

    std::vector<std::pair<std::uint64_t, std::size_t>> hashes;
    hashes.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        hashes.emplace_back(hash_value(items[i], budget), i);
    if (budget.exhausted()) return {};
    std::ranges::sort(hashes);

    EqualItems earliest;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        for (std::size_t j = i + 1; j < hashes.size() && hashes[j].first == hashes[i].first; ++j) {
            const auto first = hashes[i].second;
            const auto second = hashes[j].second;
            if (earliest.found && second >= earliest.second) break;
            if (equal_values(items[first], items[second], budget)) {
                earliest = {first, second, true};
                break;
            }
            if (budget.exhausted()) return {};
        }
    }
    return earliest;
}

} // namespace patchbay::host
