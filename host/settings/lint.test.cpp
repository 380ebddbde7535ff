// SPDX-License-Identifier: Apache-2.0
// Every rule of the dialect: the fault it finds, where, and the remedy it names.

#include "lint.hpp"

#include "schema_for_test.hpp"

#include <patchbay/test/temp_dir.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace json = boost::json;
using patchbay::host::all_fault_codes;
using patchbay::host::code_text;
using patchbay::host::FaultCode;
using patchbay::host::lint_request_schema;
using patchbay::host::lint_settings_schema;
using patchbay::test::descriptions;
using patchbay::test::json_of;
using patchbay::test::read_file;

namespace {

// A right schema around some properties.
json::value with_properties(std::string_view properties) {
    return json_of(fmt::format(
        R"({{"$schema": "http://json-schema.org/draft-07/schema#", "title": "T", "type": "object",
             "additionalProperties": false, "properties": {}}})",
        properties));
}

// The same with members of the root added or replaced.
json::value with_root(std::string_view members) {
    auto schema = with_properties(R"({"a": {"title": "A", "type": "string"}})");
    const auto added = json_of(members);
    for (const auto& [key, value] : added.as_object())
        schema.as_object()[key] = value;
    return schema;
}

struct Case {
    json::value schema;
    FaultCode code;
    std::string_view pointer;
    std::string_view says;
};

void check(const Case& expected) {
    INFO(json::serialize(expected.schema));
    const auto linted = lint_settings_schema(expected.schema);
    for (const auto& text : descriptions(linted.faults))
        UNSCOPED_INFO(text);
    REQUIRE(linted.faults.size() == 1);
    const auto& fault = linted.faults.front();
    CHECK(code_text(fault.code) == code_text(expected.code));
    CHECK(fault.pointer == expected.pointer);
    CHECK(fault.message.contains(expected.says));
}

// A tagged choice with one place to spoil in its second branch.
std::string choice(std::string_view second_branch, std::string_view beside = "") {
    return fmt::format(
        R"({{"c": {{"title": "C", "type": "object", {} "oneOf": [
             {{"title": "One", "type": "object", "additionalProperties": false, "required": ["kind"],
               "properties": {{"kind": {{"title": "K", "type": "string", "const": "one"}}}}}},
             {}]}}}})",
        beside, second_branch);
}

} // namespace

TEST_CASE("right schemas have no faults", "[settings][lint]") {
    namespace fs = std::filesystem;
    const fs::path schemas = PATCHBAY_SCHEMAS_DIR;
    for (const auto* name : {"dialect.schema.json", "shared.schema.json",
                             "examples/postgresql.settings.schema.json"}) {
        INFO(name);
        const auto linted = lint_settings_schema(json_of(read_file(schemas / name)));
        INFO(Catch::StringMaker<std::vector<std::string>>::convert(descriptions(linted.faults)));
        CHECK(linted.faults.empty());
        CHECK(linted.schema.has_value());
    }
}

TEST_CASE("the meta-schema takes what the linter takes", "[settings][lint]") {
    const std::filesystem::path schemas = PATCHBAY_SCHEMAS_DIR;
    const auto dialect = patchbay::test::compiled(read_file(schemas / "dialect.schema.json"));
    for (const auto* name : {"dialect.schema.json", "shared.schema.json",
                             "examples/postgresql.settings.schema.json"}) {
        INFO(name);
        CHECK(dialect.explain(json_of(read_file(schemas / name))).empty());
    }
    CHECK_FALSE(dialect.accepts(with_root(R"({"anyOf": [true]})")));
    CHECK_FALSE(dialect.accepts(with_properties(R"({"a": {"mininum": 1}})")));
}

