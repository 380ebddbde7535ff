// SPDX-License-Identifier: Apache-2.0
// validate, show, test, objects, columns, and what all commands have alike.

#include "stage.hpp"

#include <patchbay/test/catch.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <filesystem>

using namespace patchbay::test;

namespace {

constexpr std::string_view error_members =
    "code message hint pointer retry sqlstate native_code native_domain connector reference";

} // namespace

TEST_CASE("validate shows every fault with its place", "[command][validate]") {
    const Stage stage;

    const auto outcome = stage.run({"validate", "@puppet.wrong"});

    CHECK(outcome.exit_code == 3);
    CHECK(outcome.out.contains("@puppet.wrong: 2 faults"));
    CHECK(outcome.out.contains("/connection/max_sessions: must be at least 0; it is -1"));
    CHECK(outcome.out.contains("did you mean \"script\"?"));
    CHECK(outcome.out.contains("connections.yaml, line 8"));
    CHECK(outcome.err.empty());
}

TEST_CASE("validate prints faults as a document", "[command][validate]") {
    const Stage stage;

    const auto one = json_of(stage.run({"validate", "@puppet.wrong", "--json"}).out);
    CHECK(members_of(one) == "valid faults");
    CHECK_FALSE(one.at("valid").as_bool());
    const auto& faults = one.at("faults").as_array();
    REQUIRE(faults.size() == 2);
    CHECK(members_of(faults[0]) ==
          "code pointer schema_pointer keyword message params suggestion place");
    CHECK(faults[0].at("code").as_string() == "settings.minimum");

    const auto all = stage.run({"validate", "--all", "--json"});
    CHECK(all.exit_code == 3);
    const auto document = json_of(all.out);
    const auto& results = document.at("results").as_array();
    REQUIRE(results.size() == 5);
    CHECK(members_of(results[0]) == "reference valid faults error");
    CHECK(results[0].at("reference").as_string() == "@puppet.good");
    CHECK(results[0].at("valid").as_bool());
    CHECK_FALSE(results[1].at("valid").as_bool());
}

TEST_CASE("validate goes on behind what cannot be checked", "[command][validate]") {
    const Stage stage;

    const auto outcome = stage.run({"validate", "@puppet.none", "@puppet.good"});

    CHECK(outcome.exit_code == 4);
    CHECK(outcome.out.contains("@puppet.none: cannot be checked"));
    CHECK(outcome.out.contains("@puppet.good: valid"));
    CHECK(outcome.err.contains("none"));
}

TEST_CASE("validate takes settings from a file and from standard input", "[command][validate]") {
    const Stage stage;
    const auto file =
        stage.dir().write("s.yaml", "connection: {method: params, max_sessions: x}\n");

    const auto from_file = stage.run({"validate", "--connector", "puppet", "--settings", "s.yaml"});
    CHECK(from_file.exit_code == 3);
    CHECK(from_file.out.contains("s.yaml, line 1"));

    auto command = stage.command({"validate", "--connector", "puppet", "--settings", "-", "--set",
                                  "/connection/max_sessions=1"});
    command.input = file;
    CHECK(run(command).exit_code == 0);

    const auto alone = stage.run({"validate", "--settings", "s.yaml"});
    CHECK(alone.exit_code == 2);
    CHECK(alone.err.contains("--settings also needs --connector NAME"));
}

TEST_CASE("validate checks any document against any schema", "[command][validate]") {
    const Stage stage;
    (void)stage.dir().write("schema.json", R"({"type": "object", "required": ["id"]})");
    (void)stage.dir().write("right.yaml", "id: 1\n");
    (void)stage.dir().write("wrong.json", "{}");
    (void)stage.dir().write("broken.json", R"({"type": 5})");

    const auto check = [&](const std::string& schema, const std::string& document) {
        return stage.run({"validate", "--schema", schema, "--settings", document});
    };
    CHECK(check("schema.json", "right.yaml").exit_code == 0);
    const auto wrong = check("schema.json", "wrong.json");
    CHECK(wrong.exit_code == 3);
    CHECK(wrong.out.contains("\"id\""));
    const auto broken = check("broken.json", "right.yaml");
    CHECK(broken.exit_code == 3);
    CHECK(broken.err.contains("broken.json"));
    const auto missing = check("none.json", "right.yaml");
    CHECK(missing.exit_code == 3);
    CHECK(missing.err.contains("none.json"));
}

