// SPDX-License-Identifier: Apache-2.0
// Schemas and settings made to hurt: everything that reads them ends, and nothing crashes.
//
// There is no clock here. What runs for ever runs into ctest's timeout, and the sanitizers' builds
// run these too.

#include <host/settings/completion.hpp>
#include <host/settings/explanation.hpp>
#include <host/settings/inline_references.hpp>
#include <host/settings/lint.hpp>
#include <host/settings/schema.hpp>
#include <host/settings/secrets.hpp>
#include <patchbay/host/fault.hpp>
#include <patchbay/test/catch.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace json = boost::json;
using patchbay::host::complete;
using patchbay::host::describe;
using patchbay::host::FaultCode;
using patchbay::host::find_secrets;
using patchbay::host::inline_references;
using patchbay::host::lint_settings_schema;
using patchbay::host::mask_secrets;
using patchbay::host::max_settings_faults;
using patchbay::host::Schema;

namespace {

json::value parse(std::string_view text) {
    return json::parse({text.data(), text.size()});
}

Schema compiled(json::value document) {
    auto schema = Schema::compile(std::move(document));
    if (!schema) FAIL(describe(schema.error().front()));
    return *schema;
}

// Lets everything that reads settings read these, and answers the verdict.
bool read_all(const Schema& schema, const json::value& settings) {
    const bool accepted = schema.accepts(settings);
    const auto faults = schema.explain(settings);
    CHECK(faults.empty() == accepted);
    CHECK(faults.size() <= max_settings_faults);
    for (const auto& fault : faults)
        CHECK(fault.message.size() < 10'000);
    (void)complete(schema, settings);
    (void)mask_secrets(schema, settings);
    return accepted;
}

// The same with everything that reads schemas.
bool read_all(const json::value& document, const json::value& settings) {
    (void)lint_settings_schema(document);
    const auto schema = compiled(document);
    (void)inline_references(schema);
    return read_all(schema, settings);
}

bool exceeds_budget(const json::value& document, const json::value& settings) {
    const auto schema = compiled(document);
    CHECK_FALSE(schema.accepts(settings));
    const auto faults = schema.explain(settings);
    REQUIRE(faults.size() == 1);
    return faults.front().code == FaultCode::settings_budget;
}

json::array repeated(std::size_t count, const json::value& item) {
    return json::array(count, item);
}

json::object many_keys(std::size_t count, const json::value& value) {
    json::object object;
    for (std::size_t i = 0; i < count; ++i)
        object[fmt::format("key{}", i)] = value;
    return object;
}

json::value text_of(std::size_t size, char c, std::string_view tail = "") {
    json::string text(size, c);
    text.append({tail.data(), tail.size()});
    return text;
}

json::value nested(std::size_t levels) {
    json::value value = 1;
    for (std::size_t i = 0; i < levels; ++i)
        value = json::array{std::move(value)};
    return value;
}

} // namespace

TEST_CASE("deep settings end", "[settings][hostile]") {
    const auto tree = parse(R"({"items": {"$ref": "#"}, "properties": {"a": {"$ref": "#"}}})");

    CHECK(read_all(tree, nested(500)));
    CHECK(exceeds_budget(tree, nested(700)));
    CHECK(exceeds_budget(tree, nested(50'000)));
    CHECK_FALSE(read_all(tree, nested(50'000)));
    // Without a schema that follows them, they are no deeper than their first level.
    CHECK(read_all(parse(R"({"type": "array"})"), nested(50'000)));
    CHECK_FALSE(read_all(parse(R"({"const": [[[1]]]})"), nested(50'000)));
    CHECK_FALSE(read_all(parse(R"({"uniqueItems": true, "maxItems": 0})"), nested(50'000)));
}

TEST_CASE("wide settings end", "[settings][hostile]") {
    CHECK(read_all(parse(R"({"items": {"type": "integer"}})"), repeated(500'000, 1)));
    CHECK_FALSE(read_all(parse(R"({"items": {"type": "integer"}})"), repeated(500'000, "x")));
    CHECK_FALSE(read_all(
        parse(R"({"properties": {"keyword": {"x-secret": true}}, "additionalProperties": false})"),
        many_keys(50'000, json::string("x"))));
    CHECK(read_all(parse(R"({"propertyNames": {"pattern": "^[a-z0-9]+$", "maxLength": 20}})"),
                   many_keys(50'000, 1)));
    CHECK(
        exceeds_budget(parse(R"({"items": {"items": {}}})"), repeated(2'000, repeated(2'000, 1))));
}

TEST_CASE("long texts against patterns end", "[settings][hostile]") {
    const auto letters = text_of(1'000'000, 'a');
    for (const auto* pattern :
         {"^[a-z]*$", "(a|b)*", "^(a+)+$", "(a*)*c", "^(([a-z])+.)+[A-Z]([a-z])+$",
          "(.*)(.*)(.*)(.*)(.*)[^a]", "[a-q][^u-z]{13}x", "(?:a?){30}a{30}$"}) {
        INFO(pattern);
        const auto schema = compiled({{"pattern", pattern}});
        (void)read_all(schema, letters);
        (void)read_all(schema, text_of(26'000, 'a', "!"));
        (void)read_all(compiled({{"patternProperties", {{pattern, true}}}}),
                       {{letters.as_string().c_str(), 1}});
    }
    // What would make RE2 walk its states one by one is charged for, and refused.
    CHECK(exceeds_budget({{"pattern", "(.{1,2}){1,400}z"}}, letters));
    CHECK_FALSE(read_all(parse(R"({"minLength": 2000000})"), letters));
    CHECK(read_all(parse(R"({"maxLength": 1000000})"), letters));
    for (const auto* format : {"uri", "uri-reference", "email", "hostname", "ipv6", "regex",
                               "json-pointer", "date-time"}) {
        INFO(format);
        (void)read_all(compiled({{"format", format}}), letters);
        (void)read_all(compiled({{"format", format}}), text_of(1'000'000, '['));
        (void)read_all(compiled({{"format", format}}), text_of(500'000, ':', "/~("));
    }
}

TEST_CASE("equal items among many are found or given up", "[settings][hostile]") {
    const auto unique = parse(R"({"uniqueItems": true})");
    json::array numbers;
    json::array objects;
    for (int i = 0; i < 100'000; ++i) {
        numbers.emplace_back(i);
        objects.emplace_back(json::object{{"a", i}, {"b", json::array{1, 2}}});
    }
    CHECK(read_all(unique, numbers));
    CHECK(read_all(unique, objects));
    numbers.emplace_back(99'999.0);
    CHECK_FALSE(read_all(unique, numbers));
    CHECK_FALSE(read_all(unique, repeated(100'000, "the same text, and not a short one")));
    CHECK_FALSE(read_all(unique, repeated(100'000, json::object{{"a", 1}})));
    json::array long_lists;
    for (int i = 0; i < 3; ++i) {
        auto list = repeated(1'000'000, 1);
        list.emplace_back(i);
        long_lists.emplace_back(std::move(list));
    }
    CHECK(exceeds_budget(unique, long_lists));
}

TEST_CASE("large schemas end", "[settings][hostile]") {
    CHECK(read_all({{"properties", many_keys(19'000, json::object{{"type", "integer"}})},
                    {"required", {"key0"}}},
                   many_keys(19'000, 5)));
    CHECK_FALSE(read_all({{"properties", many_keys(19'000, true)}, {"additionalProperties", false}},
                         many_keys(19'100, 5)));
    json::array names;
    for (int i = 0; i < 50'000; ++i)
        names.emplace_back(fmt::format("name{}", i));
    CHECK_FALSE(read_all({{"required", names}}, json::object{}));
    CHECK_FALSE(read_all({{"dependencies", {{"key0", names}, {"key1", names}}}}, many_keys(3, 1)));
    CHECK_FALSE(read_all({{"enum", names}}, "nome1"));
    CHECK_FALSE(read_all({{"items", {{"enum", names}}}}, repeated(200, "nome1")));
}

TEST_CASE("branches by the thousand end", "[settings][hostile]") {
    json::array branches;
    json::array tagged;
    for (int i = 0; i < 6'000; ++i) {
        branches.emplace_back(json::object{{"minimum", i}, {"maximum", i}});
        json::object kind{{"const", fmt::format("k{}", i)}};
        json::object properties{{"kind", std::move(kind)}};
        tagged.emplace_back(json::object{{"properties", std::move(properties)}});
    }
    CHECK_FALSE(read_all({{"anyOf", branches}}, -1));
    CHECK_FALSE(read_all({{"oneOf", branches}}, -1));
    CHECK_FALSE(read_all({{"allOf", branches}}, -1));
    CHECK_FALSE(read_all({{"oneOf", tagged}}, {{"kind", "none"}}));
    CHECK(exceeds_budget({{"items", {{"oneOf", branches}}}}, repeated(1'000, 5'999)));
}

TEST_CASE("doubling references end, whichever keyword doubles", "[settings][hostile]") {
    for (const auto* keyword : {"allOf", "anyOf", "oneOf"}) {
        for (const auto* last : {"true", "false"}) {
            std::string text =
                fmt::format(R"({{"$ref": "#/definitions/d50", "definitions": {{"d0": {})", last);
            for (int i = 1; i <= 50; ++i) {
                text += fmt::format(
                    R"(, "d{0}": {{"{2}": [{{"$ref": "#/definitions/d{1}"}}, {{"$ref": "#/definitions/d{1}"}}]}})",
                    i, i - 1, keyword);
            }
            INFO(keyword << " of " << last);
            (void)read_all(parse(text + "}}"), {{"a", {1, 2}}});
        }
    }
}

TEST_CASE("explaining branches inside branches ends", "[settings][hostile]") {
    json::value schema = {{"type", "object"}, {"required", {"x"}}};
    for (int i = 0; i < 12; ++i) {
        schema = json::value{
            {"anyOf", {schema, {{"properties", {{"a", schema}}}, {"required", {"y"}}}}}};
    }
    json::value settings = json::object{};
    for (int i = 0; i < 20; ++i)
        settings = json::value{{"a", settings}};

    CHECK_FALSE(read_all(schema, settings));
}

TEST_CASE("patterns by the thousand end", "[settings][hostile]") {
    json::object patterns;
    for (int i = 0; i < 1'500; ++i)
        patterns[fmt::format("^[a-z]+{}$", i)] = json::object{{"x-secret", true}};
    const json::value schema = {{"patternProperties", std::move(patterns)}};

    CHECK(read_all(schema, many_keys(500, 1)));
    CHECK(exceeds_budget(schema, many_keys(20'000, 1)));
    CHECK(find_secrets(compiled(schema), many_keys(20'000, 1)) == std::vector<std::string>{""});
}

TEST_CASE("extreme numbers are compared without loss", "[settings][hostile]") {
    const auto accepts = [](std::string_view schema, std::string_view value) {
        return read_all(parse(schema), parse(value));
    };
    CHECK(accepts(R"({"multipleOf": 1e-300})", "1e300"));
    CHECK_FALSE(accepts(R"({"multipleOf": 7e300})", "1e308"));
    CHECK(accepts(R"({"multipleOf": 5e-324})", "1"));
    CHECK_FALSE(accepts(R"({"multipleOf": 18446744073709551615})", "18446744073709551614"));
    CHECK_FALSE(accepts(R"({"maximum": 9223372036854775807})", "9223372036854775808"));
    CHECK(accepts(R"({"enum": [1e308, -1e308]})", "-1e308"));
}

TEST_CASE("keys and texts of any bytes are borne", "[settings][hostile]") {
    const std::string bytes("\xff\xfe\x00\x80 ~/\"\\\x1b[31m", 14);
    const json::value schema = {
        {"properties", {{bytes, {{"pattern", "^a"}, {"title", bytes}, {"minLength", 3}}}}},
        {"required", {bytes, "x" + bytes}},
        {"additionalProperties", false}};

    CHECK_FALSE(read_all(schema, {{bytes, bytes}, {bytes + "y", 1}}));
    CHECK_FALSE(read_all(schema, {{bytes, ""}}));
}
