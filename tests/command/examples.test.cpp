// SPDX-License-Identifier: Apache-2.0
// What takes a real database: the examples of the help texts, typed as they stand there, and names
// and rows that the puppet does not have.

#include "manual_sections.hpp"
#include "stage.hpp"

#include <patchbay/test/catch.hpp>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using namespace patchbay::test;

namespace {

const std::filesystem::path connectors = SQLITE_CONNECTORS;

Command shell_command(const Stage& stage, const std::string& line) {
    auto command = stage.command({"-c", line});
    command.program = "/bin/sh";
    command.environment["PATCHBAY_CONNECTOR_PATH"] = connectors;
    command.environment["PATH"] =
        std::filesystem::path(PATCHBAY_PROGRAM).parent_path().native() + ":/usr/bin:/bin";
    return command;
}

// Everything that the examples take for granted, but for a bundle of "acme".
void write_what_examples_need(const Stage& stage) {
    (void)stage.dir().write("connections.yaml",
                            "version: 1\n"
                            "connections: {sqlite: {shop: {connection: {path: shop.db}}}}\n");
    (void)stage.dir().write("shop.yaml", "connection: {path: shop.db}\n");
    (void)stage.dir().write("order.schema.json", R"({"type": "object"})");
    (void)stage.dir().write("order.json", "{}");
    std::filesystem::copy_file(connectors / "sqlite" / "settings.schema.json",
                               stage.path() / "settings.schema.json");
    std::filesystem::copy_file(connectors / "sqlite" / "settings.example.json",
                               stage.path() / "settings.example.json");
    const auto made =
        run(shell_command(stage, "patchbay execute @sqlite.shop --set /connection/mode=create "
                                 "'CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT)'"));
    REQUIRE(made.exit_code == 0);
}

// The lines of an "Examples" section that are typed.
std::vector<std::string> examples_of(const Stage& stage, const std::string& command) {
    const auto help = stage.run({command, "--help"});
    std::istringstream rest(help.out.substr(help.out.find("\nExamples\n")));
    std::vector<std::string> examples;
    for (std::string line; std::getline(rest, line);)
        if (line.starts_with("  patchbay ")) examples.push_back(line);
    REQUIRE_FALSE(examples.empty());
    return examples;
}

} // namespace

TEST_CASE("names of columns and tables may hold blanks and dots", "[command][read]") {
    const Stage stage;
    write_what_examples_need(stage);
    const auto shell = [&](const std::string& line) { return run(shell_command(stage, line)); };
    REQUIRE(shell("patchbay execute @sqlite.shop 'CREATE TABLE \"odd name.x\" (id INT, item TEXT)'")
                .exit_code == 0);

    const auto rows =
        shell("patchbay read @sqlite.shop --table 'main.\"odd name.x\"' --columns ' id, item'");
    CHECK(rows.out == "id,item\n");
    CHECK(shell("patchbay columns @sqlite.shop '\"odd name.x\"'").exit_code == 0);
}

TEST_CASE("each example of the help does what it says", "[command][help]") {
    const Stage stage;
    write_what_examples_need(stage);
    const std::string command = GENERATE("list", "which", "describe", "lint", "validate", "show",
                                         "test", "objects", "columns", "read", "execute");

    for (const auto& example : examples_of(stage, command)) {
        if (example.contains("acme")) continue;
        INFO(example);
        const auto outcome = run(shell_command(stage, example));
        INFO(outcome.out << outcome.err);
        CHECK(outcome.exit_code == 0);
    }
}

TEST_CASE("the connections file of the man page is what the page says", "[command][help]") {
    const Stage stage;
    (void)stage.dir().write("connections.yaml", patchbay::command::connections_example());
    (void)stage.dir().write("archive-path.txt", "archive.db\n");
    const auto show = [&](const std::string& line) {
        const auto outcome = run(shell_command(stage, line));
        INFO(outcome.err);
        CHECK(outcome.exit_code == 0);
        return json_of(outcome.out).at("settings").at("connection");
    };

    CHECK(run(shell_command(stage, "patchbay validate --all")).exit_code == 0);
    const auto by_default = show("patchbay show @sqlite --json");
    CHECK(by_default.at("method").as_string() == "params");
    CHECK(by_default.at("path").as_string() == "/srv/shop.db");
    CHECK(show("SHOP_DATABASE=here.db patchbay show @sqlite.shop --json").at("path").as_string() ==
          "***");
    const auto archive = show("patchbay show @sqlite.archive --json");
    CHECK(archive.at("path").as_string() == "***");
    CHECK(archive.at("busy_timeout_ms").as_int64() == 2000);
    CHECK(show("patchbay show '@sqlite.last year' --json").at("method").as_string() == "url");
}

TEST_CASE("what is wrong with rows is said of their source", "[command][read]") {
    const Stage stage;
    write_what_examples_need(stage);

    const auto outcome = run(shell_command(
        stage, "patchbay read @sqlite.shop --query 'SELECT 1 AS a, 2 AS a' --format jsonl"));

    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.starts_with("patchbay: @sqlite.shop: two columns are called \"a\""));
}
