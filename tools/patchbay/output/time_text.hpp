// SPDX-License-Identifier: Apache-2.0
// Writes dates, times and spans of time as ISO 8601 has them.
#pragma once

#include <patchbay/sdk/arrow_format.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace patchbay::command {

// Each function writes at `at`, where time_room bytes are free, and answers the end of what it
// wrote. A fraction of a second has as many digits as its unit, and is left out where it is zero.
inline constexpr std::size_t time_room = 128;

// "2024-05-31". Years that do not have four digits carry a sign: "+12024-05-31", "-0044-03-15".
[[nodiscard]] char* put_date(char* at, std::int64_t days);

// "23:59:58.250".
[[nodiscard]] char* put_time_of_day(char* at, std::int64_t value, sdk::TimeUnit unit);

// "2024-05-31T23:59:58.250", with a 'Z' behind it where it is an instant.
[[nodiscard]] char* put_timestamp(char* at, std::int64_t value, sdk::TimeUnit unit, bool instant);

// "PT5025.250S", "PT-0.500S".
[[nodiscard]] char* put_duration(char* at, std::int64_t value, sdk::TimeUnit unit);

// "P14M", and so on; each part that is not zero, with a sign of its own.
[[nodiscard]] char* put_months(char* at, std::int32_t months);
[[nodiscard]] char* put_days_and_milliseconds(char* at, std::int32_t days,
                                              std::int32_t milliseconds);
[[nodiscard]] char* put_months_days_and_nanoseconds(char* at, std::int32_t months,
                                                    std::int32_t days, std::int64_t nanoseconds);

// How long something took, for people: "0.031 ms", "2.4 ms", "128 ms".
[[nodiscard]] std::string milliseconds_text(double milliseconds);

} // namespace patchbay::command
