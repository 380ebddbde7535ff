// SPDX-License-Identifier: Apache-2.0
// UTF-8 is told from what only looks like it.

#include <patchbay/sdk/text.hpp>
#include <patchbay/test/catch.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

using namespace patchbay::sdk;

TEST_CASE("well-formed UTF-8 passes", "[sdk][text]") {
    for (const std::string_view text :
         {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
          "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
          "eight bytes and then \xe2\x82\xac"}) {
        CHECK(is_utf8(text));
    }
}

TEST_CASE("the valid prefix ends at the first byte that is not UTF-8", "[sdk][text]") {
    const std::pair<std::string_view, std::size_t> cases[] = {
        {"\x80", 0},
        {"a\xc0\x80", 1},
        {"\xc1\xbf", 0},
        {"\xc2", 0},
        {"ab\xe0\x9f\xbf", 2},
        {"\xed\xa0\x80", 0},
        {"\xe2\x82", 0},
        {"\xf0\x8f\xbf\xbf", 0},
        {"\xf4\x90\x80\x80", 0},
        {"\xf5\x80\x80\x80", 0},
        {"12345678\xff", 8},
        {"1234567\xff", 7},
        {"\xc3\xa9\xc3", 2},
    };
    for (const auto& [text, prefix] : cases) {
        INFO(text.size() << " bytes");
        CHECK(valid_utf8_prefix(text) == prefix);
    }
}

TEST_CASE("what is no text becomes U+FFFD, byte by byte", "[sdk][text]") {
    CHECK(to_utf8("gr\xc3\xbcn") == "gr\xc3\xbcn");
    CHECK(to_utf8("gr\xfcn") == "gr\xef\xbf\xbdn");
    CHECK(to_utf8("\xff\xfe") == "\xef\xbf\xbd\xef\xbf\xbd");
    CHECK(to_utf8(std::string_view("a\0b\0", 4)) == "a\xef\xbf\xbd\x62\xef\xbf\xbd");
    CHECK(to_utf8("").empty());
}