TEST_CASE("the linter finds faults of structure", "[settings][lint]") {
    check({json_of(R"({"type": "object", "additionalProperties": false})"), FaultCode::lint_draft,
           "", R"("$schema": "http://json-schema.org/draft-07/schema#")"});
    check({with_root(R"({"$schema": "urn:mine"})"), FaultCode::lint_draft, "/$schema", "urn:mine"});
    check({json_of(R"({"$schema": "http://json-schema.org/draft-07/schema#", "title": "T"})"),
           FaultCode::lint_root_not_object, "", R"("type": "object")"});
    check({with_properties(R"({"a": {"title": "A", "mininum": 1}})"),
           FaultCode::lint_unknown_keyword, "/properties/a/mininum", "did you mean \"minimum\"?"});
    check({with_properties(R"({"a": {"title": "A", "$defs": {}}})"),
           FaultCode::lint_unknown_keyword, "/properties/a/$defs",
           "did you mean \"definitions\"?"});
    check({with_properties(R"({"a": {"title": "A", "unheardOf": 1}})"),
           FaultCode::lint_unknown_keyword, "/properties/a/unheardOf", "remove it"});
    check({with_properties(R"({"a": {"title": "A", "$ref": "#/properties/b"},
                              "b": {"title": "B", "type": "string"}})"),
           FaultCode::lint_reference_place, "/properties/a/$ref", "#/definitions/"});
    check({with_root(R"({"properties": {"a": {"$ref": "#/definitions/d", "minimum": 1}},
                         "definitions": {"d": {"title": "D", "type": "integer"}}})"),
           FaultCode::lint_ignored_keyword, "/properties/a/minimum", "ignored beside \"$ref\""});
    check({with_properties(R"({"a": {"title": "A", "type": "string", "x-order": "first"}})"),
           FaultCode::lint_annotation_type, "/properties/a/x-order",
           "must be a whole number; it is \"first\""});
    check({with_properties(R"({"a": {"title": "A", "type": "string", "x-file": "pme"}})"),
           FaultCode::lint_annotation_type, "/properties/a/x-file", R"("path" or "pem")"});
    check({with_properties(R"({"a": {"title": "A", "type": "string", "x-multiline": "no"}})"),
           FaultCode::lint_annotation_type, "/properties/a/x-multiline", "true or false"});
    check({with_properties(R"({"a": {"title": "A", "type": "string", "x-placeholder": ""}})"),
           FaultCode::lint_annotation_type, "/properties/a/x-placeholder", "not empty"});
    check(
        {with_root(R"({"x-groups": {}})"), FaultCode::lint_annotation_type, "/x-groups", "a list"});
}

TEST_CASE("the linter refuses what forms cannot show", "[settings][lint]") {
    for (const auto* keyword : {"anyOf", "allOf"}) {
        check({with_root(fmt::format(R"({{"{}": [{{"minProperties": 1}}]}})", keyword)),
               FaultCode::lint_refused_keyword, std::string("/") + keyword, "left out"});
    }
    check({with_root(R"({"not": {"minProperties": 9}})"), FaultCode::lint_refused_keyword, "/not",
           "say what is allowed"});
    check({with_root(R"({"patternProperties": {"^x": {"title": "X"}}})"),
           FaultCode::lint_refused_keyword, "/patternProperties", "additionalProperties"});
    check({with_properties(R"({"a": {"title": "A", "type": "array", "contains": {}}})"),
           FaultCode::lint_refused_keyword, "/properties/a/contains", "\"items\""});
    check(
        {with_properties(R"({"a": {"title": "A", "type": "string", "contentEncoding": "base64"}})"),
         FaultCode::lint_refused_keyword, "/properties/a/contentEncoding", "left out"});
    check({with_root(R"({"dependencies": {"a": {"minProperties": 1}}})"),
           FaultCode::lint_refused_keyword, "/dependencies/a", "list of the keys"});
    check({with_properties(R"({"a": {"title": "A", "type": "array", "items": [{}]}})"),
           FaultCode::lint_tuple_items, "/properties/a/items", "one schema"});
    check({with_properties(R"({"a": {"title": "A", "type": ["string", "null"]}})"),
           FaultCode::lint_type_not_one, "/properties/a/type", "one type"});
}

TEST_CASE("the linter finds faults of values", "[settings][lint]") {
    check({with_properties(R"({"a": {"title": "A", "enum": []}})"), FaultCode::lint_enum_values,
           "/properties/a/enum", "at least one"});
    check({with_properties(R"({"a": {"title": "A", "enum": [1, 2, 1.0]}})"),
           FaultCode::lint_enum_values, "/properties/a/enum", "0 and 2 are equal"});
    check({with_properties(
               R"({"a": {"title": "A", "type": "integer", "maximum": 9, "default": 10}})"),
           FaultCode::lint_default_invalid, "/properties/a/default",
           "must be at most 9; it is 10"});
    check({with_properties(R"({"a": {"title": "A", "type": "object", "additionalProperties": false,
                                     "properties": {"b": {"title": "B", "type": "integer"}},
                                     "default": {"b": "x"}}})"),
           FaultCode::lint_default_invalid, "/properties/a/default", "/b: must be a whole number"});
    check({with_root(R"({"properties": {"a": {"$ref": "#/definitions/d", "default": "x"}},
                         "definitions": {"d": {"title": "D", "type": "integer"}}})"),
           FaultCode::lint_default_invalid, "/properties/a/default", "must be a whole number"});
    check({with_properties(R"({"a": {"title": "A", "type": "integer", "examples": [1, "x"]}})"),
           FaultCode::lint_example_invalid, "/properties/a/examples/1", "must be a whole number"});
    check({with_properties(R"({"a": {"title": "A", "type": "string", "format": "hostnam"}})"),
           FaultCode::lint_unknown_format, "/properties/a/format", "did you mean \"hostname\"?"});
    check({with_properties(R"({"a": {"title": "A", "type": "string", "pattern": "^x"}})"),
           FaultCode::lint_pattern_message_missing, "/properties/a/pattern", "x-pattern-message"});
    check({with_properties(R"({"a": {"title": "A", "type": "string", "x-pattern-message": "M"}})"),
           FaultCode::lint_ignored_keyword, "/properties/a/x-pattern-message", "\"pattern\""});
    check(
        {with_properties(
             R"({"a": {"title": "A", "type": "string", "pattern": "\\@", "x-pattern-message": "M"}})"),
         FaultCode::lint_pattern_not_portable, "/properties/a/pattern", "flag \"u\""});
    for (const auto* port :
         {R"({"type": "integer", "minimum": 1, "maximum": 65536})",
          R"({"type": "integer", "minimum": 0, "maximum": 65535})", R"({"type": "string"})"}) {
        auto schema = json_of(port);
        schema.as_object()["title"] = "P";
        check({with_properties(fmt::format(R"({{"http_port": {}}})", json::serialize(schema))),
               FaultCode::lint_port_range, "/properties/http_port", "\"maximum\": 65535"});
    }
}

