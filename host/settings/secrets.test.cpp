// SPDX-License-Identifier: Apache-2.0
// Secrets are found wherever the schema marks them, masked, listed and kept.

#include "secrets.hpp"

#include "schema_for_test.hpp"
#include "secret_rule.hpp"

#include <patchbay/test/temp_dir.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace json = boost::json;
using patchbay::host::find_secrets;
using patchbay::host::keep_masked;
using patchbay::host::mask_secrets;
using patchbay::host::Schema;
using patchbay::host::secret_values;
using patchbay::host::sounds_secret;
using patchbay::test::compiled;
using patchbay::test::json_of;

namespace {

using Texts = std::vector<std::string>;

Schema postgresql() {
    return compiled(patchbay::test::read_file(PATCHBAY_SCHEMAS_DIR
                                              "/examples/postgresql.settings.schema.json"));
}

} // namespace

TEST_CASE("secrets are found in branches, references, lists and maps", "[settings][secrets]") {
    const auto schema = compiled(R"({
        "properties": {
            "list": {"items": {"properties": {"key": {"x-secret": true}}}},
            "map": {"additionalProperties": {"x-secret": true}},
            "ref": {"$ref": "#/definitions/secret"},
            "pattern": {"patternProperties": {"_key$": {"x-secret": true}}},
            "branch": {"oneOf": [{"properties": {"kind": {"const": "a"}, "pin": {"x-secret": true}}},
                                 {"properties": {"kind": {"const": "b"}, "pin": {}}}]},
            "condition": {"if": {"required": ["x"]}, "then": {"properties": {"y": {"x-secret": true}}}},
            "whole": {"x-secret": true},
            "password": {"x-secret": false},
            "legacy": {"format": "password"}},
        "definitions": {"secret": {"x-secret": true}}})");

    CHECK(find_secrets(schema, json_of(R"({
              "list": [{"key": "k", "other": 1}, {"key": 2}], "map": {"a/b": 1, "c": [2]}, "ref": 1,
              "pattern": {"a_key": 1, "other": 2}, "branch": {"kind": "b", "pin": 1},
              "condition": {"y": 1}, "whole": {"inner": [1]}, "password": "open", "legacy": 1})")) ==
          Texts{"/list/0/key", "/list/1/key", "/map/a~1b", "/map/c", "/ref", "/pattern/a_key",
                "/branch/pin", "/condition/y", "/whole", "/legacy"});
}

