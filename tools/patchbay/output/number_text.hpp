// SPDX-License-Identifier: Apache-2.0
// Writes numbers as text: exactly, and the same whatever the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace patchbay::command {

// Each function writes at `at`, where number_room bytes are free, and answers the end of what it
// wrote.
inline constexpr std::size_t number_room = 384;

[[nodiscard]] char* put_integer(char* at, std::int64_t value);
[[nodiscard]] char* put_unsigned(char* at, std::uint64_t value);

// The shortest digits that read back as the same value of that width; "NaN", "Infinity",
// "-Infinity".
[[nodiscard]] char* put_double(char* at, double value);
[[nodiscard]] char* put_float(char* at, float value);

// The same of an IEEE 754 binary16, given by its bits.
[[nodiscard]] char* put_half(char* at, std::uint16_t bits);

// A decimal as Arrow holds it: a two's complement integer of 4, 8, 16 or 32 bytes, little-endian,
// to be divided by ten to the power of scale. All its digits, trailing zeros included: "12.50".
// Scales beyond 256 digits either way are written as a power of ten: "125E-300".
[[nodiscard]] char* put_decimal(char* at, std::string_view bytes, std::int32_t scale);

// The value of a binary16.
[[nodiscard]] float half_value(std::uint16_t bits);

} // namespace patchbay::command