TEST_CASE("the linter finds faults of objects", "[settings][lint]") {
    check({with_properties(R"({"a": {"type": "string"}})"), FaultCode::lint_title_missing,
           "/properties/a", "needs a \"title\""});
    check({with_properties(R"({"a": true})"), FaultCode::lint_title_missing, "/properties/a",
           "needs a \"title\""});
    check({with_root(R"({"properties": {"a": {"$ref": "#/definitions/d"}},
                         "definitions": {"d": {"type": "integer"}}})"),
           FaultCode::lint_title_missing, "/properties/a", "needs a \"title\""});
    check({with_root(R"({"additionalProperties": true})"), FaultCode::lint_object_open, "",
           "\"additionalProperties\": false"});
    check({with_properties(R"({"a": {"title": "A", "type": "object"}})"),
           FaultCode::lint_object_open, "/properties/a", "must say what it holds"});
    check(
        {with_properties(R"({"a": {"title": "A", "type": "object", "additionalProperties": {}}})"),
         FaultCode::lint_object_open, "/properties/a", "must say what it holds"});
    check({with_root(R"({"required": ["b"]})"), FaultCode::lint_required_undeclared, "/required",
           "names \"b\""});
    check({with_root(R"({"dependencies": {"a": ["bb"]}})"), FaultCode::lint_dependency_undeclared,
           "/dependencies/a", "names \"bb\""});
    check({with_root(R"({"required": ["a"]})"), FaultCode::lint_text_unbounded, "/properties/a",
           "\"minLength\": 1"});
    check({with_properties(R"({"runtime": {"title": "R", "type": "string"}})"),
           FaultCode::lint_reserved_name, "/properties/runtime", "choose another"});
    check({with_properties(R"({"m": {"title": "M", "type": "object", "additionalProperties":
                                       {"type": "string"}, "required": ["b"]}, "x": 5})"),
           FaultCode::schema_not_a_schema, "/properties/x", "it is a number"});
}