TEST_CASE("what was mistyped or misplaced is masked all the same", "[settings][secrets]") {
    const auto schema = postgresql();
    const auto masked = [&](std::string_view settings) {
        return json::serialize(mask_secrets(schema, json_of(settings)));
    };

    CHECK(masked(R"({"connection":{"method":"params","host":"h","pasword":"p"}})") ==
          R"({"connection":{"method":"params","host":"h","pasword":"***"}})");
    CHECK(masked(R"({"connection":{"method":"params","url":"postgresql://a:b@c"}})") ==
          R"({"connection":{"method":"params","url":"***"}})");
    CHECK(masked(R"({"connection":"postgresql://a:b@c"})") == R"({"connection":"***"})");
    CHECK(masked(R"({"password":"p","colour":"red"})") == R"({"password":"***","colour":"red"})");
    CHECK(masked(R"("postgresql://a:b@c")") == R"("***")");
}

TEST_CASE("what cannot be followed is secret as a whole", "[settings][secrets]") {
    json::value deep = json::array{};
    for (int i = 0; i < 5000; ++i)
        deep = json::array{std::move(deep)};

    CHECK(find_secrets(compiled(R"({"items": {"$ref": "#"}})"), deep) == Texts{""});
}

TEST_CASE("the values of secrets are listed in every form they may appear in",
          "[settings][secrets]") {
    const auto schema = compiled(R"({"properties": {"s": {"x-secret": true}, "open": {}}})");
    const auto values = [&](std::string_view settings) {
        return secret_values(schema, json_of(settings));
    };
    const auto has = [](const Texts& texts, const char* text) {
        return std::ranges::find(texts, text) != texts.end();
    };

    CHECK(values(R"({"s": {"a": ["x", 12.5], "b": "", "c": true, "d": "x"}, "open": "o"})") ==
          Texts{"12.5", "x"});
    CHECK(has(values(R"({"s": "postgresql://ana:p%40ss@db/shop"})"), "p@ss"));
    CHECK(has(values(R"({"s": "postgresql://ana:p%40ss@db/shop"})"), "p%40ss"));
    CHECK(has(values(R"({"s": "postgresql://ana:p@h1:1,h2:2/shop"})"), "p"));
    CHECK(has(values(R"({"s": "postgresql://ana:a/b@db/shop"})"), "a/b"));
    CHECK(has(values(R"({"s": "postgresql://db/shop?user=ana&password=q%21&x=1"})"), "q!"));
    CHECK(values(R"({"s": "https://db:80/shop"})") == Texts{"https://db:80/shop"});
}

TEST_CASE("an open URL gives away its password and what is no open setting",
          "[settings][secrets]") {
    const auto schema = compiled(R"({"properties": {
        "url": {"x-secret": false}, "mode": {}, "pin": {"x-secret": true}}})");

    CHECK(secret_values(schema, json_of(R"({"url":
              "sqlite://u:p@h/a?mode=read-only&key=CAN%41RY&pin=9876&x=abc&token=t"})")) ==
          Texts{"9876", "CAN%41RY", "CANARY", "p", "t"});
    CHECK(secret_values(schema, json_of(R"({"url": "why? key=value"})")).empty());
}

TEST_CASE("a masked value sent back keeps what is stored", "[settings][secrets]") {
    const auto schema = compiled(R"({"properties": {
        "password": {"x-secret": true}, "name": {"type": "string"},
        "tokens": {"items": {"x-secret": true}}, "whole": {"x-secret": true}}})");
    const auto kept = [&](std::string_view sent, std::string_view stored) {
        return keep_masked(schema, json_of(sent), json_of(stored));
    };

    CHECK(kept(R"({"password": "***", "name": "n"})", R"({"password": "p", "name": "old"})") ==
          json_of(R"({"password": "p", "name": "n"})"));
    CHECK(kept(R"({"password": "new"})", R"({"password": "p"})") ==
          json_of(R"({"password": "new"})"));
    CHECK(kept(R"({"name": "***"})", R"({"name": "old"})") == json_of(R"({"name": "***"})"));
    CHECK(kept(R"({"password": "***"})", "{}") == json_of("{}"));
    CHECK(kept(R"({"tokens": ["***", "b", "***", "***"]})", R"({"tokens": ["a", "x", "c"]})") ==
          json_of(R"({"tokens": ["a", "b", "c"]})"));
    CHECK(kept(R"({"whole": "***"})", R"({"whole": {"a": 1}})") ==
          json_of(R"({"whole": {"a": 1}})"));
    const auto stored = json_of(R"({"password": "p", "name": "n", "tokens": ["a"]})");
    CHECK(keep_masked(schema, mask_secrets(schema, stored), stored) == stored);
}

TEST_CASE("names that sound secret are known", "[settings][secrets]") {
    for (const auto* name :
         {"password", "db_password", "passwd", "clientSecret", "auth-token", "api_key", "apiKey",
          "credentials", "url", "base_url", "dsn", "connection_string", "PASSPHRASE"}) {
        INFO(name);
        CHECK(sounds_secret(name));
    }
    for (const auto* name :
         {"", "key", "keyboard", "monkey", "secretary", "tokens_per_second", "password_file",
          "token_type", "key_file", "host", "string", "curl", "connection"}) {
        INFO(name);
        CHECK_FALSE(sounds_secret(name));
    }
}
