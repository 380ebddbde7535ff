// SPDX-License-Identifier: Apache-2.0
// What keeps a schema from being compiled, and where the fault is said to be.

#include "compiler.hpp"

#include "schema_for_test.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <limits>

namespace json = boost::json;
using patchbay::host::compile_schema;
using patchbay::host::CompileOptions;
using patchbay::host::Documents;
using patchbay::host::FaultCode;
using patchbay::host::max_pattern_size;
using patchbay::host::max_schema_faults;
using patchbay::host::max_schema_levels;
using patchbay::host::max_subschemas;
using patchbay::host::Schema;
using patchbay::test::compile_faults;
using patchbay::test::compiled;
using patchbay::test::descriptions;
using patchbay::test::json_of;

namespace {

// true, so many levels deep under that keyword.
json::value nested(std::string_view keyword, std::size_t levels) {
    json::value schema = true;
    for (std::size_t i = 0; i < levels; ++i) {
        json::object outer;
        outer[{keyword.data(), keyword.size()}] = std::move(schema);
        schema = std::move(outer);
    }
    return schema;
}

} // namespace

TEST_CASE("a faulty schema is refused with code, pointer and reason", "[settings][compiler]") {
    struct Case {
        std::string_view schema;
        FaultCode code;
        std::string_view pointer;
        std::string_view says;
    };
    const Case cases[] = {
        {"5", FaultCode::schema_not_a_schema, "", "it is a number"},
        {R"({"items": "a"})", FaultCode::schema_not_a_schema, "/items", "it is text"},
        {R"({"properties": {"a/b": null}})", FaultCode::schema_not_a_schema, "/properties/a~1b",
         "it is null"},
        {R"({"$schema": "https://json-schema.org/draft/2020-12/schema"})", FaultCode::schema_draft,
         "/$schema", "2020-12"},
        {R"({"type": "strin"})", FaultCode::schema_keyword_value, "/type", "\"string\"?"},
        {R"({"type": []})", FaultCode::schema_keyword_value, "/type", "at least one"},
        {R"({"type": ["null", "null"]})", FaultCode::schema_keyword_value, "/type", "null"},
        {R"({"type": 1})", FaultCode::schema_keyword_type, "/type", "must be text; it is a number"},
        {R"({"title": 1})", FaultCode::schema_keyword_type, "/title", "must be text"},
        {R"({"readOnly": "yes"})", FaultCode::schema_keyword_type, "/readOnly", "true or false"},
        {R"({"examples": {}})", FaultCode::schema_keyword_type, "/examples", "a list"},
        {R"({"minimum": "1"})", FaultCode::schema_keyword_type, "/minimum", "must be a number"},
        {R"({"exclusiveMinimum": true})", FaultCode::schema_keyword_type, "/exclusiveMinimum",
         "it is true"},
        {R"({"multipleOf": 0})", FaultCode::schema_keyword_value, "/multipleOf", "more than 0"},
        {R"({"multipleOf": -0.5})", FaultCode::schema_keyword_value, "/multipleOf", "-0.5"},
        {R"({"minLength": -1})", FaultCode::schema_keyword_type, "/minLength",
         "at least 0; it is -1"},
        {R"({"maxItems": 1.5})", FaultCode::schema_keyword_type, "/maxItems", "it is 1.5"},
        {R"({"uniqueItems": 1})", FaultCode::schema_keyword_type, "/uniqueItems", "true or false"},
        {R"({"properties": []})", FaultCode::schema_keyword_type, "/properties", "an object"},
        {R"({"required": "a"})", FaultCode::schema_keyword_type, "/required", "a list of names"},
        {R"({"required": ["a", 1]})", FaultCode::schema_keyword_type, "/required", "a number"},
        {R"({"required": ["a", "b", "a"]})", FaultCode::schema_keyword_value, "/required",
         "\"a\" stands twice"},
        {R"({"dependencies": {"a": ["b", "b"]}})", FaultCode::schema_keyword_value,
         "/dependencies/a", "\"b\" stands twice"},
        {R"({"dependencies": {"a": 1}})", FaultCode::schema_not_a_schema, "/dependencies/a",
         "it is a number"},
        {R"({"enum": {}})", FaultCode::schema_keyword_type, "/enum", "a list"},
        {R"({"allOf": []})", FaultCode::schema_keyword_value, "/allOf", "at least one"},
        {R"({"oneOf": {"a": true}})", FaultCode::schema_keyword_type, "/oneOf", "a list"},
        {R"({"pattern": "(a"})", FaultCode::schema_pattern, "/pattern", "not closed"},
        {R"j({"pattern": "(?=a)"})j", FaultCode::schema_pattern, "/pattern", "look-ahead"},
        {R"j({"pattern": "((a{500}){3})"})j", FaultCode::schema_pattern, "/pattern", "simpler"},
        {R"({"patternProperties": {"[": true}})", FaultCode::schema_pattern, "/patternProperties/[",
         "not closed"},
        {R"({"$id": 1})", FaultCode::schema_keyword_type, "/$id", "must be text"},
        {R"({"definitions": {"a": {"$id": "urn:x:1"}, "b": {"$id": "urn:x:1"}}})",
         FaultCode::schema_duplicate_id, "/definitions/b/$id", "urn:x:1"},
        {R"({"definitions": {"a": {"$id": "#n"}, "b": {"$id": "#n"}}})",
         FaultCode::schema_duplicate_id, "/definitions/b/$id", "#n"},
        {R"({"$ref": 1})", FaultCode::schema_keyword_type, "/$ref", "must be text"},
        {R"({"items": {"$ref": "#/definitions/adress"}, "definitions": {"address": true}})",
         FaultCode::schema_reference_unresolved, "/items/$ref", "\"#/definitions/address\"?"},
        {R"({"$ref": "#/enum/0", "enum": [1]})", FaultCode::schema_not_a_schema, "/enum/0",
         "a number"},
        {R"({"$ref": "#name"})", FaultCode::schema_reference_unresolved, "/$ref", "name"},
        {R"({"$ref": "http://example.org/a.json"})", FaultCode::schema_reference_remote, "/$ref",
         "never fetched"},
        {R"({"$ref": "other.json"})", FaultCode::schema_reference_remote, "/$ref", "other.json"},
        {R"({"$ref": "urn:patchbay:shared:9#/definitions/tls"})",
         FaultCode::schema_reference_remote, "/$ref", "urn:patchbay:shared:9"},
        {R"({"$ref": "urn:patchbay:shared:1#/definitions/tsl"})",
         FaultCode::schema_reference_unresolved, "/$ref", "#/definitions/tls\"?"},
        {R"({"$ref": "#"})", FaultCode::schema_reference_loop, "/$ref", "itself"},
        {R"({"allOf": [{"anyOf": [{"if": true, "then": {"$ref": "#"}}]}]})",
         FaultCode::schema_reference_loop, "/allOf/0/anyOf/0/then/$ref", "itself"},
        {R"({"definitions": {"a": {"not": {"$ref": "#/definitions/b"}},
                             "b": {"dependencies": {"x": {"$ref": "#/definitions/a"}}}}})",
         FaultCode::schema_reference_loop, "/definitions/b/dependencies/x/$ref", "itself"},
    };
    for (const auto& expected : cases) {
        INFO(expected.schema);
        const auto faults = compile_faults(json_of(expected.schema));
        INFO(descriptions(faults).front());
        REQUIRE(faults.size() == 1);
        CHECK(faults.front().code == expected.code);
        CHECK(faults.front().pointer == expected.pointer);
        CHECK(faults.front().message.contains(expected.says));
    }
}

TEST_CASE("all faults of a schema are told at once", "[settings][compiler]") {
    const auto faults = compile_faults(json_of(
        R"({"type": "strin", "minimum": "a", "properties": {"a": {"pattern": "("}, "b": 1}})"));

    CHECK(faults.size() == 4);
}

TEST_CASE("a number that is none bounds nothing", "[settings][compiler]") {
    const json::value schema = {{"maximum", std::numeric_limits<double>::quiet_NaN()}};

    CHECK(compile_faults(schema).front().pointer == "/maximum");
}

TEST_CASE("a circle that looks deeper into the value is no loop", "[settings][compiler]") {
    const auto list = compiled(R"({"properties": {"next": {"$ref": "#"}}, "required": ["value"]})");

    CHECK(list.accepts(json_of(R"({"value": 1, "next": {"value": 2}})")));
    CHECK_FALSE(list.accepts(json_of(R"({"value": 1, "next": {}})")));
    CHECK(compiled(R"({"propertyNames": {"$ref": "#"}, "items": {"$ref": "#"}})")
              .accepts(json_of("[{}]")));
}

TEST_CASE("the limits of a schema hold", "[settings][compiler]") {
    SECTION("levels") {
        const auto at_limit = nested("items", max_schema_levels - 1);
        CHECK(Schema::compile(at_limit).has_value());

        const auto faults = compile_faults(json::value{{"items", at_limit}});
        REQUIRE(faults.size() == 1);
        CHECK(faults.front().code == FaultCode::schema_too_deep);
        CHECK(faults.front().message.contains("128"));
    }
    SECTION("levels far beyond") {
        CHECK(compile_faults(nested("not", 100'000)).front().code == FaultCode::schema_too_deep);
    }
    SECTION("subschemas") {
        json::array branches;
        for (std::size_t i = 1; i < max_subschemas; ++i)
            branches.emplace_back(true);
        CHECK(Schema::compile(json::value{{"anyOf", branches}}).has_value());

        branches.emplace_back(true);
        const auto faults = compile_faults(json::value{{"anyOf", branches}});
        REQUIRE(faults.size() == 1);
        CHECK(faults.front().code == FaultCode::schema_too_large);
        CHECK(faults.front().pointer == "/anyOf/19999");
        CHECK(faults.front().message.contains("20000"));
    }
    SECTION("patterns") {
        json::array branches;
        for (std::size_t i = 0; i < max_pattern_size / 500; ++i)
            branches.emplace_back(json::object{{"pattern", fmt::format("^[a-z]{{500}}{}", i)}});
        const auto faults = compile_faults(json::value{{"anyOf", std::move(branches)}});
        REQUIRE(faults.size() == 1);
        CHECK(faults.front().code == FaultCode::schema_pattern_size);
    }
    SECTION("references to references") {
        const auto chain = [](int length) {
            json::object definitions{{"d0", true}};
            for (int i = 1; i <= length; ++i)
                definitions[fmt::format("d{}", i)] = {
                    {"$ref", fmt::format("#/definitions/d{}", i - 1)}};
            return json::value{{"definitions", std::move(definitions)}};
        };
        CHECK(Schema::compile(chain(128)).has_value());

        const auto faults = compile_faults(chain(20'000 - 10));
        REQUIRE(faults.size() == 1);
        CHECK(faults.front().code == FaultCode::schema_too_deep);
        CHECK(faults.front().pointer.ends_with("/$ref"));
    }
    SECTION("faults") {
        json::array branches;
        for (std::size_t i = 0; i < 10 * max_schema_faults; ++i)
            branches.emplace_back(5);
        const auto faults = compile_faults(json::value{{"anyOf", std::move(branches)}});
        CHECK(faults.size() == max_schema_faults);
        CHECK(faults.back().code == FaultCode::schema_more);
    }
}

TEST_CASE("equal patterns of one schema are compiled once", "[settings][compiler]") {
    const auto compilation =
        compile_schema(json_of(R"({"properties": {"a": {"pattern": "^x"}, "b": {"pattern": "^x"},
                                   "c": {"pattern": "^y"}},
                    "patternProperties": {"^x": true}})"),
                       Documents::built_in());

    REQUIRE(compilation.faults.empty());
    CHECK(compilation.schema->patterns.size() == 2);
}

TEST_CASE("references reach documents that were registered, and no others",
          "[settings][compiler]") {
    Documents documents;
    documents.add("urn:x:numbers", json_of(R"({"definitions": {
        "small": {"maximum": 9, "properties": {"x": {"minimum": "none"}}},
        "named": {"$id": "urn:x:digit", "$ref": "#/definitions/small"},
        "digit": {"$id": "#digit", "type": "integer", "maximum": 9}}})"));
    const CompileOptions options{documents};

    const auto digit = Schema::compile(json_of(R"({"$ref": "urn:x:numbers#digit"})"), options);
    REQUIRE(digit.has_value());
    CHECK(digit->accepts(json_of("9")));
    CHECK_FALSE(digit->accepts(json_of("10")));

    const auto faulty = Schema::compile(
        json_of(R"({"items": {"$ref": "urn:x:numbers#/definitions/small"}})"), options);
    REQUIRE_FALSE(faulty.has_value());
    CHECK(faulty.error().front().pointer ==
          "urn:x:numbers#/definitions/small/properties/x/minimum");

    const auto unknown = Schema::compile(json_of(R"({"$ref": "urn:patchbay:shared:1"})"), options);
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().front().code == FaultCode::schema_reference_remote);
}

TEST_CASE("a schema may refer to what stands under an unknown keyword", "[settings][compiler]") {
    const auto schema =
        compiled(R"({"$ref": "#/parts/0", "parts": [{"items": {"$ref": "#/parts/1"}},
                                                                    {"type": "boolean"}]})");

    CHECK(schema.accepts(json_of("[true]")));
    CHECK_FALSE(schema.accepts(json_of("[1]")));
}

TEST_CASE("the built-in documents compile", "[settings][compiler]") {
    const auto tls = compiled(R"({"$ref": "urn:patchbay:shared:1#/definitions/tls"})");
    CHECK(tls.accepts(json_of(R"({"mode": "verify-full"})")));
    CHECK_FALSE(tls.accepts(json_of(R"({"ca_source": "file"})")));

    const auto meta = compiled(R"({"$ref": "http://json-schema.org/draft-07/schema#"})");
    CHECK(meta.accepts(json_of(R"({"minLength": 1})")));
    CHECK_FALSE(meta.accepts(json_of(R"({"minLength": -1})")));
    CHECK_FALSE(meta.accepts(json_of(R"({"properties": {"a": {"type": "strin"}}})")));
}
