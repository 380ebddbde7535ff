// SPDX-License-Identifier: Apache-2.0
// What a person is told: the agreed messages, every keyword's own, and never a secret.

#include "explanation.hpp"

#include "schema_for_test.hpp"

#include <patchbay/test/temp_dir.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace json = boost::json;
using patchbay::host::Fault;
using patchbay::host::fault_json;
using patchbay::host::FaultCode;
using patchbay::host::max_settings_faults;
using patchbay::host::Schema;
using patchbay::test::compiled;
using patchbay::test::descriptions;
using patchbay::test::json_of;

namespace {

Schema postgresql() {
    return compiled(patchbay::test::read_file(PATCHBAY_SCHEMAS_DIR
                                              "/examples/postgresql.settings.schema.json"));
}

// Right settings, with some keys set anew.
json::value with(std::string_view changes) {
    auto settings = json_of(R"({"connection": {"method": "params", "host": "db.example.org",
                                               "database": "shop", "user": "ana"}})");
    const auto members = json_of(changes);
    auto& connection = settings.at("connection").as_object();
    for (const auto& [key, value] : members.as_object()) {
        if (value.is_null()) {
            connection.erase(key);
        } else {
            connection[key] = value;
        }
    }
    return settings;
}

std::vector<std::string> told(const Schema& schema, std::string_view value) {
    return descriptions(schema.explain(json_of(value)));
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("the agreed mistakes get the agreed messages", "[settings][explanation]") {
    const auto schema = postgresql();
    const auto explain = [&](std::string_view changes) {
        return descriptions(schema.explain(with(changes)));
    };

    CHECK(explain("{}").empty());
    CHECK(explain(R"({"port": 70000})") ==
          Texts{"/connection/port: must be at most 65535; it is 70000"});
    CHECK(explain(R"({"host": null, "hots": "db.example.org"})") ==
          Texts{R"(/connection: needs the setting "host" (Host))",
                R"(/connection: has the unknown setting "hots"; did you mean "host"?)"});
    CHECK(explain(R"({"url": "postgresql://db.example.org/shop"})") ==
          Texts{R"(/connection: has the unknown setting "url"; with method "params" give host, )"
                R"(database and user, or choose method "url")"});
    CHECK(explain(R"({"tls": {"mode": "verify_full"}})") ==
          Texts{R"(/connection/tls/mode: must be one of "auto", ..., "verify-full"; it is )"
                R"("verify_full"; did you mean "verify-full"?)"});
    CHECK(explain(R"({"tls": {"ca_source": "file"}})") ==
          Texts{R"j(/connection/tls: needs the setting "ca_file" (CA certificate file) because )j"
                R"(ca_source is "file")"});
}

TEST_CASE("a choice that is not made is asked for", "[settings][explanation]") {
    const auto schema = postgresql();

    CHECK(told(schema, R"({"connection": {}})") ==
          Texts{R"j(/connection: needs the setting "method" (Method): "params" or "url")j"});
    CHECK(told(schema, R"({"connection": {"host": "h", "ulr": "u"}})") ==
          Texts{R"(/connection: has the unknown setting "ulr"; did you mean "url"?)"});
    CHECK(told(schema, R"({"connection": {"url": "u", "host": "h"}})") ==
          Texts{R"j(/connection: needs the setting "method" (Method): "params" or "url")j"});
    CHECK(told(schema,
               R"({"connection": {"url": "u", "host": "h", "database": "d", "user": "u"}})") ==
          Texts{R"(/connection: has the unknown setting "url"; with method "params" give host, )"
                R"(database and user, or choose method "url")"});
    CHECK(told(schema, R"({"connection": {"host": "h", "database": "d", "user": "u"}})") ==
          Texts{R"j(/connection: needs the setting "method" (Method): "params" or "url")j"});
    CHECK(told(schema, R"({"connection": {"method": "parms", "host": 5}})") ==
          Texts{R"(/connection/method: must be one of "params", "url"; it is "parms"; did you )"
                R"(mean "params"?)"});
    CHECK(told(schema, R"({"connection": {"metod": "url"}})") ==
          Texts{R"(/connection: has the unknown setting "metod"; did you mean "method"?)"});
}

TEST_CASE("a setting that stands one level too high is sent to its place",
          "[settings][explanation]") {
    const auto schema = postgresql();

    CHECK(
        told(schema, R"({"host": "h"})") ==
        Texts{
            R"j(needs the setting "connection" (Connection))j",
            R"(has the unknown setting "host"; it belongs inside "connection": /connection/host)"});
    // Two have it, or it is there already: nobody can tell what was meant.
    const auto two = compiled(R"({"additionalProperties": false, "properties": {
        "a": {"properties": {"path": {}}}, "b": {"properties": {"path": {}, "x": {}}}}})");
    CHECK(told(two, R"({"path": 1})") == Texts{R"(has the unknown setting "path")"});
    CHECK(told(two, R"({"x": 1, "b": {"x": 2}})") == Texts{R"(has the unknown setting "x")"});
    const auto faults = two.explain(json_of(R"({"x": 1})"));
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().suggestion == "/b/x");
}

