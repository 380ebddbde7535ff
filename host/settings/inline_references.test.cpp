// SPDX-License-Identifier: Apache-2.0
// A schema for forms has no reference left, and means the same.

#include "inline_references.hpp"

#include "schema_for_test.hpp"

#include <patchbay/test/temp_dir.hpp>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace json = boost::json;
using patchbay::host::FaultCode;
using patchbay::host::inline_references;
using patchbay::test::compiled;
using patchbay::test::json_of;
using patchbay::test::read_file;

TEST_CASE("references are replaced by what they lead to", "[settings][inline]") {
    const auto inlined = inline_references(compiled(R"({
        "$id": "urn:x:1",
        "properties": {"a": {"$ref": "#/definitions/d", "title": "Own", "maximum": 5},
                       "b": {"items": {"$ref": "#/definitions/e"}},
                       "c": {"enum": [{"$ref": "#/definitions/d"}]},
                       "t": {"$ref": "#/definitions/t"}},
        "definitions": {"d": {"$id": "#d", "type": "integer", "title": "D", "description": "of D"},
                        "e": {"$ref": "#d"}, "t": true}})"));

    REQUIRE(inlined.has_value());
    CHECK(*inlined == json_of(R"({
        "$id": "urn:x:1",
        "properties": {"a": {"type": "integer", "title": "Own", "description": "of D"},
                       "b": {"items": {"type": "integer", "title": "D", "description": "of D"}},
                       "c": {"enum": [{"$ref": "#/definitions/d"}]},
                       "t": true}})"));
}

TEST_CASE("the inlined sample gives the same verdicts alone", "[settings][inline]") {
    const auto schema =
        compiled(read_file(PATCHBAY_SCHEMAS_DIR "/examples/postgresql.settings.schema.json"));

    const auto inlined = inline_references(schema);

    REQUIRE(inlined.has_value());
    const auto text = json::serialize(*inlined);
    CHECK_FALSE(text.contains("$ref"));
    const auto alone = compiled(text);
    for (const auto* settings :
         {R"({"connection": {"method": "params", "host": "h", "database": "d", "user": "u",
                             "tls": {"ca_source": "file"}}})",
          R"({"connection": {"method": "params", "host": "h", "database": "d", "user": "u",
                             "tls": {"mode": "auto"}}})",
          R"({"connection": {"method": "url", "url": "postgresql://h"}})", "{}"}) {
        INFO(settings);
        CHECK(alone.accepts(json_of(settings)) == schema.accepts(json_of(settings)));
    }
}

TEST_CASE("a schema that contains itself cannot be inlined", "[settings][inline]") {
    const auto inlined = inline_references(compiled(
        R"({"properties": {"tree": {"$ref": "#/definitions/node"}},
            "definitions": {"node": {"items": {"$ref": "#/definitions/node"}}}})"));

    REQUIRE_FALSE(inlined.has_value());
    CHECK(inlined.error().code == FaultCode::schema_recursive);
    CHECK(inlined.error().pointer == "/definitions/node/items/$ref");
    CHECK(inlined.error().message.contains("contains it"));
}

TEST_CASE("references that multiply are refused in time", "[settings][inline]") {
    std::string schema = R"({"items": {"$ref": "#/definitions/d60"}, "definitions": {"d0": true)";
    for (int i = 1; i <= 60; ++i) {
        schema += fmt::format(
            R"(, "d{0}": {{"properties": {{"a": {{"$ref": "#/definitions/d{1}"}}, "b": {{"$ref": "#/definitions/d{1}"}}}}}})",
            i, i - 1);
    }
    const auto inlined = inline_references(compiled(schema + "}}"));

    REQUIRE_FALSE(inlined.has_value());
    CHECK(inlined.error().code == FaultCode::schema_too_large);
    CHECK(inlined.error().message.contains("100000"));
}
