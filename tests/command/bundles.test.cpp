// SPDX-License-Identifier: Apache-2.0
// list, which, inspect, install, remove, describe and lint.

#include "stage.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/skip.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <unistd.h>

#include <filesystem>

using namespace patchbay::test;

namespace {

const std::filesystem::path puppets = PUPPET_CONNECTORS;

constexpr std::string_view connector_members =
    "id name title version vendor capabilities url_schemes path state reason";

// A copy of the puppet's bundle, to be spoilt.
std::filesystem::path copy_puppet(const Stage& stage, const std::string& root) {
    const auto copy = stage.path() / root / "puppet";
    std::filesystem::create_directories(copy.parent_path());
    std::filesystem::copy(puppets / "puppet", copy);
    return copy;
}

} // namespace

TEST_CASE("list shows what can be used", "[command][list]") {
    const Stage stage;

    const auto text = stage.run({"list"});
    CHECK(text.exit_code == 0);
    CHECK(text.out.starts_with("NAME "));
    CHECK(text.out.contains("\npuppet "));
    CHECK(text.out.contains("source, sql, catalog, stream-info"));

    const auto document = json_of(stage.run({"list", "--json"}).out);
    const auto& connectors = document.at("connectors").as_array();
    REQUIRE(connectors.size() >= 2);
    CHECK(members_of(connectors[0]) == connector_members);
    CHECK(connectors[0].at("state").as_string() == "usable");
    CHECK(connectors[0].at("reason").is_null());
}

TEST_CASE("list --all shows refused, shadowed and disabled connectors", "[command][list]") {
    const Stage stage;
    copy_puppet(stage, "first");
    std::filesystem::create_directories(stage.path() / "first" / "empty");
    auto command = stage.command({"--connector-dir", "first", "list", "--all", "--json"});
    command.environment["PATCHBAY_DISABLE"] = "stubborn";

    const auto outcome = run(command);

    CHECK(outcome.exit_code == 0);
    std::string states;
    const auto document = json_of(outcome.out);
    for (const auto& connector : document.at("connectors").as_array()) {
        states += connector.at("state").as_string();
        states += ' ';
        if (connector.at("state").as_string() == "usable") continue;
        CHECK(members_of(connector.at("reason")) == "code message");
        if (connector.at("state").as_string() == "refused") {
            CHECK(connector.at("reason").at("code").as_string() == "manifest.missing");
            CHECK(connector.at("id").is_null());
        }
    }
    CHECK(states.starts_with("refused usable "));
    CHECK(states.contains("shadowed"));
    CHECK(states.contains("disabled"));

    command.arguments = {"--connector-dir", "first", "list"};
    CHECK(run(command).err.contains("1 connector is refused; `patchbay list --all` says why"));
    command.arguments = {"--connector-dir", "./first/", "which", "puppet"};
    CHECK(run(command).out == (stage.path() / "first" / "puppet").native() + "\nshadows " +
                                  (puppets / "puppet").native() + '\n');
}

TEST_CASE("which guesses at a misspelt name", "[command][which]") {
    const Stage stage;

    const auto outcome = stage.run({"which", "pupet"});

    CHECK(outcome.exit_code == 4);
    CHECK(outcome.err.contains("there is no connector \"pupet\""));
    CHECK(outcome.err.contains("did you mean \"puppet\"?"));
}

TEST_CASE("inspect explains a bundle and a library", "[command][inspect]") {
    const Stage stage;

    const auto bundle = stage.run({"inspect", (puppets / "puppet").native()});
    CHECK(bundle.exit_code == 0);
    CHECK(bundle.out.contains("exports       patchbay_connector_entry"));
    CHECK(bundle.out.ends_with("usable\n"));

    const auto library =
        stage.run({"inspect", (puppets / "puppet" / "puppet.so").native(), "--json"});
    CHECK(library.exit_code == 0);
    const auto document = json_of(library.out);
    CHECK(members_of(document) == "valid connector library_path library faults");
    CHECK(document.at("connector").is_null());
    CHECK(document.at("library").at("exports").at(0).as_string() == "patchbay_connector_entry");

    const auto missing = stage.run({"inspect", "none"});
    CHECK(missing.exit_code == 3);
    CHECK(missing.err.contains("none"));
}

TEST_CASE("inspect and lint name what a bundle breaks", "[command][inspect][lint]") {
    const Stage stage;
    const auto bundle = copy_puppet(stage, "root");
    (void)stage.dir().write("root/puppet/puppet.so", "no library");

    const auto inspected = stage.run({"inspect", bundle.native()});
    CHECK(inspected.exit_code == 3);
    CHECK(inspected.out.contains("refused\n  library.not-elf: "));
    CHECK(inspected.out.contains("puppet.so"));

    const auto linted = stage.run({"lint", bundle.native(), "--json"});
    CHECK(linted.exit_code == 3);
    const auto document = json_of(linted.out);
    CHECK_FALSE(document.at("valid").as_bool());
    CHECK(members_of(document.at("faults").at(0)) ==
          "code pointer schema_pointer keyword message params suggestion place");
    CHECK(document.at("faults").at(0).at("code").as_string() == "library.not-elf");
}