TEST_CASE("a request has words of its own", "[settings][explanation]") {
    const auto schema = compiled(R"({"additionalProperties": false, "required": ["table"],
        "properties": {"table": {"type": "string"}, "limit": {"type": "integer"}},
        "maxProperties": 1, "dependencies": {"limit": ["order"]}})");

    CHECK(descriptions(schema.explain_request(json_of(R"({"query": "x", "limit": 1})"))) ==
          Texts{R"(needs "table")", "must hold at most 1 member; it holds 2",
                R"(does not take "query")", R"(needs "order" because limit is given)"});
}

TEST_CASE("five faults give five messages, each in its place", "[settings][explanation]") {
    const auto faults =
        postgresql().explain(with(R"({"host": "", "port": "5432", "database": 5, "user": null,
                 "tls": {"cert_file": "c.pem"}})"));

    const auto texts = descriptions(faults);
    REQUIRE(texts.size() == 5);
    CHECK(texts[0] == R"j(/connection: needs the setting "user" (User))j");
    CHECK(texts[1] == "/connection/host: must not be empty");
    CHECK(texts[2] == "/connection/database: must be text; it is 5; write it in quotes");
    CHECK(texts[3] == R"(/connection/port: must be a whole number; it is the text "5432"; )"
                      "write it without quotes");
    CHECK(texts[4] == R"j(/connection/tls: needs the setting "key_file" (Client key file) )j"
                      "because cert_file is given");
    CHECK(faults[3].suggestion == "5432");
    CHECK(faults[4].schema_pointer ==
          "urn:patchbay:shared:1#/definitions/tls/dependencies/cert_file");
}

TEST_CASE("a fault says the same to a program", "[settings][explanation]") {
    const auto faults = postgresql().explain(with(R"({"tls": {"mode": "verify_full"}})"));

    REQUIRE(faults.size() == 1);
    const auto object = json_of(fault_json(faults.front()));
    CHECK(object.at("code") == "settings.enum");
    CHECK(object.at("pointer") == "/connection/tls/mode");
    CHECK(object.at("schema_pointer") ==
          "urn:patchbay:shared:1#/definitions/tls/properties/mode/oneOf");
    CHECK(object.at("keyword") == "oneOf");
    CHECK(object.at("suggestion") == "verify-full");
    CHECK(object.at("params").at("allowed").as_array().size() == 7);
    CHECK(object.at("params").at("actual") == "verify_full");
    CHECK(json_of(fault_json(Fault{})).at("suggestion").is_null());
}

