// SPDX-License-Identifier: Apache-2.0
// URLs of databases, and what is not one.

#include "database_url.hpp"

#include <patchbay/test/catch.hpp>

#include <string>
#include <string_view>
#include <utility>

using namespace patchbay::sqlite;

TEST_CASE("the path of a URL is absolute and decoded", "[sqlite][url]") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"sqlite:///srv/shop.db", "/srv/shop.db"},
        {"SQLite:///a/b", "/a/b"},
        {"sqlite:///a%20b/%C3%BC%23%3F%25.db", "/a b/\xC3\xBC#?%.db"},
        {"sqlite:///:memory:", ":memory:"},
        {"sqlite:////two", "//two"},
    };
    for (const auto& [url, path] : cases) {
        INFO(url);
        const auto parts = read_database_url(url);
        REQUIRE(parts.has_value());
        CHECK(parts->path == path);
        CHECK(parts->options.empty());
    }
}

TEST_CASE("parameters of a URL are decoded and keep their order", "[sqlite][url]") {
    const auto parts = read_database_url("sqlite:///a?mode=read-only&x%20y=%26");

    REQUIRE(parts.has_value());
    REQUIRE(parts->options.size() == 2);
    CHECK(parts->options[0] == std::pair<std::string, std::string>("mode", "read-only"));
    CHECK(parts->options[1] == std::pair<std::string, std::string>("x y", "&"));
}

TEST_CASE("what is no URL of a database is refused with the right form", "[sqlite][url]") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"sqlite:shop.db", "no absolute path"},
        {"sqlite:/srv/shop.db", "no absolute path"},
        {"sqlite://", "no absolute path"},
        {"sqlite://shop.db", "\"shop.db\" stands where other URLs have a host"},
        {"sqlite://shop/x.db", "\"shop\" stands where other URLs have a host"},
        {"sqlite://me@/x.db", "neither user nor port"},
        {"sqlite:///x#y", "no fragment"},
        {"file:///x", "the scheme \"file\""},
        {"sqlite:///a b", "cannot be read"},
        {"sqlite:///a%2", "cannot be read"},
        {"sqlite:///a%00b", "path decodes to a text with a NUL"},
        {"sqlite:///a%FF", "no UTF-8 text"},
        {"sqlite:///a?mode", "\"mode\" has no value"},
        {"sqlite:///a?mode=%FF", "no UTF-8 text"},
        {"sqlite:///a?mode=%00", "a NUL"},
        {"", "cannot be read"},
    };
    for (const auto& [url, words] : cases) {
        INFO(url);
        const auto parts = read_database_url(url);
        REQUIRE_FALSE(parts.has_value());
        CHECK(parts.error().code == PATCHBAY_INVALID_SETTINGS);
        CHECK(parts.error().message.contains(words));
    }
}
