// SPDX-License-Identifier: Apache-2.0
// The type table of README.md, line by line.

#include "result_shape.hpp"

#include <patchbay/test/catch.hpp>

#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

using namespace patchbay::sqlite;

namespace {

using enum ColumnKind;

ColumnKind kind(std::string_view declared, ColumnTypes types = ColumnTypes::declared) {
    return kind_of_declared_type(declared, types, InvalidText::error);
}

} // namespace

TEST_CASE("a declared type stands for the kind that its affinity gives", "[sqlite][types]") {
    const std::pair<std::string_view, ColumnKind> cases[] = {
        {"INTEGER", integer},
        {"int", integer},
        {"BIGINT", integer},
        {"TINYINT(1)", integer},
        {"UNSIGNED INT8", integer},
        {"BOOLEAN", integer},
        {"TEXT", text},
        {"VARCHAR(255)", text},
        {"NCHAR", text},
        {"CLOB", text},
        {"BLOB", blob},
        {"REAL", real},
        {"DOUBLE PRECISION", real},
        {"FLOAT", real},
        {"NUMERIC", real},
        {"DECIMAL(10,5)", real},
        {"MONEY", real},
        {"POINT", undecided},
        {"INTERVAL", undecided},
        {"DATE", undecided},
        {"TIMESTAMP", undecided},
        {"JSON", undecided},
        {"", undecided},
        {"CHARINT", integer},
        {"POINT INT", integer},
    };
    for (const auto& [declared, expected] : cases) {
        INFO(declared);
        CHECK(kind(declared) == expected);
    }
}

TEST_CASE("settings make text of what is not declared, or of all but blobs", "[sqlite][types]") {
    CHECK(kind("", ColumnTypes::text_if_undeclared) == text);
    CHECK(kind("DATE", ColumnTypes::text_if_undeclared) == text);
    CHECK(kind("INTEGER", ColumnTypes::text_if_undeclared) == integer);
    CHECK(kind("INTEGER", ColumnTypes::text) == text);
    CHECK(kind("BLOB", ColumnTypes::text) == blob);
    CHECK(kind_of_declared_type("TEXT", ColumnTypes::declared, InvalidText::binary) == raw_text);
    CHECK(kind_of_declared_type("REAL", ColumnTypes::declared, InvalidText::binary) == real);
}

TEST_CASE("first rows decide for a type that holds all of them", "[sqlite][types]") {
    const auto decide = [](const SeenValues& seen) {
        return kind_of_values(seen, InvalidText::error);
    };

    CHECK(decide({}) == text);
    CHECK(decide({.integers = true}) == integer);
    CHECK(decide({.reals = true}) == real);
    CHECK(decide({.integers = true, .reals = true}) == real);
    CHECK(decide({.integers = true, .inexact_integers = true, .reals = true}) == text);
    CHECK(decide({.integers = true, .inexact_integers = true}) == integer);
    CHECK(decide({.integers = true, .texts = true}) == text);
    CHECK(decide({.blobs = true}) == blob);
    CHECK(decide({.texts = true, .blobs = true}) == text); // then the blob is a fault
    CHECK(kind_of_values({.texts = true, .blobs = true}, InvalidText::binary) == raw_text);
}

TEST_CASE("only integers that a double holds exactly pass for real numbers", "[sqlite][types]") {
    constexpr std::int64_t limit = std::int64_t{1} << 53U;
    CHECK(is_exact_double(0));
    CHECK(is_exact_double(limit));
    CHECK(is_exact_double(-limit));
    CHECK_FALSE(is_exact_double(limit + 1));
    CHECK_FALSE(is_exact_double(std::numeric_limits<std::int64_t>::max()));
    CHECK(is_exact_double(std::numeric_limits<std::int64_t>::min()));
}
