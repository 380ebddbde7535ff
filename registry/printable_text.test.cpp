// SPDX-License-Identifier: Apache-2.0
// What of a stranger's text reaches a terminal.

#include <patchbay/test/catch.hpp>
#include <registry/printable_text.hpp>

#include <cerrno>
#include <string>

using namespace patchbay::registry;

TEST_CASE("text that steers a terminal or breaks a line is not printable", "[registry][text]") {
    for (const std::string text :
         {"a\nb", "\x1b[31m", "\x7f", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\xa8",
          "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80"}) {
        INFO(quote(text));
        CHECK_FALSE(printable_length(text).has_value());
    }
    CHECK_FALSE(printable_length(std::string(1, '\0')).has_value());
}

TEST_CASE("the length of a text counts code points", "[registry][text]") {
    CHECK(printable_length("") == 0U);
    CHECK(printable_length("Sample") == 6U);
    CHECK(printable_length("\xc3\xa9\xe6\xa8\xa3\xf0\x9f\x94\x8c") == 3U);
}

TEST_CASE("a quoted text is one line of printable characters", "[registry][text]") {
    CHECK(quote("plain") == R"("plain")");
    CHECK(quote("a\"b\\c") == R"("a\"b\\c")");
    CHECK(quote("\x1b[31mred\n") == R"("\x1b[31mred\x0a")");
    CHECK(quote("\xff\xc3\xa9") == "\"\\xff\xc3\xa9\"");
    CHECK(quote(std::string(100, 'x')) == '"' + std::string(80, 'x') + "...\"");
}

TEST_CASE("a path in a command is one word of a shell", "[registry][text]") {
    CHECK(shell_word("/srv/connectors/a.so") == "/srv/connectors/a.so");
    CHECK(shell_word("/srv/my connectors") == "'/srv/my connectors'");
    CHECK(shell_word("/srv/$(reboot)'; x") == R"('/srv/$(reboot)'\''; x')");
    CHECK(shell_word("/srv/a\nb") == R"('/srv/a\x0ab')");
    CHECK(show("/srv/my \"connectors\"") == "/srv/my \"connectors\"");
}

TEST_CASE("an error of the system has words", "[registry][text]") {
    CHECK(error_text(ENOENT) == "No such file or directory");
}
