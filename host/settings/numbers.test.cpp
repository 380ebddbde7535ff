// SPDX-License-Identifier: Apache-2.0
// Numbers are compared and divided exactly, whatever type holds them.

#include "numbers.hpp"

#include "schema_for_test.hpp"

#include <limits>

using patchbay::host::compare_numbers;
using patchbay::host::is_integer;
using patchbay::host::is_multiple_of;
using patchbay::host::number_text;
using patchbay::test::json_of;

TEST_CASE("numbers of different types are compared exactly", "[settings][numbers]") {
    struct Case {
        const char* a;
        const char* b;
        std::partial_ordering order;
    };
    constexpr auto less = std::partial_ordering::less;
    constexpr auto equal = std::partial_ordering::equivalent;
    constexpr auto greater = std::partial_ordering::greater;
    const Case cases[] = {
        {"1", "1.0", equal},
        {"1", "1.5", less},
        {"-1", "-1.5", greater},
        {"0", "-0.0", equal},
        {"9007199254740993", "9007199254740992.0", greater}, // 2^53 + 1
        {"9223372036854775807", "9223372036854775808", less},
        {"9223372036854775807", "9223372036854775808.0", less},
        {"18446744073709551615", "18446744073709551616.0", less},
        {"18446744073709551615", "-1", greater},
        {"-9223372036854775808", "-9223372036854775808.0", equal},
        {"-9223372036854775808", "-1e19", greater},
        {"18446744073709551615", "0.5", greater},
        {"18446744073709551615", "-0.5", greater},
    };
    for (const auto& [a, b, order] : cases) {
        INFO(a << " and " << b);
        CHECK(compare_numbers(json_of(a), json_of(b)) == order);
        CHECK(compare_numbers(json_of(b), json_of(a)) == (0 <=> order));
    }
    const boost::json::value nan(std::numeric_limits<double>::quiet_NaN());
    CHECK(compare_numbers(nan, json_of("1")) == std::partial_ordering::unordered);
    CHECK(compare_numbers(json_of("18446744073709551615"), nan) ==
          std::partial_ordering::unordered);
}

TEST_CASE("a whole number may be written as a fraction", "[settings][numbers]") {
    CHECK(is_integer(json_of("1.0")));
    CHECK(is_integer(json_of("-1e300")));
    CHECK(is_integer(json_of("18446744073709551615")));
    CHECK_FALSE(is_integer(json_of("1.5")));
    CHECK_FALSE(is_integer(json_of("\"1\"")));
    CHECK_FALSE(is_integer(boost::json::value(std::numeric_limits<double>::infinity())));
}

TEST_CASE("multiples are those of the decimals people write", "[settings][numbers]") {
    struct Case {
        const char* value;
        const char* divisor;
        bool multiple;
    };
    const Case cases[] = {
        {"0.3", "0.1", true},
        {"0.0075", "0.0001", true},
        {"0.00751", "0.0001", false},
        {"4.35", "0.01", true},
        {"1e308", "0.5", true},
        {"1e308", "0.123456789", false},
        {"1e-308", "1e-309", true},
        {"5e-324", "1e308", false},
        {"0", "0.7", true},
        {"-9223372036854775808", "2", true},
        {"-9223372036854775808", "3", false},
        {"18446744073709551615", "5", true},
        {"18446744073709551615", "0.2", true},
        {"18446744073709551615", "18446744073709551615", true},
        {"18446744073709551614", "18446744073709551615", false},
        {"7", "2.5", false},
        {"7.5", "2.5", true},
    };
    for (const auto& [value, divisor, multiple] : cases) {
        INFO(value << " of " << divisor);
        CHECK(is_multiple_of(json_of(value), json_of(divisor)) == multiple);
    }
}

TEST_CASE("numbers are shown as people write them", "[settings][numbers]") {
    CHECK(number_text(json_of("70000")) == "70000");
    CHECK(number_text(json_of("18446744073709551615")) == "18446744073709551615");
    CHECK(number_text(json_of("0.1")) == "0.1");
    CHECK(number_text(json_of("1e300")) == "1e+300");
}
