// SPDX-License-Identifier: Apache-2.0
// Which known word is offered for a misspelt one.

#include <patchbay/test/catch.hpp>

#include <registry/spelling.hpp>
#include <string>
#include <string_view>

using patchbay::registry::find_similar;

namespace {
constexpr std::string_view words[] = {"title", "version", "vendor", "mode", "settings_schema"};
} // namespace

TEST_CASE("a misspelt word finds the known one", "[registry][spelling]") {
    CHECK(find_similar("titel", words) == "title");
    CHECK(find_similar("versions", words) == "version");
    CHECK(find_similar("settings-schema", words) == "settings_schema");
    CHECK(find_similar("setting_shema", words) == "settings_schema");
    CHECK(find_similar("mod", words) == "mode");
}

TEST_CASE("a word that is like none gets no offer", "[registry][spelling]") {
    CHECK_FALSE(find_similar("colour", words).has_value());
    CHECK_FALSE(find_similar("", words).has_value());
    CHECK_FALSE(find_similar("x", words).has_value());
    CHECK_FALSE(find_similar(std::string(100'000, 't'), words).has_value());
}
