// SPDX-License-Identifier: Apache-2.0
// Numbers as text: exact, shortest, and back again.

#include "output/number_text.hpp"

#include <patchbay/test/catch.hpp>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>

using namespace patchbay::command;

namespace {

template <class Put, class... Values>
std::string text_of(Put put, Values... values) {
    std::array<char, number_room> room{};
    return {room.data(), put(room.data(), values...)};
}

// A decimal of so many bytes, from its low parts; the sign goes through the rest.
std::string decimal_bytes(std::size_t width, std::int64_t low) {
    std::string bytes(width, low < 0 ? '\xFF' : '\0');
    std::memcpy(bytes.data(), &low, std::min(width, sizeof low));
    return bytes;
}

std::string decimal_text(std::size_t width, std::int64_t low, int scale) {
    return text_of(put_decimal, decimal_bytes(width, low), scale);
}

} // namespace

TEST_CASE("integers are written to the last digit", "[command][output]") {
    CHECK(text_of(put_integer, std::int64_t{0}) == "0");
    CHECK(text_of(put_integer, std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(text_of(put_unsigned, std::numeric_limits<std::uint64_t>::max()) ==
          "18446744073709551615");
}

TEST_CASE("floats are the shortest text that reads back", "[command][output]") {
    CHECK(text_of(put_double, 0.1) == "0.1");
    CHECK(text_of(put_double, 1e300) == "1e+300");
    CHECK(text_of(put_double, 5.0) == "5");
    CHECK(text_of(put_double, -0.0) == "-0");
    CHECK(text_of(put_double, 5e-324) == "5e-324");
    CHECK(text_of(put_float, 0.1F) == "0.1");
    CHECK(text_of(put_float, 16777216.0F) == "16777216");

    std::mt19937_64 random(42);
    for (int i = 0; i < 10'000; ++i) {
        const auto value = std::bit_cast<double>(random());
        if (!std::isfinite(value)) continue;
        const auto text = text_of(put_double, value);
        double back = 0;
        std::from_chars(text.data(), text.data() + text.size(), back);
        REQUIRE(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(value));
    }
}

TEST_CASE("what is not finite has a name", "[command][output]") {
    constexpr auto infinity = std::numeric_limits<double>::infinity();

    CHECK(text_of(put_double, infinity) == "Infinity");
    CHECK(text_of(put_double, -infinity) == "-Infinity");
    CHECK(text_of(put_double, -std::nan("")) == "NaN");
    CHECK(text_of(put_float, -std::numeric_limits<float>::infinity()) == "-Infinity");
    CHECK(text_of(put_half, std::uint16_t{0x7C00}) == "Infinity");
    CHECK(text_of(put_half, std::uint16_t{0xFC00}) == "-Infinity");
    CHECK(text_of(put_half, std::uint16_t{0x7E00}) == "NaN");
}

TEST_CASE("half floats are the shortest text that reads back", "[command][output]") {
    CHECK(text_of(put_half, std::uint16_t{0x2E66}) == "0.1");
    CHECK(text_of(put_half, std::uint16_t{0x3C00}) == "1");
    CHECK(text_of(put_half, std::uint16_t{0xBE00}) == "-1.5");
    CHECK(text_of(put_half, std::uint16_t{0x0001}) == "6e-08"); // the smallest there is
    CHECK(text_of(put_half, std::uint16_t{0x0000}) == "0");
    CHECK(text_of(put_half, std::uint16_t{0x8000}) == "-0");
    CHECK(text_of(put_half, std::uint16_t{0x7BFF}) == "65500"); // 65504, and nothing else is near

    // Every value but the names: nearest to its text among all.
    for (std::uint16_t bits = 0; bits < 0x7C00; ++bits) {
        const auto text = text_of(put_half, bits);
        double written = 0;
        std::from_chars(text.data(), text.data() + text.size(), written);
        const double own = std::abs(written - half_value(bits));
        INFO(text);
        if (bits > 0) {
            const auto below = static_cast<std::uint16_t>(bits - 1);
            REQUIRE(own < std::abs(written - half_value(below)));
        }
        if (bits < 0x7BFF) {
            const auto above = static_cast<std::uint16_t>(bits + 1);
            REQUIRE(own < std::abs(written - half_value(above)));
        }
    }
}

TEST_CASE("decimals keep every digit", "[command][output]") {
    for (const std::size_t width : {4U, 8U, 16U, 32U}) {
        INFO(width);
        CHECK(decimal_text(width, 1250, 2) == "12.50");
        CHECK(decimal_text(width, -1250, 2) == "-12.50");
        CHECK(decimal_text(width, 0, 2) == "0.00");
        CHECK(decimal_text(width, 0, 0) == "0");
        CHECK(decimal_text(width, -5, 3) == "-0.005");
        CHECK(decimal_text(width, 5, 1) == "0.5");
        CHECK(decimal_text(width, 123, -3) == "123000");
        CHECK(decimal_text(width, 0, -3) == "0");
        CHECK(decimal_text(width, 125, 300) == "125E-300");
        CHECK(decimal_text(width, 125, -300) == "125E300");
        CHECK(decimal_text(width, 7, 256) == "0." + std::string(255, '0') + "7");
    }
    CHECK(decimal_text(8, std::numeric_limits<std::int64_t>::min(), 4) == "-922337203685477.5808");
}

TEST_CASE("decimals of 128 and 256 bits reach their ends", "[command][output]") {
    std::string largest(16, '\xFF');
    largest.back() = '\x7F';
    CHECK(text_of(put_decimal, largest, 0) == "170141183460469231731687303715884105727");
    std::string smallest(16, '\0');
    smallest.back() = '\x80';
    CHECK(text_of(put_decimal, smallest, 10) == "-17014118346046923173168730371.5884105728");

    largest.assign(32, '\xFF');
    largest.back() = '\x7F';
    CHECK(text_of(put_decimal, largest, 0) ==
          "57896044618658097711785492504343953926634992332820282019728792003956564819967");
    smallest.assign(32, '\0');
    smallest.back() = '\x80';
    CHECK(text_of(put_decimal, smallest, 0) ==
          "-57896044618658097711785492504343953926634992332820282019728792003956564819968");

    // Zeros in the middle belong to the number: 10^38 as two's complement.
    const std::array<std::uint64_t, 2> power{0x098A224000000000U, 0x4B3B4CA85A86C47AU};
    std::string bytes(16, '\0');
    std::memcpy(bytes.data(), power.data(), bytes.size());
    CHECK(text_of(put_decimal, bytes, 0) == "1" + std::string(38, '0'));
}
