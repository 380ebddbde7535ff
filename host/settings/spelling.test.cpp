// SPDX-License-Identifier: Apache-2.0
// A guess is made where a word looks like a slip, and only there.

#include "spelling.hpp"

#include "schema_for_test.hpp"

using patchbay::host::edit_distance;
using patchbay::host::SpellingGuess;

namespace {

std::string guess(std::string_view written, const std::vector<std::string_view>& candidates) {
    SpellingGuess spelling(written);
    for (const auto candidate : candidates)
        spelling.consider(candidate);
    return std::string(spelling.best());
}

} // namespace

TEST_CASE("a slip is recognised", "[settings][spelling]") {
    CHECK(guess("hots", {"port", "host", "user"}) == "host");
    CHECK(guess("mininum", {"maximum", "minimum"}) == "minimum");
    CHECK(guess("verify_full", {"verify-ca", "verify-full"}) == "verify-full");
    CHECK(guess("caFile", {"cert_file", "ca_file"}) == "ca_file");
    CHECK(guess("PASSWORD", {"password"}) == "password");
    CHECK(guess("conection", {"connection"}) == "connection");
}

TEST_CASE("a word that is only a little like another is left alone", "[settings][spelling]") {
    CHECK(guess("pw", {"password", "pg"}).empty());
    CHECK(guess("no", {"on"}).empty());
    CHECK(guess("table", {"cable_kind"}).empty());
    CHECK(guess("mode", {"node_name"}).empty());
    CHECK(guess("", {"a"}).empty());
    CHECK(guess(std::string(1000, 'a'), {std::string(999, 'a')}).empty());
}

TEST_CASE("of several candidates the nearest is taken, then the first", "[settings][spelling]") {
    CHECK(guess("prefers", {"prefixes", "prefer"}) == "prefer");
    CHECK(guess("sort", {"port", "sore"}) == "port");
}

TEST_CASE("edits are counted as people make them", "[settings][spelling]") {
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("hots", "host") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("same", "same") == 0);
}
