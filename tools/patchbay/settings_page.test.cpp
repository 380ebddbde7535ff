// SPDX-License-Identifier: Apache-2.0
// A schema with everything that a page shows.

#include "settings_page.hpp"

#include <patchbay/test/catch.hpp>

#include <boost/json/parse.hpp>

using namespace patchbay::command;

TEST_CASE("a settings page shows branches, choices, bounds and lists", "[command][describe]") {
    const auto schema = boost::json::parse(R"({
        "type": "object", "required": ["connection"],
        "properties": {
            "connection": {"type": "object", "title": "Connection",
                "discriminator": {"propertyName": "method"},
                "oneOf": [{"title": "Parameters", "required": ["port"], "properties": {
                    "method": {"type": "string", "const": "params"},
                    "port": {"type": "integer", "title": "Port", "description": "where it listens",
                             "minimum": 1, "maximum": 65535, "default": 5432},
                    "password": {"type": "string", "title": "Password", "x-secret": true}}}]},
            "mode": {"type": "string", "title": "Mode",
                "oneOf": [{"const": "ro", "title": "read only"}, {"const": "rw"}]},
            "hosts": {"type": "array", "title": "Hosts",
                "items": {"type": "string", "title": "Host", "enum": ["a", "b"]}}}})");

    const auto groups = read_settings_page(schema);

    REQUIRE(groups.size() == 2);
    REQUIRE(groups[0].settings.size() == 4);
    CHECK(groups[0].settings[0].pointer == "/connection");
    CHECK(groups[0].settings[0].required);
    CHECK(groups[0].settings[1].description == "One of \"ro\" (read only), \"rw\".");
    CHECK(groups[0].settings[3].pointer == "/hosts/*");
    CHECK(groups[0].settings[3].description == "One of \"a\", \"b\".");
    CHECK(groups[1].heading == "/connection with method \"params\": Parameters");
    REQUIRE(groups[1].settings.size() == 3);
    CHECK_FALSE(groups[1].settings[0].inferred); // this schema does not ask for it
    const auto& port = groups[1].settings[1];
    CHECK(port.pointer == "/connection/port");
    CHECK(port.required);
    CHECK(port.default_text == "5432");
    CHECK(port.description == "where it listens. At least 1. At most 65535.");
    CHECK(groups[1].settings[2].secret);
}

TEST_CASE("what tells the branches of a choice apart may be left out", "[command][describe]") {
    const auto schema = boost::json::parse(R"({"properties": {"connection": {
        "discriminator": {"propertyName": "method"},
        "oneOf": [{"required": ["method", "path"], "properties": {
            "method": {"const": "params"}, "path": {"type": "string"}}}]}}})");

    const auto groups = read_settings_page(schema);

    REQUIRE(groups.size() == 2);
    CHECK(presence_text(groups[1].settings[0]) == "optional where other keys tell");
    CHECK(presence_text(groups[1].settings[1]) == "required");
}

TEST_CASE("a schema that is none makes an empty page", "[command][describe]") {
    for (const auto* const text : {"null", "[]", R"({"properties": 5})", R"({"oneOf": [1, {}]})",
                                   R"({"properties": {"a": true}})"}) {
        INFO(text);
        const auto groups = read_settings_page(boost::json::parse(text));
        CHECK(groups.front().settings.empty());
    }
}