TEST_CASE("every keyword has its words, code and place", "[settings][explanation]") {
    struct Case {
        std::string_view schema;
        std::string_view value;
        FaultCode code;
        std::string_view schema_pointer;
        std::string_view says;
    };
    const Case cases[] = {
        {R"({"type": ["string", "null"]})", "5", FaultCode::settings_type, "/type",
         "must be text or null; it is 5; write it in quotes"},
        {R"({"type": "number"})", R"("x")", FaultCode::settings_type, "/type",
         R"(must be a number; it is the text "x")"},
        {R"({"type": "boolean"})", R"("true")", FaultCode::settings_type, "/type",
         R"(must be true or false; it is the text "true"; write it without quotes)"},
        {R"({"enum": ["a", 1, null]})", "2", FaultCode::settings_enum, "/enum",
         R"(must be one of "a", 1, null; it is 2)"},
        {R"({"enum": [{"a": 1}]})", "[]", FaultCode::settings_enum, "/enum",
         R"(must be {"a":1}; it is a list)"},
        {R"({"enum": []})", "1", FaultCode::settings_enum, "/enum", "no value is; it is 1"},
        {R"({"const": "a"})", R"("b")", FaultCode::settings_const, "/const",
         R"(must be "a"; it is "b")"},
        {R"({"minimum": 1.5})", "1", FaultCode::settings_minimum, "/minimum",
         "must be at least 1.5; it is 1"},
        {R"({"exclusiveMinimum": 0})", "0", FaultCode::settings_exclusive_minimum,
         "/exclusiveMinimum", "must be more than 0; it is 0"},
        {R"({"exclusiveMaximum": 9})", "9", FaultCode::settings_exclusive_maximum,
         "/exclusiveMaximum", "must be less than 9; it is 9"},
        {R"({"multipleOf": 0.5})", "0.7", FaultCode::settings_multiple_of, "/multipleOf",
         "must be a multiple of 0.5; it is 0.7"},
        {R"({"minLength": 2})", "\"\u00e9\"", FaultCode::settings_min_length, "/minLength",
         "must have at least 2 characters; it has 1"},
        {R"({"maxLength": 1})", R"("abc")", FaultCode::settings_max_length, "/maxLength",
         "must have at most 1 character; it has 3"},
        {R"({"pattern": "^a"})", R"("b")", FaultCode::settings_pattern, "/pattern",
         R"(must match the pattern ^a; it is "b")"},
        {R"({"pattern": "^a", "x-pattern-message": "Begin with a"})", R"("b")",
         FaultCode::settings_pattern, "/pattern",
         R"(does not have the right form: Begin with a; it is "b")"},
        {R"({"format": "ipv4"})", R"("::1")", FaultCode::settings_format, "/format",
         R"(must be an IPv4 address such as 192.0.2.1; it is "::1")"},
        {R"({"minItems": 1})", "[]", FaultCode::settings_min_items, "/minItems",
         "must not be empty"},
        {R"({"minItems": 2})", "[1]", FaultCode::settings_min_items, "/minItems",
         "must hold at least 2 items; it holds 1"},
        {R"({"maxItems": 1})", "[1, 2]", FaultCode::settings_max_items, "/maxItems",
         "must hold at most 1 item; it holds 2"},
        {R"({"items": [true], "additionalItems": false})", "[1, 2]", FaultCode::settings_max_items,
         "/additionalItems", "must hold at most 1 item; it holds 2"},
        {R"({"items": false})", "[1]", FaultCode::settings_max_items, "/items",
         "must hold at most 0 items; it holds 1"},
        {R"({"uniqueItems": true})", "[1, 2, 1.0]", FaultCode::settings_unique_items,
         "/uniqueItems", "must not hold the same item twice; 0 and 2 are equal"},
        {R"({"contains": {"const": "a"}})", "[]", FaultCode::settings_contains, "/contains",
         R"(must hold an item that is "a")"},
        {R"({"contains": {"minimum": 3}})", "[1]", FaultCode::settings_contains, "/contains",
         R"(must hold an item of the kind that "contains" describes)"},
        {R"({"required": ["a"]})", "{}", FaultCode::settings_required, "/required",
         R"(needs the setting "a")"},
        {R"({"additionalProperties": false})", R"({"a": 1})", FaultCode::settings_unknown,
         "/additionalProperties", R"(has the unknown setting "a")"},
        {R"({"minProperties": 2})", R"({"a": 1})", FaultCode::settings_min_properties,
         "/minProperties", "must hold at least 2 settings; it holds 1"},
        {R"({"maxProperties": 0})", R"({"a": 1})", FaultCode::settings_max_properties,
         "/maxProperties", "must hold at most 0 settings; it holds 1"},
        {R"({"propertyNames": {"maxLength": 2}})", R"({"abc": 1})",
         FaultCode::settings_property_names, "/propertyNames",
         R"(has the setting "abc", whose name must have at most 2 characters; it has 3)"},
        {R"({"dependencies": {"a": ["b"]}})", R"({"a": 1})", FaultCode::settings_dependencies,
         "/dependencies/a", R"(needs the setting "b" because a is given)"},
        {R"({"dependencies": {"a": {"maxProperties": 1}}})", R"({"a": 1, "b": 2})",
         FaultCode::settings_max_properties, "/dependencies/a/maxProperties",
         "must hold at most 1 setting because a is given; it holds 2"},
        {R"({"not": {"type": "string"}})", R"("a")", FaultCode::settings_not, "/not",
         R"(must not be text; it is "a")"},
        {R"({"not": {"minimum": 1}})", "2", FaultCode::settings_not, "/not",
         R"(must not be what "not" describes; it is 2)"},
        {"false", "1", FaultCode::settings_forbidden, "", "is not allowed here"},
        {R"({"properties": {"a": false}})", R"({"a": 1})", FaultCode::settings_forbidden,
         "/properties/a", "/a: is not allowed here"},
        {R"({"if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"b": {"maximum": 5}}}})",
         R"({"a": 1, "b": 7})", FaultCode::settings_maximum, "/then/properties/b/maximum",
         "/b: must be at most 5 because a is 1; it is 7"},
        {R"({"if": {"required": ["a"]}, "else": {"required": ["b"]}})", "{}",
         FaultCode::settings_required, "/else/required",
         R"(needs the setting "b" because a is not given)"},
        {R"({"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "else": {"required": ["b"]}})",
         R"({"a": 2})", FaultCode::settings_required, "/else/required",
         R"(needs the setting "b" because a is not 1)"},
        {R"({"if": {"properties": {"a": {"minimum": 5}}}, "then": {"required": ["b"]}})",
         R"({"a": 7})", FaultCode::settings_required, "/then/required", R"(needs the setting "b")"},
        {R"({"allOf": [{"minimum": 5}, {"minimum": 5}]})", "1", FaultCode::settings_minimum,
         "/allOf/0/minimum", "must be at least 5; it is 1"},
        {R"({"anyOf": [{"type": "string"}, {"type": "array"}]})", "5", FaultCode::settings_type,
         "/anyOf", "must be text or a list; it is 5"},
        {R"({"anyOf": [{"const": "a"}, {"enum": ["b", "c"]}]})", R"("d")", FaultCode::settings_enum,
         "/anyOf", R"(must be one of "a", "b", "c"; it is "d")"},
        {R"({"oneOf": [{"minimum": 1, "title": "A"}, {"maximum": 9}]})", "5",
         FaultCode::settings_one_of, "/oneOf",
         R"(must fit only one of the forms allowed here; it fits "A" and form 2)"},
        {R"({"anyOf": [{"maximum": 1, "title": "A"}, {"minimum": 9}]})", "5",
         FaultCode::settings_any_of, "/anyOf",
         R"(fits none of the 2 forms allowed here: "A": must be at most 1; it is 5; form 2: )"
         R"(must be at least 9; it is 5)"},
    };
    for (const auto& expected : cases) {
        INFO(expected.schema << " and " << expected.value);
        const auto schema = compiled(expected.schema);
        const auto faults = schema.explain(json_of(expected.value));
        REQUIRE(faults.size() == 1);
        const auto text = describe(faults.front());
        INFO(text);
        CHECK(faults.front().code == expected.code);
        CHECK(faults.front().schema_pointer == expected.schema_pointer);
        CHECK(text.ends_with(expected.says));
    }
}

