// SPDX-License-Identifier: Apache-2.0
// What settings become before they are validated, and what a text becomes in its place.

#include "completion.hpp"

#include "schema_for_test.hpp"

#include <patchbay/test/temp_dir.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;
using patchbay::host::check_example;
using patchbay::host::coerce_text;
using patchbay::host::complete;
using patchbay::host::Schema;
using patchbay::test::compiled;
using patchbay::test::descriptions;
using patchbay::test::json_of;

namespace {

using Texts = std::vector<std::string>;

Schema postgresql() {
    return compiled(patchbay::test::read_file(PATCHBAY_SCHEMAS_DIR
                                              "/examples/postgresql.settings.schema.json"));
}

} // namespace

TEST_CASE("defaults fill what is missing, also in the chosen branch", "[settings][completion]") {
    const auto completed = complete(
        postgresql(), json_of(R"({"connection": {"method": "params", "host": "h", "database": "d",
                                                 "user": "u", "tls": {"ca_source": "file"}}})"));

    CHECK(completed.settings ==
          json_of(R"({"connection": {"method": "params", "host": "h", "database": "d", "user": "u",
                                     "tls": {"ca_source": "file", "mode": "auto"}, "port": 5432}})"));
    CHECK(completed.filled == Texts{"/connection/port", "/connection/tls/mode"});
    CHECK(completed.dropped.empty());
}

TEST_CASE("a whole number spelt as a fraction becomes an integer where one is wanted",
          "[settings][completion]") {
    const auto schema = compiled(R"({"properties": {
        "i": {"type": "integer"}, "n": {"type": "number"}, "free": {}, "ref": {"$ref": "#/definitions/i"},
        "d": {"type": "integer", "default": 2e1}, "list": {"items": {"type": "integer"}}},
        "definitions": {"i": {"type": ["integer", "null"]}}})");
    const auto completed = [&](std::string_view settings) {
        return json::serialize(complete(schema, json_of(settings)).settings);
    };

    CHECK(completed(R"({"i": 5000.0, "ref": 1e2, "list": [-3.0, 1.5]})") ==
          R"({"i":5000,"ref":100,"list":[-3,1.5E0],"d":20})");
    CHECK(completed(R"({"d": 0, "n": 5.0, "free": 5.0})") == R"({"d":0,"n":5E0,"free":5E0})");
    CHECK(completed(R"({"d": -9223372036854775808.0})") == R"({"d":-9223372036854775808})");
    CHECK(completed(R"({"d": 9223372036854775808.0})") == R"({"d":9.223372036854776E18})");
}

TEST_CASE("a missing object is not made by the defaults inside it", "[settings][completion]") {
    const auto schema = compiled(R"({"properties": {
        "without": {"type": "object", "properties": {"a": {"default": 1}}},
        "with": {"type": "object", "default": {"b": 2}, "properties": {"a": {"default": 1}}}}})");

    const auto completed = complete(schema, json_of("{}"));

    CHECK(completed.settings == json_of(R"({"with": {"b": 2, "a": 1}})"));
    CHECK(completed.filled == Texts{"/with", "/with/a"});
}

