// SPDX-License-Identifier: Apache-2.0
// Words against definitions of a test's own, and every example against the real ones.

#include "command_line.hpp"

#include "commands/all.hpp"
#include "manual.hpp"

#include <patchbay/test/catch.hpp>

#include <array>
#include <string>
#include <vector>

using namespace patchbay::command;

namespace {

using Words = std::vector<std::string>;

const CommandDefinition copy_command = {
    .name = "copy",
    .summary = "copy",
    .synopsis = {"REF OBJECT [MORE]..."},
    .description = {"Copies."},
    .operands = {{.name = "REF", .help = "."},
                 {.name = "OBJECT", .help = "."},
                 {.name = "MORE", .help = ".", .optional = true, .repeatable = true}},
    .options = {{.name = "--fast", .value = "", .help = "."},
                {.name = "--mode", .value = "MODE", .help = ".", .choices = {"append", "replace"}},
                {.name = "--value", .value = "VALUE", .help = ".", .repeatable = true}},
    .examples = {},
    .takes_source = true,
    .run = nullptr};
const CommandDefinition other_command = {.name = "count",
                                         .summary = "count",
                                         .synopsis = {""},
                                         .description = {"Counts."},
                                         .examples = {},
                                         .run = nullptr};
constexpr std::array commands = {&copy_command, &other_command};

Arguments read_right(const Words& words) {
    auto request = read_command_line(words, commands);
    REQUIRE(request.has_value());
    REQUIRE(request->kind == Request::Kind::command);
    return std::move(*request->arguments);
}

// What is said about a command line that is wrong.
std::string read_wrong(const Words& words) {
    const auto request = read_command_line(words, commands);
    REQUIRE_FALSE(request.has_value());
    CHECK(request.error().exit_code == ExitCode::usage);
    CHECK(request.error().usage);
    return request.error().error.message;
}

// A line as a shell takes it apart, with single quotes only; ends where output is redirected.
Words split(std::string_view line) {
    Words words(1);
    bool in_quotes = false;
    for (const char c : line) {
        if (c == '>' && !in_quotes) break;
        if (c == '\'') {
            in_quotes = !in_quotes;
        } else if (c == ' ' && !in_quotes) {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

} // namespace

TEST_CASE("words become options and operands wherever they stand", "[command][line]") {
    const auto arguments =
        read_right({"--json", "--connections=f.yaml", "copy", "--value", "--x", "@a.b", "--fast",
                    "t", "--value=", "u", "v", "--value=a=b", "--mode", "append"});

    CHECK(arguments.command().name == "copy");
    CHECK(arguments.has("--json"));
    CHECK(arguments.has("--fast"));
    CHECK(arguments.value("--connections") == "f.yaml");
    CHECK(arguments.value("--mode") == "append");
    CHECK(arguments.values("--value") == std::vector<std::string_view>{"--x", "", "a=b"});
    CHECK(arguments.operand("REF") == "@a.b");
    CHECK(arguments.operand("OBJECT") == "t");
    CHECK(arguments.operands("MORE") == std::vector<std::string_view>{"u", "v"});
}

TEST_CASE("what stands behind -- is an operand", "[command][line]") {
    const auto arguments = read_right({"copy", "--fast", "--", "--mode", "-", "--"});

    CHECK_FALSE(arguments.has("--mode"));
    CHECK(arguments.operand("REF") == "--mode");
    CHECK(arguments.operand("OBJECT") == "-");
    CHECK(arguments.operand("MORE") == "--");
}

TEST_CASE("brackets and braces in a word are left alone", "[command][line]") {
    const auto arguments = read_right({"copy", "[a,b]", "{c}", "--value", "[1,2]"});

    CHECK(arguments.operand("REF") == "[a,b]");
    CHECK(arguments.operand("OBJECT") == "{c}");
    CHECK(arguments.values("--value") == std::vector<std::string_view>{"[1,2]"});
}

TEST_CASE("settings on the spot stand in place of REF", "[command][line]") {
    const auto arguments = read_right({"copy", "t", "--connector", "a", "--settings", "-"});

    CHECK_FALSE(arguments.operand("REF").has_value());
    CHECK(arguments.operand("OBJECT") == "t");
    CHECK(arguments.value("--settings") == "-");
}

TEST_CASE("a wrong command line names the word", "[command][line]") {
    CHECK(read_wrong({}) == "a command is missing");
    CHECK(read_wrong({"cout"}) == "there is no command \"cout\"; did you mean count?");
    CHECK(read_wrong({"frobnicate"}) == "there is no command \"frobnicate\"");
    CHECK(read_wrong({"--jsno", "count"}) == "there is no option \"--jsno\"; did you mean --json?");
    CHECK(read_wrong({"count", "x"}) == "unexpected argument \"x\"");
    CHECK(read_wrong({"count", "--fast"}) == "there is no option \"--fast\"");
    CHECK(read_wrong({"count", "--connector-di=x"}) ==
          "there is no option \"--connector-di\"; did you mean --connector-dir?");
    CHECK(read_wrong({"count", "-x"}) == "there is no option \"-x\"");
    CHECK(read_wrong({"copy", "@a"}) == "OBJECT is missing");
    CHECK(read_wrong({"copy", "@a", "t", "--value"}) == "\"--value\" needs a value");
    CHECK(read_wrong({"copy", "@a", "t", "--fast=1"}) == "--fast takes no value");
    CHECK(read_wrong({"copy", "@a", "t", "--mode", "apend"}) ==
          "--mode must be one of append, replace; it is \"apend\"; did you mean append?");
    CHECK(read_wrong({"copy", "@a", "t", "--mode", "append", "--mode", "replace"}) ==
          "--mode is given twice");
    CHECK(read_wrong({"--connections", "a", "count", "--connections", "b"}) ==
          "--connections is given twice");
    CHECK(read_wrong({"count", "\x1b[2J"}) == "unexpected argument \"\\x1b[2J\"");
}

TEST_CASE("a word that is not UTF-8 is refused without being repeated", "[command][line]") {
    CHECK(read_wrong({"copy", "@a", "t", "--value", "secret\xff"}) == "--value is not UTF-8");
    CHECK(read_wrong({"copy", "@a", "t", "--value=\xed\xa0\x80"}) == "--value is not UTF-8");
    CHECK(read_wrong({"--connections=\xff", "copy", "@a", "t"}) == "--connections is not UTF-8");
    CHECK(read_wrong({"copy", "@a", "t", "--mode", "\xff"}) == "--mode is not UTF-8");
    CHECK(read_wrong({"copy", "sqlite:///\xff", "t"}) == "REF is not UTF-8");
    CHECK(read_wrong({"copy", "@a", "t", "more", "\xc3"}) == "MORE is not UTF-8");
    CHECK(read_wrong({"\xff"}) == "there is no command \"\\xff\"");
    CHECK(read_right({"copy", "@\xc3\xa4", "t"}).operand("REF") == "@\xc3\xa4");
}

TEST_CASE("help and version win over what is missing", "[command][line]") {
    const auto kind_of = [](const Words& words) {
        const auto request = read_command_line(words, commands);
        REQUIRE(request.has_value());
        return request->kind;
    };

    CHECK(kind_of({"--help"}) == Request::Kind::help_of_program);
    CHECK(kind_of({"-h"}) == Request::Kind::help_of_program);
    CHECK(kind_of({"--version"}) == Request::Kind::version);
    CHECK(kind_of({"copy", "--help"}) == Request::Kind::help_of_command);
    CHECK(kind_of({"--help", "copy"}) == Request::Kind::help_of_command);
}

TEST_CASE("every example of every command can be typed", "[command][help]") {
    for (const auto* const command : all_commands()) {
        INFO(std::string(command->name));
        CHECK_FALSE(command->examples.empty());
        for (const auto& example : command->examples) {
            INFO(std::string(example.line));
            auto words = split(example.line);
            REQUIRE(words.front() == "patchbay");
            words.erase(words.begin());
            const auto request = read_command_line(words, all_commands());
            REQUIRE(request.has_value());
            CHECK(request->arguments->command().name == command->name);
        }
    }
}

TEST_CASE("the man page has every command and option", "[command][help]") {
    const auto page = manual_page();
    const auto escaped = [](std::string_view text) {
        std::string result;
        for (const char c : text)
            result += c == '-' ? std::string("\\-") : std::string(1, c);
        return result;
    };

    CHECK(page.starts_with(".TH PATCHBAY 1"));
    for (const auto* const command : all_commands()) {
        CHECK(page.contains("\n.SS " + escaped(command->name) + '\n'));
        for (const auto* const option : all_options(*command))
            CHECK(page.contains(escaped(option->name)));
    }
}
