// SPDX-License-Identifier: Apache-2.0
// References in settings stand for what they name, or are an error that names it.

#include "interpolation.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

using namespace patchbay::host;
using patchbay::test::TempDir;

namespace {

Surroundings surroundings(const std::filesystem::path& directory = "/nowhere") {
    static const std::map<std::string, std::string> variables = {
        {"NAME", "value"},   {"EMPTY", ""},   {"NESTED", "${NAME}"},
        {"odd name", "odd"}, {"BAD", "\xff"},
    };
    return {[](const std::string& name) -> std::optional<std::string> {
                const auto found = variables.find(name);
                if (found == variables.end()) return std::nullopt;
                return found->second;
            },
            directory};
}

Expected<std::string> expand_text(std::string_view text,
                                  const std::filesystem::path& directory = "/nowhere") {
    const auto parts = read_template(text);
    INFO(text);
    REQUIRE(parts.has_value());
    auto expansion = expand(*parts, surroundings(directory));
    if (!expansion) return std::unexpected(std::move(expansion.error()));
    return expansion->text;
}

} // namespace

TEST_CASE("references are put in wherever they stand", "[host][interpolation]") {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"plain", "plain"},
        {"${NAME}", "value"},
        {"a ${NAME} and ${NAME}!", "a value and value!"},
        {"${EMPTY}", ""},
        {"${EMPTY:-fallback}", "fallback"},
        {"${UNSET:-fallback}", "fallback"},
        {"${UNSET:-}", ""},
        {"${NAME:-unused}", "value"},
        {"${UNSET:-a:-b}", "a:-b"},
        {"${odd name}", "odd"},
        {"${NESTED}", "${NAME}"}, // data, not looked at again
        {"$${NAME}", "${NAME}"},
        {"$$${NAME}", "$${NAME}"},
        {"$NAME costs 5$", "$NAME costs 5$"},
        {"$", "$"},
        {"", ""},
    };
    for (const auto& [text, expanded] : cases)
        CHECK(expand_text(text) == std::string(expanded));
}

TEST_CASE("a fallback did not come from outside", "[host][interpolation]") {
    const auto from_outside = [](std::string_view text) {
        return expand(*read_template(text), surroundings())->from_outside;
    };
    CHECK(from_outside("a ${NAME}"));
    CHECK_FALSE(from_outside("a ${UNSET:-b}"));
    CHECK_FALSE(from_outside("$${NAME}"));
}

TEST_CASE("a reference that stands for nothing is an error that names it",
          "[host][interpolation]") {
    const auto unset = expand_text("x${UNSET}");
    REQUIRE_FALSE(unset.has_value());
    CHECK(unset.error().code == ErrorCode::value_unresolved);
    CHECK(unset.error().message == "the environment variable UNSET is not set");
    CHECK(unset.error().hint.contains("${UNSET:-default}"));

    const auto bytes = expand_text("${BAD}");
    REQUIRE_FALSE(bytes.has_value());
    CHECK(bytes.error().message.contains("BAD is not UTF-8"));
}

TEST_CASE("a reference that is malformed is refused", "[host][interpolation]") {
    for (const auto& [text, says] :
         {std::pair<std::string_view, std::string_view>{"${NAME", "never closed"},
          {"${}", "names no variable"},
          {"${:-x}", "names no variable"},
          {"${A=B}", "names no variable"},
          {"${env:HOME}", "names no variable; write ${HOME}"},
          {"${file:}", "names no file"},
          {"${A:-${B}}", "nests"}}) {
        const auto parts = read_template(text);
        INFO(text);
        REQUIRE_FALSE(parts.has_value());
        CHECK(parts.error().contains(says));
    }
}

TEST_CASE("a file stands for its content without the last line break", "[host][interpolation]") {
    const TempDir dir;
    dir.write("secret", "CANARY-file\n");
    dir.write("windows", "CANARY-file\r\n");
    dir.write("two", "a\n\n");
    dir.write("carriage", "a\r");
    dir.write("largest", std::string(65536, 'x') + "\n");

    CHECK(expand_text("<${file:secret}>", dir.path()) == "<CANARY-file>");
    CHECK(expand_text("${file:windows}", dir.path()) == "CANARY-file");
    CHECK(expand_text("${file:two}", dir.path()) == "a\n");
    CHECK(expand_text("${file:carriage}", dir.path()) == "a\r");
    CHECK(expand_text("${file:largest}", dir.path())->size() == 65536);
    CHECK(expand_text("${file:" + (dir.path() / "secret").string() + "}") == "CANARY-file");
}

TEST_CASE("a file that cannot stand for a value is an error that names it",
          "[host][interpolation]") {
    const TempDir dir;
    dir.write("large", std::string(65537, 'x'));
    dir.write("binary", "\xff");
    dir.write("nul", std::string_view("a\0b", 3));

    for (const auto& [name, says] : {std::pair<std::string, std::string>{"absent", "No such file"},
                                     {"large", "65536 bytes allowed"},
                                     {"binary", "UTF-8"},
                                     {"nul", "UTF-8"},
                                     {".", "directory"}}) {
        const auto read = expand_text("${file:" + name + "}", dir.path());
        INFO(name);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code == ErrorCode::value_unresolved);
        CHECK(read.error().message.contains((dir.path() / name).string()));
        CHECK(read.error().message.contains(says));
    }
}

TEST_CASE("only a text that is one reference may become a number", "[host][interpolation]") {
    CHECK(read_template("${PORT:-5432}")->is_one_reference());
    CHECK_FALSE(read_template("1${PORT}")->is_one_reference());
    CHECK_FALSE(read_template("5432")->is_one_reference());
    CHECK(read_template("a${X:-secret}${file:y}")->describe() == "${X} ${file:y}");
}
