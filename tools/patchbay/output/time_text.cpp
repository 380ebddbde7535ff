// SPDX-License-Identifier: Apache-2.0
// Writes dates, times and spans of time as ISO 8601 has them, and latencies for people.

#include "output/time_text.hpp"

#include "output/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace patchbay::command {
namespace {

using sdk::TimeUnit;

constexpr std::int64_t seconds_per_day = 86'400;

std::int64_t units_per_second(TimeUnit unit) {
    switch (unit) {
    case TimeUnit::second:
        return 1;
    case TimeUnit::milli:
        return 1'000;
    case TimeUnit::micro:
        return 1'000'000;
    case TimeUnit::nano:
        return 1'000'000'000;
    }
    return 1;
}

// Quotient and remainder, the remainder never negative.
std::pair<std::int64_t, std::int64_t> floor_divide(std::int64_t value, std::int64_t by) {
    auto quotient = value / by;
    auto remainder = value % by;
    if (remainder < 0) {
        remainder += by;
        --quotient;
    }
    return {quotient, remainder};
}

// Exactly so many digits, zeros in front.
char* put_digits(char* at, std::uint64_t value, int digits) {
    for (int i = digits - 1; i >= 0; --i) {
        at[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    return at + digits;
}

// ".250" where it is 250 of 1000; nothing where it is 0.
char* put_fraction(char* at, std::uint64_t value, TimeUnit unit) {
    if (value == 0) return at;
    *at++ = '.';
    return put_digits(at, value, 3 * static_cast<int>(unit));
}

struct CivilDate {
    std::int64_t year;
    unsigned month;
    unsigned day;
};

// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
CivilDate to_civil(std::int64_t days) {
    constexpr std::int64_t days_per_era = 146'097; // 400 years
    const auto [era, day_of_era] = floor_divide(days + 719'468, days_per_era);
    const auto doe = static_cast<unsigned>(day_of_era);
    const unsigned year_of_era = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
    const unsigned day_of_year =
        doe - (365 * year_of_era + year_of_era / 4 - year_of_era / 100); // from 1 March
    const unsigned shifted_month = (5 * day_of_year + 2) / 153;
    const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    return {.year = era * 400 + year_of_era + (month <= 2 ? 1 : 0),
            .month = month,
            .day = day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

// A number of seconds with a sign in front of the whole: "-0.500".
char* put_seconds(char* at, std::int64_t value, TimeUnit unit) {
    const auto per_second = static_cast<std::uint64_t>(units_per_second(unit));
    auto magnitude = static_cast<std::uint64_t>(value);
    if (value < 0) {
        *at++ = '-';
        magnitude = 0 - magnitude;
    }
    at = put_unsigned(at, magnitude / per_second);
    return put_fraction(at, magnitude % per_second, unit);
}

// The parts of a span that are not zero. Behind them comes "T" and the time; of nothing at all
// there are zero seconds.
class SpanWriter {
  public:
    explicit SpanWriter(char* at) : start_(at), at_(at) { *at_++ = 'P'; }

    void put(std::int64_t count, char designator) {
        if (count == 0) return;
        at_ = put_integer(at_, count);
        *at_++ = designator;
    }

    [[nodiscard]] char* finish(std::int64_t value, TimeUnit unit) {
        if (value == 0 && at_ != start_ + 1) return at_;
        *at_++ = 'T';
        at_ = put_seconds(at_, value, unit);
        *at_++ = 'S';
        return at_;
    }

  private:
    char* start_;
    char* at_;
};

} // namespace

char* put_date(char* at, std::int64_t days) {
    const auto [year, month, day] = to_civil(days);
    if (year < 0 || year > 9999) *at++ = year < 0 ? '-' : '+';
    const auto magnitude = static_cast<std::uint64_t>(std::abs(year));
    at = magnitude > 9999 ? put_unsigned(at, magnitude) : put_digits(at, magnitude, 4);
    *at++ = '-';
    at = put_digits(at, month, 2);
    *at++ = '-';
    return put_digits(at, day, 2);
}

char* put_time_of_day(char* at, std::int64_t value, TimeUnit unit) {
    const auto per_second = static_cast<std::uint64_t>(units_per_second(unit));
    auto magnitude = static_cast<std::uint64_t>(value);
    if (value < 0) { // means nothing, and is shown as it is
        *at++ = '-';
        magnitude = 0 - magnitude;
    }
    const auto seconds = magnitude / per_second;
    const auto hours = seconds / 3600;
    at = hours > 99 ? put_unsigned(at, hours) : put_digits(at, hours, 2);
    *at++ = ':';
    at = put_digits(at, seconds / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, seconds % 60, 2);
    return put_fraction(at, magnitude % per_second, unit);
}

char* put_timestamp(char* at, std::int64_t value, TimeUnit unit, bool instant) {
    const auto [seconds, fraction] = floor_divide(value, units_per_second(unit));
    const auto [days, second_of_day] = floor_divide(seconds, seconds_per_day);
    at = put_date(at, days);
    *at++ = 'T';
    at = put_time_of_day(at, second_of_day, TimeUnit::second);
    at = put_fraction(at, static_cast<std::uint64_t>(fraction), unit);
    if (instant) *at++ = 'Z';
    return at;
}

char* put_duration(char* at, std::int64_t value, TimeUnit unit) {
    return SpanWriter(at).finish(value, unit);
}

char* put_months(char* at, std::int32_t months) {
    *at++ = 'P';
    at = put_integer(at, months);
    *at++ = 'M';
    return at;
}

char* put_days_and_milliseconds(char* at, std::int32_t days, std::int32_t milliseconds) {
    SpanWriter span(at);
    span.put(days, 'D');
    return span.finish(milliseconds, TimeUnit::milli);
}

char* put_months_days_and_nanoseconds(char* at, std::int32_t months, std::int32_t days,
                                      std::int64_t nanoseconds) {
    SpanWriter span(at);
    span.put(months, 'M');
    span.put(days, 'D');
    return span.finish(nanoseconds, TimeUnit::nano);
}

std::string milliseconds_text(double milliseconds) {
    constexpr double least = 0.001; // what is measured
    if (milliseconds < least) return fmt::format("under {} ms", least);
    if (milliseconds < 1) return fmt::format("{:.2g} ms", milliseconds);
    return fmt::format("{:.{}f} ms", milliseconds, milliseconds < 10 ? 1 : 0);
}

} // namespace patchbay::command
