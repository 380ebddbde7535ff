// SPDX-License-Identifier: Apache-2.0
// From settings to an open database, and everything that can be wrong on the way.

#include "stage.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace patchbay::host;
using namespace patchbay::test;

namespace {

using Rows = std::vector<std::string>;

std::string by_path(const std::filesystem::path& path, std::string_view options = {}) {
    return fmt::format("connection:\n  method: params\n  path: {}\n  {}\n", path.string(), options);
}

std::string by_url(std::string_view url) {
    return fmt::format("connection:\n  method: url\n  url: '{}'\n", url);
}

// While it lives, root is somebody whom permissions concern, as everybody else is already.
class Nobody {
  public:
    Nobody() {
        constexpr uid_t nobody = 65534;
        if (user_ == 0) REQUIRE(::seteuid(nobody) == 0);
    }
    Nobody(const Nobody&) = delete;
    Nobody(Nobody&&) = delete;
    Nobody& operator=(const Nobody&) = delete;
    Nobody& operator=(Nobody&&) = delete;
    ~Nobody() {
        if (::geteuid() != user_ && ::seteuid(user_) != 0) std::abort();
    }

  private:
    uid_t user_ = ::geteuid();
};

Error open_error(const Stage& stage, const std::string& settings) {
    const auto connection = stage.connect_by(settings);
    if (!connection) return connection.error();
    return error_of(connection->ping());
}

} // namespace

TEST_CASE("the bundle keeps every rule", "[sqlite][bundle]") {
    const Stage stage;

    const auto report = stage.host.lint(std::filesystem::path(SQLITE_CONNECTORS) / "sqlite");

    REQUIRE(report.has_value());
    std::string faults;
    for (const auto& fault : report->faults)
        faults += describe(fault) + '\n';
    for (const auto& refusal : report->refusals)
        faults += refusal.message + '\n';
    CHECK(faults.empty());
    const auto found = stage.host.find_connector("sqlite");
    CHECK(found.has_value());
}

TEST_CASE("an alias of the connections file leads to a database", "[sqlite][open]") {
    const Stage stage("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7);");
    const auto connections = stage.dir.write(
        "connections.yaml",
        fmt::format(
            "version: 1\nconnections:\n  sqlite:\n    shop:\n      connection: {{path: {}}}\n",
            stage.file.string()));
    const Host host({.connector_dirs = {SQLITE_CONNECTORS},
                     .connections_file = connections,
                     .use_environment = false});

    const auto connection = value_of(host.connect(value_of(Reference::parse("@sqlite.shop"))));
    const auto by_typed_url =
        value_of(host.connect(value_of(Reference::parse("sqlite://" + stage.file.string()))));

    CHECK(query(connection, "SELECT a FROM t").rows == Rows{"7"});
    CHECK(query(by_typed_url, "SELECT a FROM t").rows == Rows{"7"});
    const auto answer = value_of(connection.ping());
    CHECK(answer.server_version == sqlite3_libversion());
    CHECK(answer.database == stage.file.string());
    CHECK(answer.user.empty());
}

TEST_CASE("a file that is absent is told with what to do", "[sqlite][open]") {
    const Stage stage;
    const auto absent = stage.dir.path() / "absent.db";

    for (const auto* mode : {"mode: read-only", "mode: read-write"}) {
        const auto error = open_error(stage, by_path(absent, mode));
        CHECK(error.code == ErrorCode::not_found);
        CHECK(error.message.contains("there is no file " + absent.string()));
        CHECK(error.message.contains("mode \"create\""));
    }
    CHECK_FALSE(std::filesystem::exists(absent));

    const auto created = value_of(stage.connect_by(by_path(absent, "mode: create")));
    CHECK(created.execute("CREATE TABLE t (a)").has_value());
    CHECK(std::filesystem::exists(absent));

    const auto no_directory =
        open_error(stage, by_path(stage.dir.path() / "no" / "x.db", "mode: create"));
    CHECK(no_directory.code == ErrorCode::not_found);
    CHECK(no_directory.message.contains("make it first"));
}

TEST_CASE("a directory that may not be written is told", "[sqlite][open]") {
    const Stage stage("PRAGMA journal_mode = wal; CREATE TABLE t (a);");
    const auto warm = value_of(stage.connect_by(by_path(stage.file)).value().session());
    const auto directory = stage.dir.path() / "closed";
    std::filesystem::create_directory(directory);
    std::filesystem::copy_file(stage.file, directory / "wal.db");
    std::ofstream(directory / "wal.db-wal"); // its -shm would have to be made
    std::filesystem::permissions(stage.dir.path(), std::filesystem::perms{0755});
    std::filesystem::permissions(directory, std::filesystem::perms{0555});
    std::filesystem::permissions(directory / "wal.db", std::filesystem::perms{0444});
    {
        const Nobody nobody;
        for (const auto& settings : {by_path(directory / "new.db", "mode: create"),
                                     by_path(directory / "wal.db", "mode: read-only")}) {
            INFO(settings);
            const auto error = open_error(stage, settings);
            CHECK(error.code == ErrorCode::forbidden);
            CHECK(error.message.contains(directory.string()));
            CHECK(error.message.contains("the directory may not be written"));
            CHECK_FALSE(error.message.contains("No such file"));
        }
    }
    std::filesystem::permissions(directory, std::filesystem::perms{0755});
}

