// SPDX-License-Identifier: Apache-2.0
// The name of a document decides how strictly it is read.

#include "document.hpp"

#include <patchbay/test/catch.hpp>

#include <boost/json/serialize.hpp>

#include <string_view>

using namespace patchbay::host;

namespace {

constexpr YamlLimits limits{1000, 8, 100};

} // namespace

TEST_CASE("a document named .json is JSON and nothing more", "[host][document]") {
    struct Refused {
        std::string_view text;
        FaultCode code;
        std::size_t line;
    };
    const Refused cases[] = {
        {"{\n\"a\": 1\n", FaultCode::document_syntax, 3},
        {"{\"a\": 1,}", FaultCode::document_syntax, 1},
        {"a: 1\n", FaultCode::document_syntax, 1},
        {"{\"a\": 1, \"a\": 2}", FaultCode::document_duplicate_key, 1},
        {"[1e999]", FaultCode::document_number, 1},
        {"[[[[[[[[[]]]]]]]]]", FaultCode::document_too_deep, 1},
        {"", FaultCode::document_syntax, 1},
    };
    for (const auto& refused : cases) {
        INFO(refused.text);

        const auto document = read_document("settings.json", refused.text, limits);

        REQUIRE_FALSE(document.has_value());
        INFO(document.error().text());
        CHECK(document.error().code == refused.code);
        CHECK(document.error().at.line == refused.line);
        CHECK_FALSE(document.error().message.contains("YAML"));
    }
    CHECK(read_document("settings.yaml", "{\"a\": 1,}", limits).has_value());
}

TEST_CASE("a document named .json has positions like any other", "[host][document]") {
    const auto document = read_document("settings.json", "{\n\t\"a\": \"x\\/y\"\n}\n", limits);

    REQUIRE(document.has_value());
    CHECK(boost::json::serialize(document->value) == R"({"a":"x/y"})");
    REQUIRE(document->positions.contains("/a"));
    CHECK(document->positions.find("/a")->second.line == 2);
}

TEST_CASE("JSON that is no YAML to us is read all the same", "[host][document]") {
    const auto document = read_document("s.json", R"({"a": "\ud83d\ude00"})", limits);

    REQUIRE(document.has_value());
    CHECK(document->value.at("a").get_string() == "\xf0\x9f\x98\x80");
}
