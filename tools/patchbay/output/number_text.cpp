// SPDX-License-Identifier: Apache-2.0
// Writes numbers as text: exactly, and the same whatever the locale.

#include "output/number_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>

namespace patchbay::command {
namespace {

// The longest thing that std::to_chars writes for us is a 64-bit integer or a double.
constexpr std::size_t to_chars_room = 32;

template <class T>
char* put_shortest(char* at, T value) {
    return std::to_chars(at, at + to_chars_room, value).ptr;
}

char* put_text(char* at, std::string_view text) {
    return at + text.copy(at, text.size());
}

char* put_not_finite(char* at, double value) {
    if (std::isnan(value)) return put_text(at, "NaN");
    return put_text(at, value < 0 ? "-Infinity" : "Infinity");
}

// An unsigned integer of 256 bits, least significant part first.
using Magnitude = std::array<std::uint64_t, 4>;

struct SignedMagnitude {
    bool negative = false;
    Magnitude magnitude{};
};

SignedMagnitude read_two_complement(std::string_view bytes) {
    assert(bytes.size() <= sizeof(Magnitude));
    SignedMagnitude result;
    result.negative = (static_cast<unsigned char>(bytes.back()) & 0x80U) != 0;
    if (result.negative) result.magnitude.fill(~std::uint64_t{0});
    std::memcpy(result.magnitude.data(), bytes.data(), bytes.size());
    if (!result.negative) return result;
    bool carry = true;
    for (auto& part : result.magnitude) {
        part = ~part + (carry ? 1 : 0);
        carry = carry && part == 0;
    }
    return result;
}

// Divides in place and answers the remainder.
std::uint64_t divide(Magnitude& magnitude, std::uint64_t divisor) {
    __extension__ using Wide = unsigned __int128;
    Wide remainder = 0;
    for (auto part = magnitude.rbegin(); part != magnitude.rend(); ++part) {
        const Wide dividend = remainder << 64U | *part;
        *part = static_cast<std::uint64_t>(dividend / divisor);
        remainder = dividend % divisor;
    }
    return static_cast<std::uint64_t>(remainder);
}

constexpr std::size_t max_digits = 80; // of 256 bits: 78

// Its decimal digits without leading zeros, "0" for zero, at the end of `digits`.
std::string_view to_digits(Magnitude magnitude, std::array<char, max_digits>& digits) {
    constexpr std::uint64_t chunk =
        10'000'000'000'000'000'000U; // the largest power of ten there is
    constexpr int chunk_digits = 19;
    char* at = digits.data() + digits.size();
    char* const end = at;
    while (magnitude[1] != 0 || magnitude[2] != 0 || magnitude[3] != 0) {
        auto low = divide(magnitude, chunk);
        for (int i = 0; i < chunk_digits; ++i) {
            *--at = static_cast<char>('0' + low % 10);
            low /= 10;
        }
    }
    auto rest = magnitude[0];
    while (rest != 0 || at == end) {
        *--at = static_cast<char>('0' + rest % 10);
        rest /= 10;
    }
    const std::string_view text(at, static_cast<std::size_t>(end - at));
    return text.substr(std::min(text.find_first_not_of('0'), text.size() - 1));
}

} // namespace

char* put_integer(char* at, std::int64_t value) {
    return put_shortest(at, value);
}

char* put_unsigned(char* at, std::uint64_t value) {
    return put_shortest(at, value);
}

char* put_double(char* at, double value) {
    return std::isfinite(value) ? put_shortest(at, value) : put_not_finite(at, value);
}

char* put_float(char* at, float value) {
    return std::isfinite(value) ? put_shortest(at, value) : put_not_finite(at, value);
}

float half_value(std::uint16_t bits) {
    const bool negative = (bits & 0x8000U) != 0;
    const int exponent = bits >> 10U & 0x1F;
    const auto fraction = static_cast<float>(bits & 0x3FFU);
    float value = 0;
    if (exponent == 0x1F) {
        value = fraction == 0 ? INFINITY : NAN;
    } else if (exponent == 0) {
        value = std::ldexp(fraction, -24);
    } else {
        value = std::ldexp(fraction + 1024, exponent - 25);
    }
    return negative ? -value : value;
}

char* put_half(char* at, std::uint16_t bits) {
    const float value = half_value(bits);
    if (!std::isfinite(value)) return put_not_finite(at, value);
    if (value == 0) return put_shortest(at, value);
    // What lies strictly between the midpoints to its neighbours reads back as this value.
    const auto magnitude = static_cast<std::uint16_t>(bits & 0x7FFFU);
    const float size = half_value(magnitude);
    const float above = magnitude == 0x7BFF ? 65536.0F : half_value(magnitude + 1);
    const float below = half_value(static_cast<std::uint16_t>(magnitude - 1));
    for (int digits = 1; digits <= 5; ++digits) {
        char* const end =
            std::to_chars(at, at + to_chars_room, value, std::chars_format::scientific, digits - 1)
                .ptr;
        float back = 0;
        std::from_chars(at, end, back);
        back = std::abs(back);
        if (back > (size + below) / 2 && back < (size + above) / 2) {
            return put_shortest(at, value < 0 ? -back : back);
        }
    }
    return put_shortest(at, value);
}

char* put_decimal(char* at, std::string_view bytes, std::int32_t scale) {
    constexpr std::int32_t max_scale = 256;
    const auto [negative, magnitude] = read_two_complement(bytes);
    std::array<char, max_digits> memory{};
    const auto digits = to_digits(magnitude, memory);
    if (negative) *at++ = '-';

    if (scale > max_scale || scale < -max_scale) {
        at = put_text(at, digits);
        *at++ = 'E';
        return put_integer(at, -std::int64_t{scale});
    }
    if (scale <= 0) {
        at = put_text(at, digits);
        return digits == "0" ? at : std::fill_n(at, -scale, '0');
    }
    const auto fraction_size = static_cast<std::size_t>(scale);
    if (digits.size() > fraction_size) {
        const auto whole = digits.size() - fraction_size;
        at = put_text(at, digits.substr(0, whole));
        *at++ = '.';
        return put_text(at, digits.substr(whole));
    }
    at = put_text(at, "0.");
    at = std::fill_n(at, fraction_size - digits.size(), '0');
    return put_text(at, digits);
}

} // namespace patchbay::command