TEST_CASE("the choice is inferred where one branch has all the keys", "[settings][completion]") {
    const auto schema = postgresql();

    const auto url = complete(schema, json_of(R"({"connection": {"url": "postgresql://h/d"}})"));
    CHECK(url.settings.at("connection").at("method") == "url");
    CHECK(url.filled == Texts{"/connection/method"});

    const auto params = complete(schema, json_of(R"({"connection": {"host": "h"}})"));
    CHECK(params.settings.at("connection").at("method") == "params");
    CHECK(params.filled == Texts{"/connection/method", "/connection/port"});

    for (const auto* unclear :
         {R"({"connection": {}})", R"({"connection": {"host": "h", "url": "u"}})",
          R"({"connection": {"hots": "h"}})",
          R"({"connection": {"method": "other", "host": "h"}})"}) {
        INFO(unclear);
        CHECK(complete(schema, json_of(unclear)).settings == json_of(unclear));
    }
}

TEST_CASE("empty texts of optional settings go, of required ones stay", "[settings][completion]") {
    const auto schema = compiled(R"({
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "prefix": {"type": "string", "default": "p"},
            "label": {"type": "string", "oneOf": [{"const": "a"}, {"const": "b"}], "default": "a"},
            "with_empty": {"type": "string", "enum": ["", "x"], "default": "x"},
            "count": {"type": "integer"},
            "any": {},
            "inner": {"type": "object", "properties": {"note": {"type": "string"}}},
            "list": {"type": "array", "items": {"type": "string"}}}})");

    const auto completed = complete(
        schema, json_of(R"({"name": "", "prefix": "", "label": "", "with_empty": "", "count": "",
                            "any": "", "inner": {"note": ""}, "list": [""], "unknown": ""})"));

    CHECK(completed.settings ==
          json_of(R"({"name": "", "with_empty": "", "count": "", "any": "", "inner": {},
                      "list": [""], "unknown": "", "prefix": "p", "label": "a"})"));
    CHECK(completed.dropped == Texts{"/prefix", "/label", "/inner/note"});
}

TEST_CASE("empty texts count in no branch and for no choice", "[settings][completion]") {
    const auto completed = complete(
        postgresql(), json_of(R"({"connection": {"method": "params", "host": "", "user": "u",
                                                          "database": "d", "password": ""}})"));
    CHECK(completed.dropped == Texts{"/connection/password"});
    CHECK(completed.settings.at("connection").at("host") == "");

    // Without a method: the password is optional wherever it is declared, the URL is not.
    const auto open =
        complete(postgresql(), json_of(R"({"connection": {"password": "", "url": "u"}})"));
    CHECK(open.dropped == Texts{"/connection/password"});
    CHECK(open.settings.at("connection").at("method") == "url");
}

TEST_CASE("a default beside a reference wins over that of its target", "[settings][completion]") {
    const auto schema = compiled(R"({
        "properties": {"a": {"$ref": "#/definitions/port"},
                       "b": {"$ref": "#/definitions/port", "default": 3306}},
        "definitions": {"port": {"type": "integer", "default": 5432}}})");

    CHECK(complete(schema, json_of("{}")).settings == json_of(R"({"a": 5432, "b": 3306})"));
}

TEST_CASE("items, maps and merged schemas are completed too", "[settings][completion]") {
    const auto schema = compiled(R"({
        "properties": {"list": {"items": {"properties": {"a": {"default": 1}}}},
                       "tuple": {"items": [{}, {"properties": {"a": {"default": 2}}}]},
                       "map": {"additionalProperties": {"properties": {"a": {"default": 3}}}},
                       "pattern": {"patternProperties": {"^x": {"properties": {"a": {"default": 4}}}}},
                       "all": {"allOf": [{"properties": {"a": {"default": 5}}}]}}})");

    CHECK(complete(schema, json_of(R"({"list": [{}, 1], "tuple": [{}, {}], "map": {"k": {}},
                                       "pattern": {"x": {}, "y": {}}, "all": {}})"))
              .settings ==
          json_of(R"({"list": [{"a": 1}, 1], "tuple": [{}, {"a": 2}], "map": {"k": {"a": 3}},
                      "pattern": {"x": {"a": 4}, "y": {}}, "all": {"a": 5}})"));
}

TEST_CASE("a default may make the choice", "[settings][completion]") {
    const auto schema = compiled(R"({
        "properties": {"kind": {"default": "b"}},
        "oneOf": [{"properties": {"kind": {"const": "a"}, "x": {"default": 1}}},
                  {"properties": {"kind": {"const": "b"}, "x": {"default": 2}}}]})");

    CHECK(complete(schema, json_of("{}")).settings == json_of(R"({"kind": "b", "x": 2})"));
}

