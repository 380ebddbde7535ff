// SPDX-License-Identifier: Apache-2.0
// Settings, as the schema promises them and as the connector reads them.

#include "settings.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>

using namespace patchbay::sqlite;
namespace json = boost::json;

namespace {

json::value schema() {
    return json::parse(
        patchbay::test::read_file(std::string(SQLITE_BUNDLE_SOURCE) + "/settings.schema.json"));
}

const json::object& params_of(const json::value& schema) {
    return schema.at("properties").at("connection").at("oneOf").at(0).at("properties").as_object();
}

// Every value that a property of the schema allows and a program can try.
json::array values_of(const json::value& property) {
    json::array values;
    const auto& object = property.as_object();
    for (const auto* key : {"default", "minimum", "maximum"}) {
        if (const auto* const value = object.if_contains(key)) values.push_back(*value);
    }
    if (const auto* const choices = object.if_contains("oneOf")) {
        for (const auto& choice : choices->as_array())
            values.push_back(choice.at("const"));
    }
    if (object.at("type") == "boolean") values = {true, false};
    return values;
}

Settings must_read(const json::value& settings) {
    auto read = read_settings(json::serialize(settings));
    if (!read) FAIL(read.error().message);
    return *read;
}

} // namespace

TEST_CASE("what is not given is what the schema has for its default", "[sqlite][settings]") {
    const auto document = schema();
    json::object connection{{"method", "params"}, {"path", "/x"}};
    const auto bare = must_read({{"connection", connection}});
    for (const auto& [name, property] : params_of(document)) {
        const auto* const value = property.as_object().if_contains("default");
        if (value != nullptr && name != "method") connection[name] = *value;
    }
    json::object all{{"connection", connection}};
    for (const auto* name : {"column_types", "invalid_text"})
        all[name] = document.at("properties").at(name).at("default");

    CHECK(connection.size() == 10);
    CHECK(must_read(all) == bare);
}

TEST_CASE("every value that the schema allows is taken, as a member and in a URL",
          "[sqlite][settings]") {
    const auto document = schema();
    int tried = 0;
    for (const auto& [name, property] : params_of(document)) {
        if (name == "method" || name == "path") continue;
        for (const auto& value : values_of(property)) {
            auto text = json::serialize(value);
            if (value.is_string()) text = value.as_string();
            const auto option = std::string(name) + '=' + text;
            INFO(option);
            auto by_member =
                must_read({{"connection", {{"method", "params"}, {"path", "/x"}, {name, value}}}});
            const auto by_url =
                must_read({{"connection", {{"method", "url"}, {"url", "sqlite:///x?" + option}}}});
            by_member.path_pointer = by_url.path_pointer;
            CHECK(by_member == by_url);
            ++tried;
        }
    }
    CHECK(tried > 20);
}

TEST_CASE("all faults of settings are told at once", "[sqlite][settings]") {
    const auto settings = read_settings(
        R"({"connection":{"method":"params","path":"/x","mode":"readonly","busy_timeout_ms":-1,)"
        R"("cache_size_kib":"big"},"column_types":"any","colour":1})");

    REQUIRE_FALSE(settings.has_value());
    const auto& error = settings.error();
    CHECK(error.code == PATCHBAY_INVALID_SETTINGS);
    CHECK(error.pointer == "/connection/mode");
    CHECK(error.message ==
          R"("mode" must be one of "read-only", "read-write", "create"; it is "readonly")");
    const auto further = json::parse(error.details_json).at("faults").as_array();
    REQUIRE(further.size() == 4);
    CHECK(further[0].at("pointer") == "/connection/busy_timeout_ms");
    CHECK(further[1].at("pointer") == "/connection/cache_size_kib");
    CHECK(further[2].at("pointer") == "/column_types");
    CHECK(further[3].at("message").as_string().find("\"colour\"") != json::string::npos);
}

TEST_CASE("what is no settings at all is refused", "[sqlite][settings]") {
    for (const std::string_view text :
         {"", "null", "[]", "{", "{}", R"({"connection":null})", R"({"connection":{}})",
          R"({"connection":{"method":"odbc","path":"/x"}})",
          R"({"connection":{"method":"params"}})", R"({"connection":{"method":"url","path":"/x"}})",
          R"({"connection":{"method":"params","path":"/x","url":"sqlite:///x"}})",
          R"({"connection":{"method":"url","url":"sqlite:///x?mode=create&mode=create"}})",
          R"({"connection":{"method":"url","url":"sqlite:///x?path=/y"}})", "\xFF"}) {
        INFO(text);
        const auto settings = read_settings(text);
        REQUIRE_FALSE(settings.has_value());
        CHECK(settings.error().code == PATCHBAY_INVALID_SETTINGS);
        CHECK_FALSE(settings.error().message.empty());
    }
}

TEST_CASE("a journal mode that cannot be set is refused before anything is opened",
          "[sqlite][settings]") {
    const auto in_memory = read_settings(
        R"({"connection":{"method":"params","path":":memory:","journal_mode":"wal"}})");
    const auto by_url = read_settings(
        R"({"connection":{"method":"url","url":"sqlite:///x?mode=read-only&journal_mode=wal"}})");

    REQUIRE_FALSE(in_memory.has_value());
    CHECK(in_memory.error().pointer == "/connection/journal_mode");
    REQUIRE_FALSE(by_url.has_value());
    CHECK(by_url.error().pointer == "/connection/url");
}