TEST_CASE("the linter finds faults of choices", "[settings][lint]") {
    constexpr std::string_view right =
        R"({"title": "Two", "type": "object", "additionalProperties": false, "required": ["kind"],
            "properties": {"kind": {"title": "K", "type": "string", "const": "two"}}})";
    CHECK(lint_settings_schema(with_properties(choice(right))).faults.empty());

    const auto without = [&](std::string_view key) {
        auto branch = json_of(right);
        branch.as_object().erase(json::string_view(key.data(), key.size()));
        return json::serialize(branch);
    };
    check({with_properties(choice(without("title"))), FaultCode::lint_title_missing,
           "/properties/c/oneOf/1", "by which people choose"});
    check({with_properties(choice(without("type"))), FaultCode::lint_choice_branch_open,
           "/properties/c/oneOf/1", "closed object"});
    check({with_properties(choice(without("required"))), FaultCode::lint_choice_discriminator,
           "/properties/c/oneOf/1", "must list \"kind\""});
    check({with_properties(choice(right, R"("discriminator": {"propertyName": "method"},)")),
           FaultCode::lint_choice_discriminator, "/properties/c/discriminator",
           "did you mean \"kind\"?"});
    check({with_properties(choice(right, R"("discriminator": "kind",)")),
           FaultCode::lint_annotation_type, "/properties/c/discriminator", "propertyName"});
    check({with_properties(choice(right, R"("additionalProperties": false,)")),
           FaultCode::lint_choice_form, "/properties/c/additionalProperties", "remove it here"});
    check({with_properties(choice(right, R"("properties": {"x": {"title": "X"}},)")),
           FaultCode::lint_choice_form, "/properties/c/properties/x", "can never be given"});
    check(
        {with_properties(choice(R"({"title": "Two", "type": "object", "additionalProperties": false,
                                      "properties": {}})")),
         FaultCode::lint_choice_form, "/properties/c/oneOf", "one key tells apart"});
    check({with_properties(R"({"a": {"title": "A", "oneOf": [{"const": "x", "title": "X"}]}})"),
           FaultCode::lint_choice_form, "/properties/a/oneOf", "two or more"});
    check({with_properties(
               R"({"a": {"title": "A", "oneOf": [{"const": "x", "title": "X"}, {"const": "y"}]}})"),
           FaultCode::lint_title_missing, "/properties/a/oneOf/1", "instead of the constant"});
}

TEST_CASE("the linter finds faults of conditions", "[settings][lint]") {
    check({with_root(R"({"then": {"required": ["a"]}})"), FaultCode::lint_ignored_keyword, "/then",
           "without \"if\""});
    check({with_root(R"({"if": {"required": ["a"]}})"), FaultCode::lint_ignored_keyword, "/if",
           "without \"then\""});
    check({with_root(R"({"if": {"required": ["a"]}, "then": {"required": ["aa"]}})"),
           FaultCode::lint_required_undeclared, "/then/required", "names \"aa\""});
    check(
        {with_root(R"({"if": {"required": ["a"]}, "then": {"properties": {"b": {"minimum": 1}}}})"),
         FaultCode::lint_condition_new_property, "/then/properties/b", "no form would show it"});
    check(
        {with_root(R"({"if": {"properties": {"abc": {"const": 1}}}, "else": {"required": ["a"]}})"),
         FaultCode::lint_condition_new_property, "/if/properties/abc", "declare it outside"});
    check({with_properties(
               R"({"o": {"title": "O", "type": "object", "additionalProperties": false,
                         "properties": {"in": {"title": "I", "type": "object",
                                               "additionalProperties": false,
                                               "properties": {"x": {"title": "X"}}}},
                         "if": {"required": ["in"]},
                         "then": {"properties": {"in": {"required": ["x", "y"]}}}}})"),
           FaultCode::lint_required_undeclared, "/properties/o/then/properties/in/required",
           "names \"y\""});
    // What a condition may do: require and bound what is declared, in the object or its branches.
    CHECK(lint_settings_schema(with_root(R"({"if": {"properties": {"a": {"const": "x"}}},
                                             "then": {"properties": {"a": {"maxLength": 3}}}})"))
              .faults.empty());
}

