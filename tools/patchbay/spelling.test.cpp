// SPDX-License-Identifier: Apache-2.0
// Guesses, and when there is none.

#include "spelling.hpp"

#include <patchbay/test/catch.hpp>

#include <array>
#include <string>

using namespace patchbay::command;

TEST_CASE("a word that is nearly right is found", "[command]") {
    constexpr std::array<std::string_view, 4> known = {"list", "lint", "validate", "--format"};

    CHECK(find_similar("lst", known) == "list");
    CHECK(find_similar("vaildate", known) == "validate");
    CHECK(find_similar("--fromat", known) == "--format");
    CHECK(find_similar("x", known).empty());
    CHECK(find_similar("", known).empty());
    CHECK(find_similar("remove", known).empty());
    CHECK(find_similar(std::string(1'000'000, 'l'), known).empty());
}
