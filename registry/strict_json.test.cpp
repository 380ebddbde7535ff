// SPDX-License-Identifier: Apache-2.0
// What the strict JSON reader takes, what it refuses, and the place it names.

#include <patchbay/test/catch.hpp>
#include <registry/strict_json.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>

using patchbay::registry::describe;
using patchbay::registry::JsonFaultKind;
using patchbay::registry::JsonLimits;
using patchbay::registry::read_strict_json;

namespace {

constexpr JsonLimits limits{1024, 4};

struct Refused {
    std::string_view text;
    JsonFaultKind kind;
    std::string_view pointer;
    std::string_view says;
};

} // namespace

TEST_CASE("strict JSON reads what RFC 8259 allows", "[registry][json]") {
    const auto value = read_strict_json(
        R"( {"a": [1, -2, 18446744073709551615, 0.1, true, null, "\u00e9\n"], "": {}} )", limits);

    REQUIRE(value.has_value());
    CHECK(value->at("a").at(2).as_uint64() == 18446744073709551615U);
    CHECK(value->at("a").at(3).as_double() == 0.1);
    CHECK(value->at("a").at(6).as_string() == "\xc3\xa9\n");
}

TEST_CASE("strict JSON refuses with kind, pointer and place", "[registry][json]") {
    const std::string too_large(1025, ' ');
    const Refused cases[] = {
        {R"({"a":1,"a":2})", JsonFaultKind::duplicate_key, "/a", "\"a\" stands twice"},
        {R"({"x":{"a\nb":1,"a\u000ab":2}})", JsonFaultKind::duplicate_key, "/x/a\nb", R"(a\nb)"},
        {R"({"ab":1,"a\u0062":2})", JsonFaultKind::duplicate_key, "/ab", "\"ab\" stands twice"},
        {R"([{"a/b~":1,"c":0,"a/b~":2}])", JsonFaultKind::duplicate_key, "/0/a~1b~0", "a/b~"},
        {"[1, 1e400]", JsonFaultKind::number_out_of_range, "/1", "1e400 is too large"},
        {"[-1e400]", JsonFaultKind::number_out_of_range, "/0", "-1e400"},
        {"[1e99999999999]", JsonFaultKind::number_out_of_range, "/0", "too large"},
        {"[18446744073709551616]", JsonFaultKind::number_out_of_range, "/0", "64 bits"},
        {"[-9223372036854775809]", JsonFaultKind::number_out_of_range, "/0", "64 bits"},
        {"[[[[[]]]]]", JsonFaultKind::too_deep, "/0/0/0/0", "4 levels"},
        {too_large, JsonFaultKind::too_large, "", "1025 bytes are more than the 1024"},
        {"", JsonFaultKind::syntax, "", "incomplete"},
        {"[1,]", JsonFaultKind::syntax, "/1", "line 1, column 4"},
        {"{\n  \"a\": tru\n}", JsonFaultKind::syntax, "/a", "line 2, column 8"},
        {"{} x", JsonFaultKind::syntax, "", "extra data"},
        {"\xef\xbb\xbf{}", JsonFaultKind::syntax, "", "line 1, column 1"},
        {"[\"\xff\"]", JsonFaultKind::syntax, "/0", "column 3"},
        {R"(["\ud800"])", JsonFaultKind::syntax, "/0", "syntax"},
        {"[NaN]", JsonFaultKind::syntax, "/0", "syntax"},
        {"// c\n[]", JsonFaultKind::syntax, "", "line 1"},
    };
    for (const auto& refused : cases) {
        INFO(refused.text);

        const auto value = read_strict_json(refused.text, limits);

        REQUIRE_FALSE(value.has_value());
        INFO(describe(value.error()));
        CHECK(value.error().kind == refused.kind);
        CHECK(value.error().pointer == refused.pointer);
        CHECK(describe(value.error()).contains(refused.says));
    }
}

TEST_CASE("strict JSON finds a duplicate among many keys", "[registry][json]") {
    std::string text = "{";
    for (int i = 0; i < 40; ++i)
        text += "\"key" + std::to_string(i) + "\":0,";

    REQUIRE(read_strict_json(text + "\"other\":0}", limits).has_value());
    const auto value = read_strict_json(text + "\"key7\":0}", limits);

    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().pointer == "/key7");
}

TEST_CASE("strict JSON takes its memory where it is told", "[registry][json]") {
    boost::json::monotonic_resource memory;
    const boost::json::storage_ptr storage(&memory);

    const auto value = read_strict_json(R"({"a": ["b"]})", limits, storage);

    REQUIRE(value.has_value());
    CHECK(*value->storage() == *storage);
    CHECK(*value->at("a").at(0).storage() == *storage);
}

TEST_CASE("strict JSON takes the nearest double", "[registry][json]") {
    // Each was off by one unit in the last place with the parser underneath.
    for (const double expected : {0.3, 1.1e-7, 123456.789e3, 5e-324, 1.7976931348623157e308}) {
        const auto text = boost::json::serialize(boost::json::value(expected));
        const auto value = read_strict_json(text, limits);

        REQUIRE(value.has_value());
        CHECK(value->as_double() == expected);
    }
    CHECK(read_strict_json("1e-400", limits)->as_double() == 0.0);
}