TEST_CASE("the branch that was meant speaks for a choice without tag", "[settings][explanation]") {
    const auto schema = compiled(R"({"anyOf": [
        {"type": "object", "required": ["command"], "additionalProperties": false,
         "properties": {"command": {"type": "string"}, "shell": {"type": "boolean"}}},
        {"type": "object", "required": ["image", "tag"], "additionalProperties": false,
         "properties": {"image": {"type": "string"}, "tag": {"type": "string"}}},
        {"type": "string", "minLength": 3}]})");

    CHECK(told(schema, R"({"image": "debian", "tag": 12})") ==
          Texts{"/tag: must be text; it is 12; write it in quotes"});
    CHECK(told(schema, R"({"comand": "ls", "shell": true})") ==
          Texts{R"(needs the setting "command")",
                R"(has the unknown setting "comand"; did you mean "command"?)"});
    CHECK(told(schema, R"("ls")") == Texts{"must have at least 3 characters; it has 2"});
    CHECK(told(schema, "5") == Texts{"must be text or an object; it is 5"});
}

TEST_CASE("branches inside branches do not flood", "[settings][explanation]") {
    std::string inner = R"({"minimum": 5})";
    for (int i = 0; i < 20; ++i)
        inner = fmt::format(R"({{"anyOf": [{0}, {0}]}})", i < 8 ? inner : R"({"minimum": 5})");

    const auto faults = compiled(inner).explain(json_of("1"));

    REQUIRE(faults.size() == 1);
    CHECK(faults.front().message.size() < 400);
}

