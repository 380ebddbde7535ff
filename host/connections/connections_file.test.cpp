// SPDX-License-Identifier: Apache-2.0
// Connections files are read whole, or refused with every fault and its place.

#include "connections_file.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/environment.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <boost/json/serialize.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

using namespace patchbay::host;
using patchbay::test::Environment;
using patchbay::test::TempDir;

namespace {

Expected<ConnectionsFile> read(std::string_view text) {
    const TempDir dir;
    return read_connections_file(dir.write("connections.yaml", text));
}

struct Invalid {
    std::string_view yaml;
    std::string_view pointer;
    std::string_view place; // the end of it
    std::string_view says;
};

} // namespace

TEST_CASE("a connections file gives its aliases in order, without the reserved keys",
          "[host][connections]") {
    const auto file = read("version: 1\n"
                           "connections:\n"
                           "  sqlite:\n"
                           "    shop:\n"
                           "      default: true\n"
                           "      connector: sqlite|15fadaf1-8a40-429d-881b-759bfca98e1a\n"
                           "      runtime: {}\n"
                           "      connection: {path: /srv/shop.db}\n"
                           "    ship.2026: {connection: {path: ':memory:'}}\n"
                           "  puppet: {}\n");

    REQUIRE(file.has_value());
    REQUIRE(file->entries.size() == 2);
    const auto& shop = file->entries[0];
    CHECK(shop.alias == "shop");
    CHECK(shop.is_default);
    CHECK(shop.id->name == "sqlite");
    CHECK(boost::json::serialize(shop.settings) == R"({"connection":{"path":"/srv/shop.db"}})");
    CHECK(shop.positions.at("/connection/path").line == 8);
    CHECK(file->entries[1].alias == "ship.2026");
}

TEST_CASE("an alias, the default and the only one are found", "[host][connections]") {
    const auto file = read("version: 1\nconnections:\n"
                           "  a: {x: {}, y: {default: true}}\n"
                           "  b: {z: {}}\n"
                           "  c: {x: {}, y: {}}\n");
    REQUIRE(file.has_value());
    const auto alias = [&](std::string_view connector, std::string_view name) {
        const auto found = file->find(connector, name);
        return found ? (*found)->alias : found.error().message + " | " + found.error().hint;
    };

    CHECK(alias("a", "x") == "x");
    CHECK(alias("a", "") == "y");
    CHECK(alias("b", "") == "z");
    CHECK(alias("c", "").ends_with(
        "has 2 connections of \"c\", and none is the default | name one as @c.ALIAS (x, y), or "
        "mark one with \"default: true\""));
    CHECK(alias("d", "x").contains("has no connections of \"d\""));
    CHECK(alias("a", "yy").contains("has no connection \"yy\" of \"a\""));
    CHECK(file->find("a", "q").error().code == ErrorCode::connection_unknown);
}

TEST_CASE("a connections file that is wrong is refused with every fault and its place",
          "[host][connections]") {
    const Invalid cases[] = {
        {"connections: {}\n", "", "connections.yaml, line 1, column 1",
         "needs the setting \"version\""},
        {"version: 2\nconnections: {}\n", "/version", "line 1, column 1", "1"},
        {"version: 1\nconnections: {}\nconections: {}\n", "", "line 1, column 1", "conections"},
        {"version: 1\nconnections:\n  SQLite: {}\n", "/connections", "line 2, column 1", "SQLite"},
        {"version: 1\nconnections:\n  sqlite: [x]\n", "/connections/sqlite", "line 3, column 3",
         "object"},
        {"[]", "", "line 1, column 1", "object"},
    };
    for (const auto& invalid : cases) {
        INFO(invalid.yaml);

        const auto file = read(invalid.yaml);

        REQUIRE_FALSE(file.has_value());
        CHECK(file.error().code == ErrorCode::connections_file_invalid);
        REQUIRE_FALSE(file.error().faults.empty());
        const auto& fault = file.error().faults.front();
        INFO(fault.place << ": " << describe(fault));
        CHECK(fault.pointer == invalid.pointer);
        CHECK(fault.place.contains(invalid.place));
        CHECK(fault.message.contains(invalid.says));
    }
    const auto several = read("version: 2\nconnections:\n  A: {}\n  b: 5\n  c: {x: 5}\n");
    REQUIRE_FALSE(several.has_value());
    CHECK(several.error().faults.size() == 3);
    CHECK(several.error().message.ends_with("(and 2 more faults)"));
}

