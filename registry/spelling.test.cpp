// SPDX-License-Identifier: Apache-2.0
// A guess is made where a word looks like a slip, and only there.

#include <patchbay/test/catch.hpp>
#include <registry/spelling.hpp>

#include <string>
#include <string_view>
#include <vector>

using patchbay::registry::edit_distance;
using patchbay::registry::find_similar;
using patchbay::registry::SpellingGuess;

namespace {

std::string guess(std::string_view written, const std::vector<std::string_view>& candidates) {
    SpellingGuess spelling(written);
    for (const auto candidate : candidates)
        spelling.consider(candidate);
    return std::string(spelling.best());
}

} // namespace

TEST_CASE("a slip is recognised", "[registry][spelling]") {
    CHECK(guess("hots", {"port", "host", "user"}) == "host");
    CHECK(guess("mininum", {"maximum", "minimum"}) == "minimum");
    CHECK(guess("verify_full", {"verify-ca", "verify-full"}) == "verify-full");
    CHECK(guess("caFile", {"cert_file", "ca_file"}) == "ca_file");
    CHECK(guess("PASSWORD", {"password"}) == "password");
    CHECK(guess("conection", {"connection"}) == "connection");
    CHECK(guess("setting_shema", {"version", "settings_schema"}) == "settings_schema");
}

TEST_CASE("a word that is only a little like another is left alone", "[registry][spelling]") {
    CHECK(guess("pw", {"password", "pg"}).empty());
    CHECK(guess("no", {"on"}).empty());
    CHECK(guess("table", {"cable_kind"}).empty());
    CHECK(guess("mode", {"node_name"}).empty());
    CHECK(guess("", {"a"}).empty());
    CHECK(guess(std::string(1000, 'a'), {std::string(999, 'a')}).empty());
}

TEST_CASE("of several candidates the nearest is taken, then the first", "[registry][spelling]") {
    CHECK(guess("prefers", {"prefixes", "prefer"}) == "prefer");
    CHECK(guess("sort", {"port", "sore"}) == "port");
}

TEST_CASE("a list of known words is searched at once", "[registry][spelling]") {
    constexpr std::string_view words[] = {"title", "version", "vendor", "mode"};

    CHECK(find_similar("titel", words) == "title");
    CHECK(find_similar("mod", words) == "mode");
    CHECK_FALSE(find_similar("colour", words).has_value());
    CHECK_FALSE(find_similar("x", words).has_value());
}

TEST_CASE("edits are counted as people make them", "[registry][spelling]") {
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("hots", "host") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("same", "same") == 0);
}
