// SPDX-License-Identifier: Apache-2.0
// Requests, and the SQL that they become.

#include "request.hpp"

#include <patchbay/test/catch.hpp>

#include <string>
#include <string_view>
#include <utility>

using namespace patchbay::sqlite;

TEST_CASE("a table request becomes a statement with every name in quotes", "[sqlite][request]") {
    const auto request = read_request(
        R"({"table":"main.\"a.\"\"b\"","columns":["x","y\"; DROP"],"where":"x > 1 -- c","limit":7})");

    REQUIRE(request.has_value());
    REQUIRE(request->table.has_value());
    CHECK(select_statement(*request->table) ==
          "SELECT \"x\", \"y\"\"; DROP\" FROM \"main\".\"a.\"\"b\" "
          "WHERE (x > 1 -- c\n) LIMIT 7");
    CHECK(probe_of_where(*request->table) ==
          "SELECT CASE WHEN (x > 1 -- c\n) THEN 1 END FROM \"main\".\"a.\"\"b\"");
}

TEST_CASE("a query is taken as it is", "[sqlite][request]") {
    const auto request = read_request(R"({"query":"SELECT 1"})");

    REQUIRE(request.has_value());
    CHECK(request->query == "SELECT 1");
    CHECK_FALSE(request->table.has_value());
}

TEST_CASE("a request that cannot be meant is refused with its pointer", "[sqlite][request]") {
    struct Case {
        std::string_view json;
        std::string_view pointer;
        std::string_view words;
    };
    const Case cases[] = {
        {"", "", "no JSON"},
        {"[]", "", "must be an object"},
        {"{}", "", "either \"query\" or \"table\""},
        {R"({"query":"SELECT 1","table":"t"})", "", "either \"query\" or \"table\""},
        {R"({"query":"SELECT 1","limit":1})", "", "go with \"table\""},
        {R"({"query":7})", "/query", "must be text; it is 7"},
        {R"({"query":""})", "/query", "must not be empty"},
        {R"({"query":"a\u0000b"})", "/query", "no NUL"},
        {R"({"table":"t","limit":-1})", "/limit", "whole number from 0"},
        {R"({"table":"t","columns":[]})", "/columns", "at least one name"},
        {R"({"table":"t","columns":["a",7]})", "/columns/1", "must be text"},
        {R"({"table":"a.b.c"})", "/table", "3 parts"},
        {R"({"table":"t","sort":"a"})", "", "\"sort\" is not known here"},
    };
    for (const auto& [json, pointer, words] : cases) {
        INFO(json);
        const auto request = read_request(json);
        REQUIRE_FALSE(request.has_value());
        CHECK(request.error().code == PATCHBAY_INVALID_REQUEST);
        CHECK(request.error().pointer == pointer);
        CHECK(request.error().message.contains(words));
    }
}

TEST_CASE("a request of thousands of levels is refused, not followed", "[sqlite][request]") {
    const std::string levels(100'000, '[');

    const auto request = read_request(R"({"query":)" + levels);

    REQUIRE_FALSE(request.has_value());
    CHECK(request.error().code == PATCHBAY_INVALID_REQUEST);
}