TEST_CASE("lint checks a bundle and a schema alone", "[command][lint]") {
    const Stage stage;
    (void)stage.dir().write("s.json", R"({"$schema": "http://json-schema.org/draft-07/schema#",
        "title": "S", "type": "object", "additionalProperties": false,
        "properties": {"port": {"type": "integer", "title": "Port", "mininum": 1}}})");

    CHECK(stage.run({"lint", (puppets / "puppet").native()}).exit_code == 0);
    const auto schema = stage.run({"lint", "s.json"});
    CHECK(schema.exit_code == 3);
    CHECK(schema.out.contains("mininum"));
    CHECK(schema.out.contains("minimum"));
    CHECK(schema.out.contains("/properties/port"));
}

TEST_CASE("install puts a bundle into the user's directory, remove takes it out",
          "[command][install]") {
    if (::geteuid() == 0) SUCCEED("root installs for everybody: not on this machine");
    const Stage stage;
    const auto installed = stage.path() / "data" / "patchbay" / "connectors";
    const auto run_as_user = [&stage](std::vector<std::string> words) {
        auto command = stage.command(std::move(words));
        if (::geteuid() != 0) return run(command);
        // Root would install for everybody on this machine.
        std::vector<std::string> arguments = {"--user", "--map-user=1000", "--map-group=1000",
                                              command.program};
        arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
        command.program = "/usr/bin/unshare";
        command.arguments = std::move(arguments);
        return run(command);
    };

    if (::geteuid() == 0 &&
        run({.program = "/usr/bin/unshare", .arguments = {"--user", "/bin/true"}}).exit_code != 0) {
        return skip("root may not become somebody else here (no user namespaces)");
    }
    const auto first = run_as_user({"install", (puppets / "puppet").native()});
    INFO(first.err);
    CHECK(first.exit_code == 0);
    CHECK(first.out.starts_with("installed puppet 1.0.0 in " + installed.native()));
    const auto again = run_as_user({"install", (puppets / "puppet").native(), "--json"});
    CHECK(members_of(json_of(again.out)) == "connector replaced");

    const auto removed = run_as_user({"remove", "puppet"});
    CHECK(removed.exit_code == 0);
    CHECK(removed.out == "removed puppet 1.0.0 from " + installed.native() + '\n');
    CHECK(std::filesystem::is_empty(installed));
    const auto gone = run_as_user({"remove", "puppet"});
    CHECK(gone.exit_code == 4);
    CHECK(gone.err.contains("puppet"));
}

TEST_CASE("install and remove refuse a directory that they would not write to",
          "[command][install]") {
    const Stage stage;
    const std::string command = GENERATE("install", "remove");

    const auto outcome =
        stage.run({command, (puppets / "puppet").native(), "--connector-dir", "mine"});

    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.contains("--connector-dir does not go with " + command));
    CHECK(outcome.err.contains("/patchbay/connectors"));
    CHECK_FALSE(stage.run({command, "--help"}).out.contains("--connector-dir"));
}

TEST_CASE("install refuses a bundle that is no connector", "[command][install]") {
    const Stage stage;
    std::filesystem::create_directories(stage.path() / "empty");

    const auto outcome = stage.run({"install", "empty"});

    CHECK(outcome.exit_code == 3);
    CHECK(outcome.err.contains("connector.json"));
}

TEST_CASE("a bundle that is not there has one exit code", "[command][install][inspect][lint]") {
    const Stage stage;
    const std::string command = GENERATE("install", "inspect", "lint");

    const auto outcome = stage.run({command, "none"});

    CHECK(outcome.exit_code == 3);
    CHECK(outcome.err.contains("none"));
    CHECK(outcome.err.contains("No such file or directory"));
    CHECK(stage.run({command, ""}).exit_code == 3);
}

TEST_CASE("describe shows settings as a table, a schema, a page and a document",
          "[command][describe]") {
    const Stage stage;

    const auto table = stage.run({"describe", "puppet"});
    CHECK(table.exit_code == 0);
    CHECK(table.out.contains("/connection with method \"params\": Parameters"));
    CHECK(table.out.contains("/connection/password      string, secret"));
    // The host fills it in by the keys beside it.
    CHECK(table.out.contains("/connection/method        string, optional where other keys tell"));

    const auto schema = json_of(stage.run({"describe", "puppet", "--schema"}).out);
    CHECK(schema.at("title").as_string() == "Puppet");

    const auto page = stage.run({"describe", "puppet", "--markdown"});
    CHECK(page.out.starts_with("# Puppet\n"));
    CHECK(page.out.contains("| /connection/password | string, secret |"));

    const auto document = json_of(stage.run({"describe", "puppet", "--json"}).out);
    CHECK(members_of(document.at("settings").at(0)) ==
          "pointer group type required inferred secret default title description");

    CHECK(stage.run({"describe", "none"}).exit_code == 4);
}

TEST_CASE("describe shows the schema of requests", "[command][describe]") {
    const Stage stage;

    const auto schema = json_of(stage.run({"describe", "puppet", "--request"}).out);

    CHECK(schema.at("properties").as_object().contains("query"));
    const auto both = stage.run({"describe", "puppet", "--request", "--schema"});
    CHECK(both.exit_code == 2);
    CHECK(both.err.contains("--schema and --request exclude each other"));
}
