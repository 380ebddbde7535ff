// SPDX-License-Identifier: Apache-2.0
// What the official suite does not ask: exact bounds, the recognised forms of a choice, limits.

#include "verdict.hpp"

#include "schema_for_test.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <limits>
#include <thread>

namespace json = boost::json;
using patchbay::host::Budget;
using patchbay::host::CompiledSchema;
using patchbay::host::Schema;
using patchbay::host::Verdict;
using patchbay::test::compiled;
using patchbay::test::json_of;

namespace {

struct Case {
    std::string_view schema;
    std::vector<std::string_view> accepted;
    std::vector<std::string_view> refused;
};

void check(const Case& c) {
    INFO(c.schema);
    const auto schema = compiled(c.schema);
    for (const auto value : c.accepted) {
        INFO(value);
        CHECK(schema.accepts(json_of(value)));
    }
    for (const auto value : c.refused) {
        INFO(value);
        CHECK_FALSE(schema.accepts(json_of(value)));
    }
}

} // namespace

TEST_CASE("bounds are exact for every type of number", "[settings][verdict]") {
    check({R"({"minimum": 1.5})", {"2", "1.5", "18446744073709551615"}, {"1", "1.4", "-3"}});
    check({R"({"exclusiveMinimum": 1})", {"2", "1.0000001"}, {"1", "1.0", "0"}});
    check({R"({"maximum": 18446744073709551614})",
           {"18446744073709551614", "9223372036854775807", "-1", "1.5"},
           {"18446744073709551615", "18446744073709551616.0"}});
    check({R"({"minimum": 9223372036854775808})",
           {"9223372036854775808", "1e300"},
           {"9223372036854775807", "0", "1.0"}});
    check({R"({"exclusiveMaximum": -9223372036854775808})",
           {"-1e19"},
           {"-9223372036854775808", "0", "-9223372036854775808.0"}});
    check({R"({"exclusiveMinimum": 9223372036854775807})",
           {"9223372036854775808"},
           {"9223372036854775807", "0"}});
    check({R"({"minimum": -1e300, "maximum": 1e300})",
           {"-9223372036854775808", "18446744073709551615"},
           {"1.1e300"}});
    check({R"({"minimum": 1e300})", {"1e300"}, {"9223372036854775807"}});
    check({R"({"maximum": 0.5, "minimum": 0.1})", {"0.5", "0.1"}, {"0", "1"}});
    const auto bounded = compiled(R"({"minimum": 0})");
    CHECK_FALSE(bounded.accepts(json::value(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("lengths are counted in code points", "[settings][verdict]") {
    check({R"({"minLength": 2, "maxLength": 3})",
           {R"("ab")", "\"\u00e9\u00e9\"", "\"\U0001f432\U0001f432\U0001f432\""},
           {R"("a")", "\"\U0001f432\"", "\"\U0001f432\U0001f432\U0001f432\U0001f432\"",
            R"("abcd")"}});
}

TEST_CASE("a choice of labels is an enumeration", "[settings][verdict]") {
    check({R"({"oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}]})",
           {R"("a")", R"("b")"},
           {R"("c")", "1", "null"}});
    check({R"({"oneOf": [{"const": 1}, {"const": "b"}, {"const": {"x": [1]}}]})",
           {"1", "1.0", R"("b")", R"({"x": [1.0]})"},
           {R"("1")", "2", R"({"x": [2]})"}});
    // No labels: a value that two branches take is taken by none.
    check({R"({"oneOf": [{"const": 1}, {"const": 1.0}, {"const": 2}]})", {"2"}, {"1"}});
    check({R"({"anyOf": [{"const": 1}, {"const": 1.0}]})", {"1"}, {"2"}});
}

