// SPDX-License-Identifier: Apache-2.0
// What is UTF-8, what may stand on a terminal, and how wide it is there.

#include "output/utf8.hpp"

#include "output/terminal_text.hpp"

#include <patchbay/test/catch.hpp>

#include <string>
#include <string_view>

using namespace patchbay::command;

TEST_CASE("only what RFC 3629 allows is UTF-8", "[command][output]") {
    for (const std::string_view good :
         {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xEE\x80\x80",
          "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "eight bytes and more \xC3\xA9 here"}) {
        INFO(make_printable(good).text);
        CHECK(is_utf8(good));
    }
    for (const std::string_view bad : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                                       "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                                       "\xFF", "\xE2\x28\xA1", "eight bytes and more \xC3"}) {
        INFO(make_printable(bad).text);
        CHECK_FALSE(is_utf8(bad));
    }
}

TEST_CASE("nothing that steers a terminal comes through", "[command][output]") {
    CHECK(make_printable("a\nb\tc\r").text == "a\\nb\\tc\\r");
    CHECK(make_printable("\x1b[2J\x07").text == "\\x1b[2J\\x07");
    CHECK(make_printable(std::string_view("\0", 1)).text == "\\x00");
    CHECK(make_printable("\x7F").text == "\\x7f");
    CHECK(make_printable("\xC2\x9B").text == "\\u009b");     // CSI in one character
    CHECK(make_printable("\xE2\x80\xAE").text == "\\u202e"); // right to left from here
    CHECK(make_printable("\xE2\x80\xA8").text == "\\u2028");
    CHECK(make_printable("\xFF\xC3").text == "\\xff\\xc3");
    CHECK(make_printable_lines("one\x1b\r\ntwo", "  ") == "one\\x1b\n  two");
}

TEST_CASE("widths are those of a terminal", "[command][output]") {
    CHECK(make_printable("caf\xC3\xA9").column_count == 4);
    CHECK(make_printable("cafe\xCC\x81").column_count == 4);             // e and an accent
    CHECK(make_printable("\xE6\x97\xA5\xE6\x9C\xAC").column_count == 4); // two Han characters
    CHECK(make_printable("\xED\x95\x9C").column_count == 2);             // Hangul
    CHECK(make_printable("\xF0\x9F\x8E\x89").column_count == 2);         // an emoji
    CHECK(make_printable("\xEF\xBC\xA1").column_count == 2);             // a full-width letter
    CHECK(make_printable("\xE2\x80\x8B").column_count == 0);             // no width by name
}

TEST_CASE("a text that is too long is cut where it fits, and says so", "[command][output]") {
    CHECK(make_printable("abcdef", 6).text == "abcdef");
    CHECK(make_printable("abcdefg", 6).text == "abcde\xE2\x80\xA6");
    CHECK(make_printable("abcdefg", 6).column_count == 6);
    // A wide character is not cut in half.
    const auto cut = make_printable("ab\xE6\x97\xA5\xE6\x9C\xAC", 4);
    CHECK(cut.text == "ab\xE2\x80\xA6");
    CHECK(cut.column_count == 3);
    // Nor is an accent parted from its letter.
    CHECK(make_printable("abe\xCC\x81xyz", 4).text == "abe\xCC\x81\xE2\x80\xA6");
}

TEST_CASE("text is wrapped at blanks", "[command][output]") {
    CHECK(wrap("one two three", 7, "  ") == "one two\n  three");
    CHECK(wrap("incomprehensible is long", 5, "") == "incomprehensible\nis\nlong");
    CHECK(wrap("", 5, "") == "");
}