TEST_CASE("show tells where each value came from, and masks secrets", "[command][show]") {
    const Stage stage;

    const auto text = stage.run({"show", "@puppet", "--set", "/connection/max_sessions=4"});
    CHECK(text.exit_code == 0);
    CHECK(text.out.contains("***"));
    CHECK(text.out.contains("--set"));
    CHECK(text.out.contains("default"));

    const auto document = json_of(stage.run({"show", "@puppet", "--json"}).out);
    CHECK(members_of(document) == "reference connector settings origins");
    CHECK(document.at("settings").at("connection").at("password").as_string() == "***");
    CHECK(members_of(document.at("origins").at(0)) == "pointer kind detail");

    CHECK(stage.run({"show", "@puppet.wrong"}).exit_code == 3);
}

TEST_CASE("test tells who answers, and what is wrong elsewhere", "[command][test]") {
    const Stage stage;

    const auto text = stage.run({"test", "@puppet", "@puppet.closed"});
    CHECK(text.exit_code == 5);
    CHECK(
        text.out.contains("@puppet: connected\n  server version  1.0\n  database        stage\n"));
    CHECK(text.out.contains("@puppet.closed: failed"));
    CHECK(text.err.contains("@puppet.closed: no such password: ***"));

    const auto all = stage.run({"test", "--all", "--json", "--timeout", "200ms"});
    CHECK(all.exit_code == 3); // of the first that fails: its settings are wrong
    const auto document = json_of(all.out);
    const auto& results = document.at("results").as_array();
    REQUIRE(results.size() == 5);
    for (const auto& result : results) {
        CHECK(members_of(result) ==
              "reference status server_version database user tls latency_ms error");
    }
    CHECK(results[0].at("status").as_string() == "connected");
    CHECK(results[0].at("server_version").as_string() == "1.0");
    CHECK(results[0].at("user").is_null());
    CHECK(results[2].at("status").as_string() == "failed");
    CHECK(members_of(results[2].at("error")) == error_members);
    CHECK(results[2].at("error").at("code").as_string() == "unauthenticated");
    CHECK(results[3].at("error").at("code").as_string() == "deadline");
}

TEST_CASE("test warns of a secret that others can read", "[command][test]") {
    const Stage stage;
    const auto file = stage.path() / "connections.yaml";
    const auto message = "others can read " + file.native();

    CHECK(stage.run({"test", "@puppet"}).err.contains(message));

    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    CHECK(stage.run({"test", "@puppet"}).err.empty());

    (void)stage.dir().write("secret", canary);
    (void)stage.dir().write("other.yaml",
                            "version: 1\n"
                            "connections: {puppet: {a: {connection: {method: params, password: "
                            "\"${file:secret}\"}}}}\n");
    const auto hidden = stage.run({"--connections", "other.yaml", "test", "@puppet"});
    CHECK(hidden.exit_code == 0);
    CHECK(hidden.err.empty());
}

TEST_CASE("objects lists what matches", "[command][objects]") {
    const Stage stage;

    const auto all = stage.run({"objects", "@puppet"});
    CHECK(all.exit_code == 0);
    CHECK(all.out == "SCHEMA  NAME     KIND\n"
                     "main    props    table\n"
                     "main    stage    table\n"
                     "main    strings  table\n");
    CHECK(stage.run({"objects", "@puppet", "st*"}).out == "SCHEMA  NAME     KIND\n"
                                                          "main    stage    table\n"
                                                          "main    strings  table\n");
    CHECK(stage.run({"objects", "@puppet", "none"}).out.empty());

    const auto document = json_of(stage.run({"objects", "@puppet", "main.stage", "--json"}).out);
    REQUIRE(document.at("objects").as_array().size() == 1);
    const auto& stage_object = document.at("objects").at(0);
    CHECK(members_of(stage_object) == "catalog schema name kind comment");
    CHECK(stage_object.at("catalog").is_null());
    CHECK(stage_object.at("name").as_string() == "stage");
}

TEST_CASE("columns shows an object's columns", "[command][columns]") {
    const Stage stage;

    const auto document = json_of(stage.run({"columns", "@puppet", "stage", "--json"}).out);
    const auto& column = document.at("columns").at(0);
    CHECK(members_of(column) == "name type arrow_type nullable key default comment");
    CHECK(column.at("type").as_string() == "int");
    CHECK(column.at("arrow_type").as_string() == "int64");
    CHECK(column.at("key").is_null());

    const auto missing = stage.run({"columns", "@puppet", "pit"});
    CHECK(missing.exit_code == 1);
    CHECK(missing.err.contains("there is no pit"));
}

