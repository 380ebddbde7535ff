// SPDX-License-Identifier: Apache-2.0
// YAML means what JSON means, or is refused with its place.

#include "yaml_document.hpp"

#include <patchbay/test/catch.hpp>

#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>
#include <utility>

using patchbay::host::FaultCode;
using patchbay::host::read_yaml;
using patchbay::host::YamlLimits;

namespace {

constexpr YamlLimits limits{10'000, 8, 100};

std::string as_json(std::string_view yaml) {
    const auto document = read_yaml(yaml, limits);
    INFO(yaml);
    if (!document) FAIL(document.error().text());
    return boost::json::serialize(document->value);
}

struct Refused {
    std::string_view yaml;
    FaultCode code;
    std::size_t line;
    std::string_view pointer;
    std::string_view says;
};

} // namespace

TEST_CASE("YAML scalars mean what the 1.2 core schema says", "[host][yaml]") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"yes", R"("yes")"},
        {"No", R"("No")"},
        {"on", R"("on")"},
        {"true", "true"},
        {"FALSE", "false"},
        {"tRue", R"("tRue")"},
        {"~", "null"},
        {"", "null"},
        {"Null", "null"},
        {"12", "12"},
        {"-12", "-12"},
        {"+12", "12"},
        {"012", "12"},
        {"0o17", "15"},
        {"0xfF", "255"},
        {"1_000", R"("1_000")"},
        {"12:30:45", R"("12:30:45")"},
        {"2026-11-21", R"("2026-11-21")"},
        {"1.5", "1.5E0"},
        {".5", "5E-1"},
        {"1.", "1E0"},
        {"1e3", "1E3"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"18446744073709551615", "18446744073709551615"},
        {"'12'", R"("12")"},
        {"\"true\"", R"("true")"},
        {"1.2.3", R"("1.2.3")"},
        {"e5", R"("e5")"},
        {"-", R"("-")"},
        {"|\n  two\n  lines\n", R"("two\nlines\n")"},
    };
    for (const auto& [scalar, json] : cases) {
        if (scalar == "-") continue; // a sequence entry on its own; see below
        CHECK(as_json("key: " + std::string(scalar)) == "{\"key\":" + std::string(json) + "}");
    }
    CHECK(as_json("{a: -}") == R"({"a":"-"})");
}

TEST_CASE("JSON is YAML, surrogate pairs included", "[host][yaml]") {
    CHECK(as_json(R"({"a":[1,-2.5,true,null],"b":{"c":"\ud83d\ude00\/"}})") ==
          "{\"a\":[1,-2.5E0,true,null],\"b\":{\"c\":\"\xF0\x9F\x98\x80/\"}}");
    CHECK(as_json("[]") == "[]");
}

TEST_CASE("anchors may be used again", "[host][yaml]") {
    CHECK(as_json("a: &x {p: 1}\nb: *x\nc: [*x, *x]\n") ==
          R"({"a":{"p":1},"b":{"p":1},"c":[{"p":1},{"p":1}]})");
}

TEST_CASE("every value has its place", "[host][yaml]") {
    const auto document = read_yaml("# first\na:\n  b: 1\n  'c/d': [x,\n       y]\n", limits);

    REQUIRE(document.has_value());
    const auto line = [&](std::string_view pointer) {
        const auto found = document->positions.find(pointer);
        REQUIRE(found != document->positions.end());
        return std::pair(found->second.line, found->second.column);
    };
    CHECK(line("/a") == std::pair<std::size_t, std::size_t>(2, 1));
    CHECK(line("/a/b") == std::pair<std::size_t, std::size_t>(3, 3));
    CHECK(line("/a/c~1d") == std::pair<std::size_t, std::size_t>(4, 3));
    CHECK(line("/a/c~1d/1") == std::pair<std::size_t, std::size_t>(5, 8));
}

TEST_CASE("YAML that two readers could read in two ways is refused", "[host][yaml]") {
    const std::string deep = std::string(9, '[') + std::string(9, ']');
    const std::string large(10'001, ' ');
    const Refused cases[] = {
        {"a: 1\nb: 2\na: 3\n", FaultCode::document_duplicate_key, 3, "/a",
         "\"a\" stands twice; the first is in line 1"},
        {"a:\n  x: 1\n  x: 2\n", FaultCode::document_duplicate_key, 3, "/a/x", "\"x\""},
        {"base: &b {x: 1}\na:\n  <<: *b\n", FaultCode::document_merge_key, 3, "/a", "<<"},
        {"a: !!str 1\n", FaultCode::document_tag, 1, "/a", "tag:yaml.org,2002:str"},
        {"a: !secret x\n", FaultCode::document_tag, 1, "/a", "!secret"},
        {"1: a\n", FaultCode::document_key, 1, "", "\"1\" with quotes"},
        {"true: a\n", FaultCode::document_key, 1, "", "\"true\""},
        {"? [x]\n: a\n", FaultCode::document_key, 1, "", "key"},
        {"a: 1\n---\nb: 2\n", FaultCode::document_several, 3, "", "one document"},
        {"a: .inf\n", FaultCode::document_number, 1, "/a", ".inf"},
        {"a: .nan\n", FaultCode::document_number, 1, "/a", ".nan"},
        {"a: 1e999\n", FaultCode::document_number, 1, "/a", "1e999"},
        {"a: 18446744073709551616\n", FaultCode::document_number, 1, "/a", "64 bits"},
        {"a: &x [*x]\n", FaultCode::document_alias, 1, "/a", "alias"},
        {"a: {b: 1\n", FaultCode::document_syntax, 2, "", "is not YAML"},
        {"a: *nowhere\n", FaultCode::document_syntax, 1, "", "is not YAML"},
        {"a: 'b\n", FaultCode::document_syntax, 1, "/a", "never closed"},
        {"a: &x \"b\\\"\n", FaultCode::document_syntax, 1, "/a", "never closed"},
        {"a: 1\nb: 'it''s\nc: d\n", FaultCode::document_syntax, 2, "/b", "never closed"},
        {"\tb: 1", FaultCode::document_syntax, 1, "", "is not YAML"},
        {"a: \xff\n", FaultCode::document_encoding, 1, "", "UTF-8"},
        {std::string_view("a: b\nc: \0\n", 10), FaultCode::document_encoding, 2, "", "control"},
        {deep, FaultCode::document_too_deep, 1, "/0/0/0/0/0/0/0", "8 levels"},
        {large, FaultCode::document_too_large, 0, "",
         "10001 bytes are more than the 10000 allowed"},
    };
    for (const auto& refused : cases) {
        INFO(refused.yaml.substr(0, 60));

        const auto document = read_yaml(refused.yaml, limits);

        REQUIRE_FALSE(document.has_value());
        INFO(document.error().text());
        CHECK(document.error().code == refused.code);
        CHECK(document.error().at.line == refused.line);
        CHECK(document.error().pointer == refused.pointer);
        CHECK(document.error().text().contains(refused.says));
    }
}

TEST_CASE("an alias bomb is refused before it is built", "[host][yaml]") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const auto before = std::string("*a").append(std::to_string(i - 1));
        const auto name = std::string("a").append(std::to_string(i));
        bomb += name + ": &" + name + " [" + before;
        for (int j = 0; j < 9; ++j)
            bomb += ", " + before;
        bomb += "]\n";
    }

    const auto document = read_yaml(bomb, {10'000, 8, 100'000});

    REQUIRE_FALSE(document.has_value());
    CHECK(document.error().code == FaultCode::document_too_large);
    CHECK(document.error().message.contains("100000 values"));
}