TEST_CASE("a key of another branch is told from one that is unknown", "[settings][explanation]") {
    const auto schema = compiled(R"({"oneOf": [
        {"required": ["kind"], "additionalProperties": false,
         "properties": {"kind": {"const": "file"}, "path": {}}},
        {"required": ["kind", "url"], "additionalProperties": false,
         "properties": {"kind": {"const": "http"}, "url": {}, "proxy": {}}},
        {"required": ["kind", "url"], "additionalProperties": false,
         "properties": {"kind": {"const": "ftp"}, "url": {}}}]})");

    CHECK(
        told(schema, R"({"kind": "file", "url": "u"})") ==
        Texts{R"(has the unknown setting "url"; kind "file" does not take it; choose kind "http" )"
              R"(or "ftp")"});
    CHECK(told(schema, R"({"kind": "ftp", "url": "u", "proxi": "p"})") ==
          Texts{R"(has the unknown setting "proxi")"});
    CHECK(
        told(schema, R"({"kind": "ftp", "url": "u", "proxy": "p"})") ==
        Texts{
            R"(has the unknown setting "proxy"; with kind "ftp" give url, or choose kind "http")"});
}

TEST_CASE("long values are abridged and odd ones escaped", "[settings][explanation]") {
    const auto schema = compiled(R"({"const": "a"})");

    const auto message = schema.explain(json::value(std::string(5000, 'x'))).front().message;
    CHECK(message.size() < 200);
    CHECK(message.contains("..."));
    CHECK(told(schema, R"("a\u001b[31m\n\"")") == Texts{R"(must be "a"; it is "a\u001b[31m\n\"")"});
}

TEST_CASE("a schema cannot play tricks on a terminal", "[settings][explanation]") {
    const auto schema = compiled(
        "{\"required\": [\"a\"], \"properties\": {\"a\": {\"title\": \"\\u001b[2JA\u009b\"}}}");

    CHECK(told(schema, "{}") == Texts{R"j(needs the setting "a" ( [2JA  ))j"});
}

TEST_CASE("no message holds the value of a secret", "[settings][explanation]") {
    constexpr std::string_view canary = "CANARY-7351";
    const auto schema = compiled(R"({
        "properties": {
            "plain": {"type": "integer"},
            "password": {"type": "string", "x-secret": true, "minLength": 20, "pattern": "^p",
                         "format": "uuid", "enum": ["CANARY-7352"], "const": "CANARY-7353"},
            "pin": {"type": "integer", "x-secret": true, "minimum": 100, "multipleOf": 7},
            "old": {"format": "password", "maxLength": 1},
            "write_only": {"writeOnly": true, "maxLength": 1},
            "object": {"x-secret": true, "properties": {"inner": {"const": 1}},
                       "additionalProperties": {"maxLength": 1}},
            "list": {"type": "array", "items": {"x-secret": true, "maxLength": 1}},
            "map": {"additionalProperties": {"x-secret": true, "type": "integer"}},
            "both": {"allOf": [{"x-secret": true}, {"maxLength": 1}, {"not": {"type": "string"}}]},
            "ref": {"$ref": "#/definitions/secret"},
            "connection": {"type": "object", "properties": {"url": {"x-secret": true}}},
            "choice": {"oneOf": [{"properties": {"kind": {"const": "a"}, "key": {"x-secret": true}}},
                                 {"properties": {"kind": {"const": "b"}, "key": {"maxLength": 1}}}]},
            "reason": {"if": {"properties": {"token": {"enum": ["CANARY-7351", "b"]}},
                              "required": ["token"]},
                       "then": {"required": ["x"]},
                       "properties": {"token": {"x-secret": true}}}
        },
        "additionalProperties": {"type": "integer"},
        "definitions": {"secret": {"x-secret": true, "maxLength": 1}}})");
    const std::string_view cases[] = {
        R"({"password": "CANARY-7351"})",
        R"({"pin": 7351})",
        R"({"old": "CANARY-7351"})",
        R"({"write_only": "CANARY-7351"})",
        R"({"object": {"inner": "CANARY-7351", "other": "CANARY-7351"}})",
        R"({"object": "CANARY-7351"})",
        R"({"list": ["CANARY-7351"]})",
        R"({"list": "CANARY-7351"})",
        R"({"map": {"a": "CANARY-7351"}})",
        R"({"both": "CANARY-7351"})",
        R"({"ref": "CANARY-7351"})",
        R"({"connection": "CANARY-7351"})",
        R"({"choice": {"kind": "b", "key": "CANARY-7351"}})",
        R"({"reason": {"token": "CANARY-7351"}})",
        R"({"pasword": "CANARY-7351"})",   // misspelt: taken for one that nobody declares
        R"({"api_token": "CANARY-7351"})", // sounds like one
        R"({"connection": [{"url": "CANARY-7351"}]})",
    };
    for (const auto text : cases) {
        INFO(text);
        const auto settings = json_of(text);
        const auto faults = schema.explain(settings);
        if (!text.contains("object\": \"")) REQUIRE_FALSE(faults.empty());
        for (const auto& fault : faults) {
            const auto shown = describe(fault) + fault_json(fault);
            INFO(shown);
            CHECK_FALSE(shown.contains(canary));
            CHECK_FALSE(fault.message.contains("7351"));
            CHECK(fault.suggestion.empty());
        }
    }
    // The test would see it, were it shown.
    CHECK(
        describe(schema.explain(json_of(R"({"plain": "CANARY-7351"})")).front()).contains(canary));
}

TEST_CASE("many faults end in one that says so", "[settings][explanation]") {
    json::array items;
    for (int i = 0; i < 100'000; ++i)
        items.emplace_back("x");
    const auto faults = compiled(R"({"items": {"type": "integer"}})").explain(items);

    REQUIRE(faults.size() == max_settings_faults);
    CHECK(faults.back().code == FaultCode::settings_more);
}

TEST_CASE("what cannot be decided in time is a fault of its own", "[settings][explanation]") {
    std::string schema = R"({"definitions": {"0": {"type": "integer"})";
    for (int i = 1; i <= 60; ++i) {
        schema += fmt::format(
            R"(, "{0}": {{"allOf": [{{"$ref": "#/definitions/{1}"}}, {{"$ref": "#/definitions/{1}"}}]}})",
            i, i - 1);
    }
    const auto doubling = compiled(schema + R"(}, "not": {"$ref": "#/definitions/60"}})");

    const auto faults = doubling.explain(json_of("1"));

    REQUIRE(faults.size() == 1);
    CHECK(faults.front().code == FaultCode::settings_budget);
    CHECK(faults.front().message.contains("2000000 steps"));
}

TEST_CASE("the walk that words the faults bears the deepest evaluation",
          "[settings][explanation]") {
    const auto schema = compiled(
        R"({"type": ["array", "string"], "items": {"allOf": [{"anyOf": [{"$ref": "#"}]}]}})");
    json::value deep = 1;
    for (int i = 0; i < 140; ++i)
        deep = json::array{std::move(deep)};

    const auto faults = schema.explain(deep);

    REQUIRE(faults.size() == 1);
    CHECK(faults.front().message.starts_with("must be"));
}