TEST_CASE("an error is a document, too", "[command]") {
    const Stage stage;
    struct Case {
        std::vector<std::string> words;
        const char* code;
        int exit_code;
    };
    const auto [words, code, exit_code] =
        GENERATE(Case{{"--json", "columns", "@puppet", "pit"}, "not_found", 1},
                 Case{{"--json", "lst"}, "usage", 2},
                 Case{{"show", "@puppet.wrong", "--json"}, "invalid_settings", 3},
                 Case{{"which", "pupet", "--json"}, "connector_unknown", 4},
                 Case{{"validate", "@puppet.none", "--json"}, "connection_unknown", 4},
                 Case{{"--connections", "none.yaml", "show", "@puppet", "--json"},
                      "connections_file_missing",
                      3});

    const auto outcome = stage.run(words);

    CHECK(outcome.exit_code == exit_code);
    CHECK(outcome.out.empty());
    const auto document = json_of(outcome.err);
    CHECK(members_of(document.at("error")).starts_with(error_members));
    CHECK(document.at("error").at("code").as_string() == code);
}

TEST_CASE("a log masks secrets", "[command]") {
    const Stage stage;

    const auto outcome =
        stage.run({"--log-level", "trace", "read", "@puppet", "--query", "log rows 1"});

    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.contains("puppet.script: password=***"));
}

TEST_CASE("a mistyped word of the command line is named, with a guess", "[command]") {
    const Stage stage;
    struct Case {
        std::vector<std::string> words;
        const char* message;
    };
    const auto [words, message] =
        GENERATE(Case{{}, "a command is missing"},
                 Case{{"red"}, "there is no command \"red\"; did you mean read?"},
                 Case{{"--jsn", "list"}, "there is no option \"--jsn\"; did you mean --json?"},
                 Case{{"list", "--al"}, "there is no option \"--al\"; did you mean --all?"},
                 Case{{"list", "--all=no"}, "--all takes no value"},
                 Case{{"list", "--log-level"}, "\"--log-level\" needs a value"},
                 Case{{"list", "--log-level", "loud"}, "--log-level must be one of trace"},
                 Case{{"test", "@a", "--timeout", "1s", "--timeout", "2s"}, "given twice"},
                 Case{{"test"}, "no source is named"},
                 Case{{"test", "@puppet", "--set", "x=1"}, "--set needs a JSON Pointer"});

    const auto outcome = stage.run(words);

    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    INFO(outcome.err);
    CHECK(outcome.err.contains(message));
}

TEST_CASE("an empty path is a mistake of the command line", "[command]") {
    const Stage stage;
    struct Case {
        const char* option;
        std::vector<std::string> words;
    };
    const auto [option, words] =
        GENERATE(Case{"--connections", {"list"}}, Case{"--connector-dir", {"list"}},
                 Case{"--output", {"read", "@puppet", "--query", "rows 1"}},
                 Case{"--query-file", {"read", "@puppet"}},
                 Case{"--settings", {"validate", "--connector", "puppet"}});

    auto all_words = words;
    all_words.insert(all_words.end(), {option, ""});
    const auto outcome = stage.run(all_words);

    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.contains(std::string(option) + " needs a path"));
}

TEST_CASE("help explains each command with an example", "[command][help]") {
    const Stage stage;
    const auto program = stage.run({"--help"});
    CHECK(program.exit_code == 0);
    const std::string name =
        GENERATE("list", "which", "inspect", "install", "remove", "describe", "lint", "validate",
                 "show", "test", "objects", "columns", "read", "execute");
    CHECK(program.out.contains("\n  " + name + " "));

    const auto help = stage.run({name, "-h"});

    CHECK(help.exit_code == 0);
    CHECK(help.out.contains("patchbay " + name));
    CHECK(help.out.contains("\nExamples\n"));
    CHECK(help.err.empty());
    const bool takes_source = help.out.contains("  --set ");
    CHECK(help.out.contains("Other users of this machine can see") == takes_source);
}

TEST_CASE("the version option tells program, ABI and build", "[command][help]") {
    const auto outcome = Stage().run({"--version"});

    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.starts_with("patchbay 0."));
    CHECK(outcome.out.contains("\nABI 0."));
    CHECK(outcome.out.contains("\nbuild "));
}

TEST_CASE("the help of read says what there is in place of --json", "[command][help]") {
    const Stage stage;

    const auto help = stage.run({"read", "--help"});

    CHECK(help.exit_code == 0);
    CHECK(help.out.contains("Not for read"));
    CHECK_FALSE(help.out.contains("Print one JSON document"));
    CHECK(stage.run({"list", "--help"}).out.contains("Print one JSON document"));
}
