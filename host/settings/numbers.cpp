// SPDX-License-Identifier: Apache-2.0
// JSON numbers as mathematics sees them, whichever of int64, uint64 and double holds them.

#include "numbers.hpp"

#include <boost/json/kind.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// digits * 10^exponent, the sign left out.
struct Decimal {
    std::uint64_t digits;
    int exponent;
};

std::string_view shortest_text(double value, std::array<char, 32>& buffer,
                               std::chars_format format) {
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr;
    return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

// A double becomes the shortest decimal that reads back as it.
Decimal decimal_of(const json::value& number) {
    if (number.is_uint64()) return {number.get_uint64(), 0};
    if (number.is_int64()) {
        const auto value = number.get_int64();
        const auto magnitude = static_cast<std::uint64_t>(value);
        return {value < 0 ? 0 - magnitude : magnitude, 0};
    }
    std::array<char, 32> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): written below
    const auto text =
        shortest_text(std::fabs(number.get_double()), buffer, std::chars_format::scientific);
    Decimal decimal{0, 0};
    const auto exponent = text.find('e');
    bool fraction = false;
    for (const char c : text.substr(0, exponent)) {
        if (c == '.') {
            fraction = true;
            continue;
        }
        decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(c - '0');
        if (fraction) --decimal.exponent;
    }
    const bool negative = text[exponent + 1] == '-';
    int power = 0;
    std::from_chars(text.data() + exponent + 2, text.data() + text.size(), power);
    decimal.exponent += negative ? -power : power;
    return decimal;
}

std::uint64_t multiply_modulo(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(Wide{a} * b % modulus);
}

std::partial_ordering compare_with_double(std::int64_t a, double b) {
    // Both limits are powers of two, so the comparisons are exact.
    if (b >= 0x1p63) return std::partial_ordering::less;
    if (b < -0x1p63) return std::partial_ordering::greater;
    if (std::isnan(b)) return std::partial_ordering::unordered;
    const double whole = std::trunc(b);
    const auto order = a <=> static_cast<std::int64_t>(whole);
    if (order != 0) return order;
    return 0.0 <=> (b - whole);
}

std::partial_ordering compare_with_double(std::uint64_t a, double b) {
    if (b >= 0x1p64) return std::partial_ordering::less;
    if (b < 0) return std::partial_ordering::greater;
    if (std::isnan(b)) return std::partial_ordering::unordered;
    const double whole = std::trunc(b);
    const auto order = a <=> static_cast<std::uint64_t>(whole);
    if (order != 0) return order;
    return 0.0 <=> (b - whole);
}

std::partial_ordering reverse(std::partial_ordering order) {
    return 0 <=> order;
}

} // namespace

bool is_integer(const json::value& value) {
    if (value.is_int64() || value.is_uint64()) return true;
    if (!value.is_double()) return false;
    const double number = value.get_double();
    return std::isfinite(number) && std::trunc(number) == number;
}

std::partial_ordering compare_numbers(const json::value& a, const json::value& b) {
    if (a.is_double()) {
        if (b.is_double()) return a.get_double() <=> b.get_double();
        return reverse(compare_numbers(b, a));
    }
    if (a.is_int64()) {
        if (b.is_int64()) return a.get_int64() <=> b.get_int64();
        if (b.is_double()) return compare_with_double(a.get_int64(), b.get_double());
        return a.get_int64() < 0 ? std::strong_ordering::less
                                 : static_cast<std::uint64_t>(a.get_int64()) <=> b.get_uint64();
    }
    if (b.is_uint64()) return a.get_uint64() <=> b.get_uint64();
    if (b.is_double()) return compare_with_double(a.get_uint64(), b.get_double());
    return reverse(compare_numbers(b, a));
}

bool is_multiple_of(const json::value& value, const json::value& divisor) {
    if (value.is_int64() && divisor.is_int64()) {
        return value.get_int64() % divisor.get_int64() == 0;
    }
    if (value.is_double() && !std::isfinite(value.get_double())) return false;
    auto [digits, exponent] = decimal_of(value);
    const auto by = decimal_of(divisor);
    exponent -= by.exponent;
    // Powers of ten that the divisor has and the value has not must divide the value's digits.
    for (; exponent < 0 && digits != 0; ++exponent) {
        if (digits % 10 != 0) return false;
        digits /= 10;
    }
    std::uint64_t rest = digits % by.digits;
    for (; exponent > 0 && rest != 0; --exponent)
        rest = multiply_modulo(rest, 10, by.digits);
    return rest == 0;
}

std::string number_text(const json::value& number) {
    if (number.is_int64()) return std::to_string(number.get_int64());
    if (number.is_uint64()) return std::to_string(number.get_uint64());
    std::array<char, 32> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): written below
    const double value = number.get_double();
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

} // namespace patchbay::host