TEST_CASE("a fault inside an entry concerns that entry alone", "[host][connections]") {
    const Invalid cases[] = {
        {"version: 1\nconnections:\n  a: {x: 5}\n", "/connections/a/x", "line 3, column 7",
         "object"},
        {"version: 1\nconnections:\n  a: {x: {default: yes}}\n", "/connections/a/x/default",
         "line 3, column 11", "true or false"},
        {"version: 1\nconnections:\n  a: {x: {connector: a}}\n", "/connections/a/x/connector",
         "line 3", "name|uuid"},
        {"version: 1\nconnections:\n"
         "  a: {x: {connector: 'b|15fadaf1-8a40-429d-881b-759bfca98e1a'}}\n",
         "/connections/a/x/connector", "line 3", "\"b\" under \"a\""},
        {"version: 1\nconnections:\n  a:\n    y: {default: true}\n    x: {default: true}\n",
         "/connections/a/x/default", "line 5, column 9", "second default of a; the first is \"y\""},
        {"version: 1\nconnections:\n  a:\n    x: {runtime: {timeout: 1s}}\n",
         "/connections/a/x/runtime", "line 4, column 9",
         "unknown setting \"timeout\"; runtime has no settings yet"},
    };
    for (const auto& invalid : cases) {
        INFO(invalid.yaml);

        const auto file = read(std::string(invalid.yaml) + "  other: {fine: {}}\n");

        REQUIRE(file.has_value());
        CHECK(file->find("other", "fine").has_value());
        const auto broken = file->find("a", "x");
        REQUIRE_FALSE(broken.has_value());
        CHECK(broken.error().code == ErrorCode::connections_file_invalid);
        REQUIRE(broken.error().faults.size() == 1);
        const auto& fault = broken.error().faults.front();
        INFO(fault.place << ": " << describe(fault));
        CHECK(fault.pointer == invalid.pointer);
        CHECK(fault.place.contains(invalid.place));
        CHECK(fault.message.contains(invalid.says));
    }
}

TEST_CASE("an entry is not blamed for one whose name begins likewise", "[host][connections]") {
    const auto file = read("version: 1\nconnections: {a: {x: {}, xy: 5, x/y: null}}\n");

    REQUIRE(file.has_value());
    CHECK(file->find("a", "x").has_value());
    CHECK(file->find("a", "xy").error().faults.size() == 1);
    CHECK(file->find("a", "x/y").error().faults.size() == 1);
}

TEST_CASE("text that is no YAML is refused with its place", "[host][connections]") {
    const auto file = read("version: 1\nconnections: {a: {x: {y: 1, y: 2}}}\n");

    REQUIRE_FALSE(file.has_value());
    CHECK(file.error().code == ErrorCode::connections_file_invalid);
    INFO(file.error().message);
    CHECK(file.error().message.contains("connections.yaml: line 2, column 29"));
    CHECK(file.error().pointer == "/connections/a/x/y");
}

TEST_CASE("a connections file that cannot be read is missing by name", "[host][connections]") {
    const TempDir dir;
    const auto absent = read_connections_file(dir.path() / "absent.yaml");
    REQUIRE_FALSE(absent.has_value());
    CHECK(absent.error().code == ErrorCode::connections_file_missing);
    CHECK(absent.error().message.contains("absent.yaml: No such file"));

    const auto directory = read_connections_file(dir.path());
    REQUIRE_FALSE(directory.has_value());
    CHECK(directory.error().code == ErrorCode::connections_file_missing);

    const auto large =
        read_connections_file(dir.write("large.yaml", std::string(4 * 1024 * 1024 + 1, '#')));
    REQUIRE_FALSE(large.has_value());
    CHECK(large.error().message.contains("4194304 bytes allowed"));
}

TEST_CASE("the connections file is looked for where the documentation says",
          "[host][connections]") {
    const TempDir dir;
    Environment environment;
    environment.set("HOME", dir.path() / "home");
    environment.unset("XDG_CONFIG_HOME");
    environment.unset("PATCHBAY_CONNECTIONS");
    dir.write("work/nothing", "");
    environment.enter(dir.path() / "work");

    const auto none = find_connections_file(true);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == ErrorCode::connections_file_missing);
    CHECK(none.error().message.contains((dir.path() / "work/connections.yaml").string()));

    const auto of_user = dir.write("home/.config/patchbay/connections.yaml", "");
    CHECK(find_connections_file(true) == of_user);
    CHECK_FALSE(find_connections_file(false).has_value());

    const auto here = dir.write("work/connections.yaml", "");
    CHECK(find_connections_file(true) == here);
    CHECK(find_connections_file(false) == here);

    environment.set("PATCHBAY_CONNECTIONS", "/elsewhere/c.yaml");
    CHECK(find_connections_file(true) == std::filesystem::path("/elsewhere/c.yaml"));
}

TEST_CASE("a stranger's connections file in the working directory is not used unasked",
          "[host][connections]") {
    const TempDir dir;
    Environment environment;
    environment.unset("PATCHBAY_CONNECTIONS");
    const auto file = dir.write("work/connections.yaml", "version: 1\nconnections: {}\n");
    environment.enter(dir.path() / "work");
    REQUIRE(::chmod(file.c_str(), 0666) == 0);

    const auto found = find_connections_file(true);

    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == ErrorCode::connections_file_invalid);
    CHECK(found.error().message.contains(file.string()));
    CHECK(found.error().hint.contains("--connections"));
}