TEST_CASE("completing deep and wide settings ends", "[settings][completion]") {
    const auto schema = compiled(
        R"({"items": {"$ref": "#"}, "properties": {"next": {"$ref": "#"}, "a": {"default": 1}}})");
    json::value deep = json::array{};
    for (int i = 0; i < 20'000; ++i)
        deep = json::array{std::move(deep)};
    CHECK(complete(schema, deep).filled.empty());

    const auto wide = json::array(200'000, json::object{});
    CHECK_FALSE(complete(schema, wide).filled.empty());
}

TEST_CASE("a text becomes what the schema wants in its place", "[settings][completion]") {
    const auto schema = postgresql();
    const auto settings = json_of(R"({"connection": {"method": "params", "port": "${PORT}",
                                                     "user": "${USER}", "tls": {"mode": "${M}"}}})");
    const auto coerced = [&](std::string_view pointer, std::string_view text) {
        return json::serialize(coerce_text(schema, settings, pointer, text));
    };

    CHECK(coerced("/connection/port", "5432") == "5432");
    CHECK(coerced("/connection/port", "five") == "\"five\"");
    CHECK(coerced("/connection/port", " 5") == "\" 5\"");
    CHECK(coerced("/connection/port", "1.5") == "\"1.5\"");
    CHECK(coerced("/connection/port", "") == "\"\"");
    CHECK(coerced("/connection/user", "5432") == "\"5432\"");
    CHECK(coerced("/connection/tls/mode", "true") == "\"true\"");
    CHECK(coerced("/connection/unknown", "1") == "\"1\"");
    CHECK(coerced("/nowhere/at/all", "1") == "\"1\"");
}

TEST_CASE("a text is coerced by type, constants and the branch that counts",
          "[settings][completion]") {
    const auto schema = compiled(R"({"properties": {
        "number": {"type": "number"}, "flag": {"type": "boolean"}, "either": {"type": ["string", "integer"]},
        "level": {"enum": [1, 2, 3]}, "label": {"oneOf": [{"const": 1}, {"const": true}]},
        "list": {"items": {"type": "integer"}},
        "ref": {"$ref": "#/definitions/count"}, "nothing": {"type": "null"},
        "choice": {"oneOf": [{"properties": {"kind": {"const": "a"}, "v": {"type": "integer"}}},
                             {"properties": {"kind": {"const": "b"}, "v": {"type": "string"}}}]}},
        "definitions": {"count": {"type": "integer"}}})");
    const auto settings = json_of(R"({"list": ["x"], "choice": {"kind": "b", "v": "x"}})");
    const auto coerced = [&](std::string_view pointer, std::string_view text) {
        return json::serialize(coerce_text(schema, settings, pointer, text));
    };

    CHECK(coerced("/number", "2.5") == "2.5E0");
    CHECK(coerced("/number", "7") == "7");
    CHECK(coerced("/number", "1e400") == "\"1e400\"");
    CHECK(coerced("/flag", "true") == "true");
    CHECK(coerced("/flag", "yes") == "\"yes\"");
    CHECK(coerced("/either", "5") == "\"5\"");
    CHECK(coerced("/level", "2") == "2");
    CHECK(coerced("/label", "true") == "true");
    CHECK(coerced("/list/0", "4") == "4");
    CHECK(coerced("/ref", "4") == "4");
    CHECK(coerced("/nothing", "null") == "null");
    CHECK(coerced("/choice/v", "4") == "\"4\"");
    CHECK(json::serialize(coerce_text(schema, json_of(R"({"choice": {"kind": "a", "v": "x"}})"),
                                      "/choice/v", "4")) == "4");
}

TEST_CASE("an example is checked as completed settings", "[settings][completion]") {
    const auto schema = postgresql();

    CHECK(check_example(schema, json_of(R"({"connection": {"url": "postgresql://h/d"}})")).empty());
    CHECK(
        descriptions(check_example(schema, json_of(R"({"connection": {"url": "mysql://h/d"}})"))) ==
        Texts{"/connection/url: does not have the right form: Start the URL with postgresql://"});
}
