// SPDX-License-Identifier: Apache-2.0
// A pattern means to RE2 what it means to a browser, or is refused with the reason.

#include "ecma_pattern.hpp"

#include "schema_for_test.hpp"

#include <re2/re2.h>

using patchbay::host::read_ecma_pattern;

namespace {

bool matches(std::string_view pattern, std::string_view text) {
    const auto read = read_ecma_pattern(pattern);
    INFO(pattern << " as " << read.re2 << ": " << read.syntax_error << read.unsupported);
    REQUIRE_FALSE(read.re2.empty());
    const RE2 expression(read.re2, RE2::Quiet);
    INFO(expression.error());
    REQUIRE(expression.ok());
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), expression);
}

} // namespace

TEST_CASE("patterns match what ECMA-262 says", "[settings][pattern]") {
    struct Case {
        std::string_view pattern;
        std::string_view text;
        bool match;
    };
    const Case cases[] = {
        {"^a.c$", "abc", true},
        {"^a.c$", "a\nc", false},
        {"^a.c$", "a\u2028c", false},
        {"^a$", "a\n", false},
        {R"(^\s$)", "\u00a0", true},
        {R"(^\s$)", "\ufeff", true},
        {R"(^[\s]$)", "\u3000", true},
        {R"(^\S+$)", "caf\u00e9", true},
        {R"(^\S$)", "\u2003", false},
        {R"(^[^\S]$)", "\u2003", true},
        {R"(^\d$)", "\u0664", false},
        {R"(^\w$)", "\u00e9", false},
        {R"(^\u00e9\xe9$)", "\u00e9\u00e9", true},
        {R"(^\ud83d\udc32$)", "\U0001f432", true},
        {R"(^\u{1f432}$)", "\U0001f432", true},
        {R"(^\cJ$)", "\n", true},
        {R"(^[\b]$)", "\b", true},
        {R"(^\p{Letter}\p{Lu}\p{Script=Greek}$)", "aB\u03b1", true},
        {R"(^\P{L}$)", "1", true},
        {"^[]$", "", false},
        {"^[^]$", "\n", true},
        {"^(?<year>[0-9]{4})$", "2024", true},
        {R"(^[a\-z]$)", "b", false},
        {R"(^[\]\\]+$)", "]\\", true},
        {"^[[:alpha:]]$", "a]", true}, // a class of [ : a l p h, then a bracket
        {"^a{,2}$", "a{,2}", true},
        {R"(^\/\.$)", "/.", true},
        {"^(a|b)*?$", "abba", true},
        {"a{2,3}?$", "aa", true},
    };
    for (const auto& [pattern, text, match] : cases) {
        INFO(pattern << " and " << text);
        CHECK(matches(pattern, text) == match);
    }
}

TEST_CASE("what no ECMA-262 reads is a syntax error", "[settings][pattern]") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"^(abc]", "( is not closed"},
        {"a)", ") closes no group"},
        {"[a", "[ is not closed"},
        {"[b-a]", "out of order"},
        {"*a", "nothing to repeat with *"},
        {"a**", "nothing to repeat with *"},
        {"^*", "cannot repeat a place"},
        {R"(\b+)", "cannot repeat a place"},
        {"a{3,2}", "out of order"},
        {R"(a\)", "stands at the end"},
        {"(?i)a", "begins no kind of group"},
        {"(?P<n>a)", "begins no kind of group"},
        {"(?<1>a)", "name"},
        {R"(\u{110000})", "no code point"},
        {R"(\pL)", "in braces"},
    };
    for (const auto& [pattern, says] : cases) {
        INFO(pattern);
        const auto read = read_ecma_pattern(pattern);
        CHECK(read.re2.empty());
        CHECK(read.syntax_error.contains(says));
    }
}

TEST_CASE("what RE2 cannot do is named", "[settings][pattern]") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"(?=a)b", "look-ahead"},
        {"(?<!a)b", "look-behind"},
        {R"((a)\1)", "back-reference"},
        {R"((?<n>a)\k<n>)", "back-reference"},
        {"a{1001}", "1000 repetitions"},
        {R"(\ud83d)", "surrogate"},
        {R"(\p{Emoji})", "Unicode property"},
    };
    for (const auto& [pattern, says] : cases) {
        INFO(pattern);
        const auto read = read_ecma_pattern(pattern);
        CHECK(read.re2.empty());
        CHECK(read.syntax_error.empty());
        CHECK(read.unsupported.contains(says));
    }
}

TEST_CASE("what only the lenient grammar reads is not portable", "[settings][pattern]") {
    for (const auto* pattern : {R"(\@)", "a{", "a}", "a]", "x{,3}", R"([\w-x])"}) {
        INFO(pattern);
        const auto read = read_ecma_pattern(pattern);
        CHECK(read.syntax_error.empty());
        CHECK_FALSE(read.not_portable.empty());
    }
    for (const auto* pattern : {R"(^[A-Za-z0-9._%+-]+@[a-z]{2,}\.$)", R"(\/\{\}\-)", R"([\-\]])"}) {
        INFO(pattern);
        CHECK(read_ecma_pattern(pattern).not_portable.empty() ==
              (std::string_view(pattern) != R"(\/\{\}\-)"));
    }
}
