// SPDX-License-Identifier: Apache-2.0
// What JSON Schema takes for equal, and that looking for it ends.

#include "equality.hpp"

#include "schema_for_test.hpp"

#include <boost/json/array.hpp>

using patchbay::host::Budget;
using patchbay::host::equal_values;
using patchbay::host::find_equal_items;
using patchbay::host::hash_value;
using patchbay::test::json_of;

TEST_CASE("equal values have equal hashes", "[settings][equality]") {
    const char* const equal[][2] = {
        {"1", "1.0"},
        {"0", "-0.0"},
        {"18446744073709551615", "18446744073709551615"},
        {"9223372036854775808", "9223372036854775808.0"},
        {"1e300", "1.0e300"},
        {R"({"a": 1, "b": [true, null]})", R"({"b": [true, null], "a": 1.0})"},
        {R"("a text of more than sixteen bytes")", R"("a text of more than sixteen bytes")"},
    };
    for (const auto& [a, b] : equal) {
        INFO(a << " and " << b);
        Budget budget;
        CHECK(equal_values(json_of(a), json_of(b), budget));
        CHECK(hash_value(json_of(a), budget) == hash_value(json_of(b), budget));
    }
}

TEST_CASE("values of different types are never equal", "[settings][equality]") {
    const char* const values[] = {"0",    "false", "null", "\"\"", "[]",   "{}",     "1",
                                  "true", "\"0\"", "[0]",  "[1]",  "[[]]", "[\"\"]", R"({"": 0})"};
    for (const auto* a : values) {
        for (const auto* b : values) {
            INFO(a << " and " << b);
            Budget budget;
            CHECK(equal_values(json_of(a), json_of(b), budget) == (a == b));
        }
    }
}

TEST_CASE("the first repeated item is found, in few and in many", "[settings][equality]") {
    boost::json::array items;
    for (int i = 0; i < 1000; ++i)
        items.emplace_back(i);
    Budget budget;
    CHECK_FALSE(find_equal_items(items, budget).found);

    items[700] = 3.0;
    items[900] = 5;
    const auto equal = find_equal_items(items, budget);
    REQUIRE(equal.found);
    CHECK(equal.first == 3);
    CHECK(equal.second == 700);

    const auto few = json_of(R"(["a", "b", "c", "b", "a"])").as_array();
    CHECK(find_equal_items(few, budget).first == 1);
    CHECK(find_equal_items(few, budget).second == 3);
}

TEST_CASE("comparing large values ends with the budget", "[settings][equality]") {
    boost::json::array items;
    for (int i = 0; i < 100'000; ++i)
        items.emplace_back(boost::json::array{i, "x"});
    const boost::json::value a(items);
    Budget budget(1000);

    CHECK_FALSE(equal_values(a, a, budget));
    CHECK(budget.exhausted());
    Budget another(1000);
    CHECK_FALSE(find_equal_items(items, another).found);
    CHECK(another.exhausted());

    boost::json::value deep = 1;
    for (int i = 0; i < 100'000; ++i)
        deep = boost::json::array{std::move(deep)};
    Budget levels;
    CHECK_FALSE(equal_values(deep, deep, levels));
    CHECK(levels.too_deep());
}