TEST_CASE("what is no database is told by name", "[sqlite][open]") {
    const Stage stage("CREATE TABLE t (a TEXT); INSERT INTO t VALUES (zeroblob(100000));");

    const auto directory = open_error(stage, by_path(stage.dir.path()));
    CHECK(directory.code == ErrorCode::invalid_settings);
    CHECK(directory.pointer == "/connection/path");
    CHECK(directory.message.contains("is a directory"));

    const auto text = stage.dir.write("notes.txt", std::string(4096, 'x'));
    const auto no_database = open_error(stage, by_path(text));
    CHECK(no_database.code == ErrorCode::bad_data);
    CHECK(no_database.message.contains(text.string()));
    CHECK(no_database.message.contains("another kind of file"));
    CHECK(no_database.native_code == SQLITE_NOTADB);

    std::filesystem::resize_file(stage.file, 8192);
    const auto cut = error_of_stream(stage.connect().read(Request::query("SELECT hex(a) FROM t")));
    CHECK(cut.code == ErrorCode::bad_data);
    CHECK(cut.message.contains(stage.file.string()));
    CHECK(cut.message.contains("damaged"));
}

TEST_CASE("a file that is locked is told at the first use", "[sqlite][open]") {
    const Stage stage;
    Stranger stranger(stage.file);
    stranger.run("BEGIN EXCLUSIVE");

    const auto error = open_error(stage, by_path(stage.file, "busy_timeout_ms: 0"));

    CHECK(error.code == ErrorCode::conflict);
    CHECK(error.message.contains(stage.file.string()));
    CHECK(error.message.contains("database is locked"));
}

TEST_CASE("a URL means the path behind it, decoded", "[sqlite][open]") {
    const Stage stage;
    const auto odd = stage.dir.path() / "50% off?.db";
    Stranger(odd).run("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (5)");
    const auto url = "sqlite://" + (stage.dir.path() / "50%25%20off%3F.db").string();

    const auto connection = value_of(stage.connect_by(by_url(url + "?mode=read-only")));
    CHECK(query(connection, "SELECT a FROM t").rows == Rows{"5"});
    CHECK(error_of(connection.execute("DELETE FROM t")).code == ErrorCode::forbidden);

    const auto unknown = open_error(stage, by_url(url + "?cache=shared"));
    CHECK(unknown.code == ErrorCode::invalid_settings);
    CHECK(unknown.pointer == "/connection/url");
    CHECK(unknown.message.contains("\"cache\" is not known here"));
    const auto relative = open_error(stage, by_url("sqlite://shop.db"));
    CHECK(relative.pointer == "/connection/url");
    CHECK(relative.message.contains("relative paths have no URL"));
}

TEST_CASE("settings that cannot be together are refused before anything is opened",
          "[sqlite][open]") {
    const Stage stage;

    const auto settings = by_path(stage.file, "mode: read-only\n  journal_mode: wal");

    const auto error = open_error(stage, settings);
    const auto faults =
        value_of(stage.host.validate(Reference::of_connector("sqlite", settings, "settings.yaml")));

    CHECK(error.code == ErrorCode::invalid_settings);
    CHECK(error.pointer == "/connection/journal_mode");
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].pointer == "/connection/journal_mode");
    CHECK(faults[0].place == "settings.yaml, line 5, column 3");
}

TEST_CASE("pragmas of the settings are in force", "[sqlite][open]") {
    const Stage stage;
    const auto connection =
        stage.connect("journal_mode: wal\n  synchronous: normal\n  foreign_keys: "
                      "false\n  cache_size_kib: 100\n  temp_store: memory");

    CHECK(query(connection, "PRAGMA journal_mode").rows == Rows{"wal"});
    CHECK(query(connection, "PRAGMA synchronous").rows == Rows{"1"});
    CHECK(query(connection, "PRAGMA foreign_keys").rows == Rows{"0"});
    CHECK(query(connection, "PRAGMA cache_size").rows == Rows{"-100"});
    CHECK(query(connection, "PRAGMA temp_store").rows == Rows{"2"});
}

TEST_CASE("a file that was replaced is noticed", "[sqlite][ping]") {
    const Stage stage;
    const auto connection = stage.connect();
    auto session = value_of(connection.session());
    CHECK(session.ping().has_value());

    std::filesystem::rename(stage.file, stage.dir.path() / "old.db");
    Stranger(stage.file).run("CREATE TABLE fresh (a)");

    const auto error = error_of(session.ping());
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.message.contains("replaced"));
    CHECK(value_of(connection.session()).ping().has_value());
}