TEST_CASE("a tagged choice gives the verdicts of a plain one", "[settings][verdict]") {
    constexpr std::string_view tagged =
        R"({"oneOf": [{"properties": {"kind": {"const": "a"}, "x": {"type": "integer"}}},
                      {"properties": {"kind": {"const": "b"}, "x": {"type": "string"}},
                       "required": ["x"]}]})";
    check({tagged,
           {R"({"kind": "a"})", R"({"kind": "a", "x": 1})", R"({"kind": "b", "x": "1"})",
            R"({"x": 1})", R"({"x": "s"})", R"({})"},
           {R"({"kind": "b"})", R"({"kind": "a", "x": "1"})", R"({"kind": "c"})", R"({"kind": 1})",
            "5"}}); // 5 fits both, and {} only the first
}

TEST_CASE("a large enumeration is found by its hashes", "[settings][verdict]") {
    json::array values;
    for (int i = 0; i < 1000; ++i) {
        values.emplace_back(i);
        values.emplace_back(json::object{{"key", i}});
    }
    const auto schema = Schema::compile(json::value{{"enum", std::move(values)}});
    REQUIRE(schema.has_value());

    CHECK(schema->accepts(json_of("999.0")));
    CHECK(schema->accepts(json_of(R"({"key": 500})")));
    CHECK_FALSE(schema->accepts(json_of("1000")));
    CHECK_FALSE(schema->accepts(json_of(R"({"key": "500"})")));
}

TEST_CASE("an evaluation that needs too much is refused, whatever the schema says",
          "[settings][verdict]") {
    SECTION("steps, where each level doubles them") {
        std::string schema = R"({"definitions": {"0": {"type": "integer"})";
        for (int i = 1; i <= 60; ++i) {
            schema += fmt::format(
                R"(, "{0}": {{"allOf": [{{"$ref": "#/definitions/{1}"}}, {{"$ref": "#/definitions/{1}"}}]}})",
                i, i - 1);
        }
        const auto doubling = compiled(schema + R"(}, "$ref": "#/definitions/60"})");
        CHECK_FALSE(doubling.accepts(json_of("1")));
        // Turned around by "not", it is refused all the same.
        const auto negated = compiled(schema + R"(}, "not": {"$ref": "#/definitions/60"}})");
        CHECK_FALSE(negated.accepts(json_of("1")));
    }
    SECTION("levels") {
        const auto list = compiled(R"({"not": {"not": {"items": {"$ref": "#"}}}})");
        json::value deep = 1;
        for (int i = 0; i < 50; ++i)
            deep = json::array{std::move(deep)};
        CHECK(list.accepts(deep));
        for (int i = 0; i < 10'000; ++i)
            deep = json::array{std::move(deep)};
        CHECK_FALSE(list.accepts(deep));
    }
}

TEST_CASE("the budget is charged for what a text costs", "[settings][verdict]") {
    const auto schema = compiled(R"({"pattern": "^[a-z]*$"})");
    const json::value text(std::string(1'000'000, 'a'));
    Budget budget(100);

    (void)Verdict(schema.compiled(), budget).accepts(CompiledSchema::root, text);

    CHECK(budget.exhausted());
    CHECK(schema.accepts(text));
}

TEST_CASE("one schema serves many threads", "[settings][verdict]") {
    const auto schema = compiled(
        R"({"type": "object", "properties": {"a": {"pattern": "^x+$"}, "b": {"enum": [1, 2]}},
            "additionalProperties": false})");
    const auto right = json_of(R"({"a": "xxx", "b": 2})");
    const auto wrong = json_of(R"({"a": "y", "b": 2})");
    std::vector<int> mistakes(4, 0);

    {
        std::vector<std::jthread> threads;
        threads.reserve(mistakes.size());
        for (auto& count : mistakes) {
            threads.emplace_back([&, copy = schema] {
                for (int i = 0; i < 1000; ++i)
                    count += (copy.accepts(right) && !copy.accepts(wrong)) ? 0 : 1;
            });
        }
    }
    CHECK(mistakes == std::vector<int>(4, 0));
}