TEST_CASE("the linter finds faults of secrets", "[settings][lint]") {
    for (const auto* name : {"password", "client_secret", "apiToken", "access_key", "credentials",
                             "connection_string", "url", "proxy_url", "dsn"}) {
        check(
            {with_properties(fmt::format(R"({{"{}": {{"title": "A", "type": "string"}}}})", name)),
             FaultCode::lint_secret_unmarked, std::string("/properties/") + name,
             "\"x-secret\": true"});
        CHECK(lint_settings_schema(
                  with_properties(fmt::format(
                      R"({{"{}": {{"title": "A", "type": "string", "x-secret": false}}}})", name)))
                  .faults.empty());
    }
    for (const auto* name : {"key_file", "token_type", "keyboard", "password_file", "key"}) {
        INFO(name);
        CHECK(lint_settings_schema(with_properties(fmt::format(
                                       R"({{"{}": {{"title": "A", "type": "string"}}}})", name)))
                  .faults.empty());
    }
    check({with_properties(R"({"a": {"title": "A", "type": "string", "writeOnly": true}})"),
           FaultCode::lint_secret_unmarked, "/properties/a", "looks like a secret"});
    check({with_properties(
               R"({"a": {"title": "A", "type": "string", "x-secret": true, "writeOnly": true}})"),
           FaultCode::lint_secret_incomplete, "/properties/a", R"("format": "password")"});
    check({with_properties(R"({"a": {"title": "A", "type": "string", "x-secret": true,
                                     "format": "password", "writeOnly": true, "default": "x"}})"),
           FaultCode::lint_secret_default, "/properties/a/default", "remove it"});
}

TEST_CASE("who takes URLs has a setting for one", "[settings][lint]") {
    const std::vector<std::string> schemes{"postgresql", "postgres"};
    const auto postgresql =
        json_of(read_file(PATCHBAY_SCHEMAS_DIR "/examples/postgresql.settings.schema.json"));
    CHECK(lint_settings_schema(postgresql, schemes).faults.empty());

    const auto faults =
        lint_settings_schema(with_properties(R"({"a": {"title": "A"}})"), schemes).faults;
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().code == FaultCode::lint_url_branch_missing);
    CHECK(faults.front().message.contains("\"postgresql\", \"postgres\""));
}

TEST_CASE("a request schema may use any name", "[settings][lint]") {
    const auto schema = with_properties(R"({"default": {"title": "D", "type": "string"}})");

    CHECK(lint_request_schema(schema).faults.empty());
    CHECK(lint_settings_schema(schema).faults.size() == 1);
    CHECK(lint_request_schema(with_properties(R"({"a": {}})")).faults.size() == 1);
}

TEST_CASE("faults stand in the order of the document", "[settings][lint]") {
    const auto faults = lint_settings_schema(json_of(R"({
        "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
        "properties": {"a": {"title": "A", "pattern": "("},
                       "b": {"type": "object", "title": "B", "additionalProperties": false,
                             "properties": {"c": {}}},
                       "d": {}},
        "additionalProperties": false, "required": ["e"]})"))
                            .faults;
    std::vector<std::string> places;
    places.reserve(faults.size());
    for (const auto& fault : faults)
        places.push_back(fault.pointer);

    CHECK(places == std::vector<std::string>{"/properties/a/pattern", "/properties/a/pattern",
                                             "/properties/b/properties/c", "/properties/d",
                                             "/required"});
}

TEST_CASE("the linter bears what does not compile", "[settings][lint]") {
    for (const auto* text :
         {R"({"$ref": "#"})", R"({"properties": {"a": {"$ref": "#/definitions/x"}},
              "definitions": {"x": {"$ref": "#/definitions/y"}, "y": {"$ref": "#/definitions/x"}}})",
          R"({"oneOf": 5, "if": 7, "then": [], "required": {}, "dependencies": 1})", "[]", "true",
          R"({"oneOf": [{"properties": {"a": {"const": 1}}, "required": 5}, false]})"}) {
        INFO(text);
        const auto linted = lint_settings_schema(json_of(text));
        CHECK_FALSE(linted.faults.empty());
    }
}

TEST_CASE("every code has a text of its own", "[settings][lint]") {
    std::set<std::string_view> texts;
    for (const auto code : all_fault_codes()) {
        const auto text = code_text(code);
        INFO(text);
        const auto subject = text.substr(0, text.find('.'));
        CHECK((subject == "settings" || subject == "document" || subject == "connections" ||
               subject == "schema" || subject == "lint"));
        CHECK(texts.insert(text).second);
    }
    CHECK(static_cast<std::size_t>(FaultCode::lint_url_branch_missing) + 1 == texts.size());
}
