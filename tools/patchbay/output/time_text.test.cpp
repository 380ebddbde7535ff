// SPDX-License-Identifier: Apache-2.0
// Dates, times and spans as ISO 8601.

#include "output/time_text.hpp"

#include <patchbay/test/catch.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

using namespace patchbay::command;
using patchbay::sdk::TimeUnit;

namespace {

template <class Put, class... Values>
std::string text_of(Put put, Values... values) {
    std::array<char, time_room> room{};
    return {room.data(), put(room.data(), values...)};
}

std::string date(std::int64_t days) {
    return text_of(put_date, days);
}

std::string timestamp(std::int64_t value, TimeUnit unit, bool instant = false) {
    return text_of(put_timestamp, value, unit, instant);
}

} // namespace

TEST_CASE("dates follow the Gregorian calendar to both sides", "[command][output]") {
    CHECK(date(0) == "1970-01-01");
    CHECK(date(-1) == "1969-12-31");
    CHECK(date(11'016) == "2000-02-29");
    CHECK(date(11'017) == "2000-03-01");
    CHECK(date(-25'509) == "1900-02-28");
    CHECK(date(-25'508) == "1900-03-01"); // no leap year
    CHECK(date(2'932'896) == "9999-12-31");
    CHECK(date(2'932'897) == "+10000-01-01");
    CHECK(date(-719'528) == "0000-01-01");
    CHECK(date(-719'529) == "-0001-12-31");
    CHECK(date(std::numeric_limits<std::int32_t>::max()) == "+5881580-07-11");
    CHECK(date(std::numeric_limits<std::int32_t>::min()) == "-5877641-06-23");
}

TEST_CASE("a day follows the one before it", "[command][output]") {
    std::string before = date(-800'000);
    for (std::int64_t day = -719'527; day < 2'932'896; day += 17) {
        auto text = date(day);
        REQUIRE(text.size() == 10);
        if (day > -719'500) REQUIRE(text > before);
        before = std::move(text);
    }
}

TEST_CASE("times of day have the digits of their unit, or none", "[command][output]") {
    CHECK(text_of(put_time_of_day, std::int64_t{0}, TimeUnit::second) == "00:00:00");
    CHECK(text_of(put_time_of_day, std::int64_t{86'399'000}, TimeUnit::milli) == "23:59:59");
    CHECK(text_of(put_time_of_day, std::int64_t{86'398'250}, TimeUnit::milli) == "23:59:58.250");
    CHECK(text_of(put_time_of_day, std::int64_t{1}, TimeUnit::micro) == "00:00:00.000001");
    CHECK(text_of(put_time_of_day, std::int64_t{1}, TimeUnit::nano) == "00:00:00.000000001");
    CHECK(text_of(put_time_of_day, std::int64_t{86'400}, TimeUnit::second) == "24:00:00");
    CHECK(text_of(put_time_of_day, std::int64_t{-1'500}, TimeUnit::milli) == "-00:00:01.500");
    CHECK(text_of(put_time_of_day, std::numeric_limits<std::int64_t>::min(), TimeUnit::micro) ==
          "-2562047788:00:54.775808");
}

TEST_CASE("timestamps are local, or instants that end in Z", "[command][output]") {
    CHECK(timestamp(0, TimeUnit::second) == "1970-01-01T00:00:00");
    CHECK(timestamp(0, TimeUnit::second, true) == "1970-01-01T00:00:00Z");
    CHECK(timestamp(-1, TimeUnit::milli, true) == "1969-12-31T23:59:59.999Z");
    CHECK(timestamp(1'717'199'998'250'000, TimeUnit::micro) == "2024-05-31T23:59:58.250000");
    CHECK(timestamp(std::numeric_limits<std::int64_t>::max(), TimeUnit::nano) ==
          "2262-04-11T23:47:16.854775807");
    CHECK(timestamp(std::numeric_limits<std::int64_t>::min(), TimeUnit::nano) ==
          "1677-09-21T00:12:43.145224192");
    CHECK(timestamp(std::numeric_limits<std::int64_t>::max(), TimeUnit::second) ==
          "+292277026596-12-04T15:30:07");
    CHECK(timestamp(std::numeric_limits<std::int64_t>::min(), TimeUnit::second) ==
          "-292277022657-01-27T08:29:52");
}

TEST_CASE("spans of time say each part with its sign", "[command][output]") {
    CHECK(text_of(put_duration, std::int64_t{0}, TimeUnit::nano) == "PT0S");
    CHECK(text_of(put_duration, std::int64_t{5'025'250}, TimeUnit::milli) == "PT5025.250S");
    CHECK(text_of(put_duration, std::int64_t{-500}, TimeUnit::milli) == "PT-0.500S");
    CHECK(text_of(put_duration, std::numeric_limits<std::int64_t>::min(), TimeUnit::second) ==
          "PT-9223372036854775808S");
    CHECK(text_of(put_months, 14) == "P14M");
    CHECK(text_of(put_months, 0) == "P0M");
    CHECK(text_of(put_days_and_milliseconds, 3, 0) == "P3D");
    CHECK(text_of(put_days_and_milliseconds, 0, 0) == "PT0S");
    CHECK(text_of(put_days_and_milliseconds, -3, 1'500) == "P-3DT1.500S");
    CHECK(text_of(put_months_days_and_nanoseconds, 1, -2, std::int64_t{3'000'000'004}) ==
          "P1M-2DT3.000000004S");
    CHECK(text_of(put_months_days_and_nanoseconds, std::numeric_limits<std::int32_t>::min(), 0,
                  std::int64_t{0}) == "P-2147483648M");
}

TEST_CASE("a latency has two significant digits, or all before the point", "[command][output]") {
    CHECK(milliseconds_text(0) == "under 0.001 ms");
    CHECK(milliseconds_text(0.001) == "0.001 ms");
    CHECK(milliseconds_text(0.0314) == "0.031 ms");
    CHECK(milliseconds_text(0.5) == "0.5 ms");
    CHECK(milliseconds_text(2.44) == "2.4 ms");
    CHECK(milliseconds_text(128.4) == "128 ms");
}
