// SPDX-License-Identifier: Apache-2.0
// Every keyword is found by its own name and by no other.

#include "keywords.hpp"

#include "schema_for_test.hpp"

using patchbay::host::find_keyword;
using patchbay::host::Keyword;
using patchbay::host::keyword_count;
using patchbay::host::keyword_name;
using patchbay::host::keyword_names;

TEST_CASE("every keyword is found by its own name", "[settings][keywords]") {
    for (std::size_t i = 0; i < keyword_count; ++i) {
        const auto keyword = static_cast<Keyword>(i);
        INFO(keyword_names()[i]);
        CHECK(find_keyword(keyword_names()[i]) == keyword);
        CHECK(keyword_name(keyword) == keyword_names()[i]);
    }
    CHECK(find_keyword("minLength") == Keyword::min_length);
    CHECK(find_keyword("else") == Keyword::else_schema);
    CHECK(find_keyword("x-pattern-message") == Keyword::x_pattern_message);
}

TEST_CASE("a name that is no keyword is none", "[settings][keywords]") {
    for (const auto* name : {"", "Minimum", "minimum ", "x-", "unevaluatedProperties",
                             "a name that is longer than every keyword there is"}) {
        INFO(name);
        CHECK(find_keyword(name) == Keyword::none);
    }
    CHECK(keyword_name(Keyword::none).empty());
}
