// SPDX-License-Identifier: Apache-2.0
// Statements, transactions, locks and what a session leaves behind.

#include "stage.hpp"

#include <patchbay/sdk/arrow_format.hpp>
#include <patchbay/sdk/batch_builder.hpp>

#include <chrono>
#include <stop_token>
#include <thread>

using namespace patchbay::host;
using namespace patchbay::test;
using namespace std::chrono_literals;
namespace sdk = patchbay::sdk;

namespace {

using Rows = std::vector<std::string>;

constexpr const char* numbers = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER UNIQUE);"
                                "INSERT INTO t VALUES (1, 10), (2, 20);";

// Rows of one integer each, for the placeholder :n.
Parameters numbers_from(std::int64_t first, std::int64_t last) {
    ArrowSchema schema{};
    sdk::export_schema(sdk::record({{.name = "n", .format = "l"}}), &schema);
    sdk::BatchBuilder batch({*sdk::read_arrow_format("l")}, {.max_rows = 100'000});
    for (auto n = first; n <= last; ++n) {
        batch.begin_row();
        batch.column(0).append(n);
    }
    ArrowArray array{};
    batch.finish(&array);
    return Parameters::from_arrow(std::move(schema), std::move(array));
}

std::string count(const Connection& connection) {
    return query(connection, "SELECT count(*) FROM t").rows.at(0);
}

} // namespace

TEST_CASE("a statement tells how many rows it changed and the number of the last",
          "[sqlite][execute]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();

    const auto inserted = value_of(connection.execute("INSERT INTO t (n) VALUES (30), (40)"));
    CHECK(inserted.rows_affected == 2);
    CHECK(inserted.last_insert_id == 4);

    const auto updated = value_of(connection.execute("UPDATE t SET n = n + 1 WHERE id < 4"));
    CHECK(updated.rows_affected == 3);
    CHECK_FALSE(updated.last_insert_id.has_value());

    const auto defined = value_of(connection.execute("CREATE TABLE other (a)"));
    CHECK(defined.rows_affected == 0);
    CHECK(value_of(connection.execute("INSERT OR IGNORE INTO t VALUES (1, 1)")).last_insert_id ==
          std::nullopt);

    for (const auto* sql :
         {"SELECT * FROM t", "DELETE FROM t RETURNING n", "PRAGMA user_version"}) {
        const auto refused = error_of(connection.execute(sql));
        CHECK(refused.code == ErrorCode::invalid_request);
        CHECK(refused.message.contains("run it with read"));
    }
    CHECK(count(connection) == "4");
}

TEST_CASE("rows of parameters are one transaction", "[sqlite][execute]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    constexpr const char* insert = "INSERT INTO t (n) VALUES (:n)";

    const auto done = value_of(connection.execute(insert, numbers_from(100, 1099)));
    CHECK(done.rows_affected == 1000);
    CHECK(done.last_insert_id == 1002);

    const auto fault = error_of(connection.execute(insert, numbers_from(-5, 10)));
    CHECK(fault.code == ErrorCode::conflict);
    CHECK(fault.message == "UNIQUE constraint failed: t.n; this was row 16 of 16 rows of "
                           "parameters, none of which counts now");
    CHECK(count(connection) == "1002");

    auto session = value_of(connection.session());
    auto transaction = value_of(session.begin());
    CHECK(session.execute("INSERT INTO t (n) VALUES (-1)").has_value());
    CHECK(error_of(session.execute(insert, numbers_from(-3, 10))).code == ErrorCode::conflict);
    CHECK(transaction.commit().has_value());
    CHECK(query(session, "SELECT count(*) FROM t").rows == Rows{"1003"});
}

TEST_CASE("a transaction is committed, rolled back, or undone when it goes",
          "[sqlite][transaction]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    auto session = value_of(connection.session());
    {
        auto dropped = value_of(session.begin());
        CHECK(session.execute("DELETE FROM t").has_value());
    }
    CHECK(query(session, "SELECT count(*) FROM t").rows == Rows{"2"});

    auto undone = value_of(session.begin());
    CHECK(error_of(session.begin()).code == ErrorCode::conflict);
    CHECK(session.execute("DELETE FROM t").has_value());
    CHECK(session.execute("SAVEPOINT a").has_value());
    CHECK(undone.rollback().has_value());
    CHECK(query(session, "SELECT count(*) FROM t").rows == Rows{"2"});

    auto kept = value_of(session.begin({.isolation = Isolation::serializable}));
    CHECK(session.execute("DELETE FROM t WHERE id = 1").has_value());
    CHECK(kept.commit().has_value());
    CHECK(count(connection) == "1");

    const auto weak = error_of(session.begin({.isolation = Isolation::read_committed}));
    CHECK(weak.code == ErrorCode::unsupported);
    CHECK(weak.message.contains("READ COMMITTED"));
}

TEST_CASE("a read-only transaction refuses to write and sees one state", "[sqlite][transaction]") {
    const Stage stage(std::string("PRAGMA journal_mode = wal;") + numbers);
    const auto connection = stage.connect();
    auto session = value_of(connection.session());
    auto transaction = value_of(session.begin({.read_only = true}));

    CHECK(query(session, "SELECT count(*) FROM t").rows == Rows{"2"});
    CHECK(connection.execute("DELETE FROM t").has_value());
    CHECK(query(session, "SELECT count(*) FROM t").rows == Rows{"2"});
    for (const auto* sql : {"DELETE FROM t", "CREATE TABLE u (a)", "VACUUM",
                            "PRAGMA user_version = 3", "INSERT INTO t VALUES (3, 30)"}) {
        INFO(sql);
        const auto refused = error_of(session.execute(sql));
        CHECK(refused.code == ErrorCode::forbidden);
        CHECK(refused.message.contains("only reading is allowed here"));
    }

    CHECK(transaction.commit().has_value());
    CHECK(session.execute("INSERT INTO t VALUES (3, 30)").has_value());
}

TEST_CASE("transactions as statements are refused in favour of the session's",
          "[sqlite][transaction]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    for (const auto* sql : {"BEGIN", "COMMIT", "ROLLBACK"}) {
        INFO(sql);
        const auto refused = error_of(connection.execute(sql));
        CHECK(refused.code == ErrorCode::forbidden);
        CHECK(refused.message.contains(std::string(sql) + " as a statement is refused"));
    }
    CHECK(error_of(connection.execute("SAVEPOINT a")).message.contains("begin one first"));
}

TEST_CASE("a transaction that SQLite has rolled back says so until it is ended",
          "[sqlite][transaction]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    auto session = value_of(connection.session());
    auto transaction = value_of(session.begin());
    CHECK(session.execute("DELETE FROM t WHERE id = 1").has_value());

    CHECK(error_of(session.execute("INSERT OR ROLLBACK INTO t VALUES (9, 20)")).code ==
          ErrorCode::conflict);
    const auto lost = error_of(session.execute("DELETE FROM t"));
    CHECK(lost.code == ErrorCode::invalid_request);
    CHECK(lost.message.contains("SQLite rolled it back"));
    CHECK(error_of(transaction.commit()).message.contains("SQLite rolled it back"));

    CHECK(count(connection) == "2");
    CHECK(session.execute("DELETE FROM t").has_value());
}

TEST_CASE("rows that a statement returns while it writes are a stream", "[sqlite][execute]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();

    CHECK(query(connection, "INSERT INTO t (n) VALUES (30), (40) RETURNING id, n").rows ==
          Rows{"3|30", "4|40"});
    CHECK(count(connection) == "4");
}

TEST_CASE("a statement that returns rows counts only where its stream came to its end",
          "[sqlite][execute]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    constexpr const char* many =
        "WITH RECURSIVE c(x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM c WHERE x < 40000) "
        "INSERT INTO t (n) SELECT x FROM c RETURNING n";
    const std::string misfit = std::string(many) + " + iif(n = 39999, 0.5, 0)";
    const std::string no_text = "INSERT INTO t (n) VALUES (30), (40) RETURNING CAST(x'FF' AS TEXT)";

    CHECK(error_of_stream(connection.read(Request::query(no_text))).code == ErrorCode::bad_data);
    CHECK(count(connection) == "2");
    CHECK(error_of_stream(connection.read(Request::query(misfit))).code == ErrorCode::bad_data);
    CHECK(count(connection) == "2");
    {
        auto released = value_of(connection.read(Request::query(many)));
        CHECK(next_batch(released)->length > 0);
    }
    CHECK(count(connection) == "2");
    {
        std::stop_source source;
        auto cancelled =
            value_of(connection.read(Request::query(many), {.cancel = source.get_token()}));
        CHECK(next_batch(cancelled)->length > 0);
        source.request_stop();
        CHECK(error_of_stream(std::move(cancelled)).code == ErrorCode::cancelled);
    }
    CHECK(count(connection) == "2");
    CHECK(query(connection, many).rows.size() == 39'901);
    CHECK(count(connection) == "39903");
}

TEST_CASE("a statement whose stream failed is undone and its transaction goes on",
          "[sqlite][transaction]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    auto session = value_of(connection.session());
    auto transaction = value_of(session.begin());
    CHECK(query(session, "INSERT INTO t (n) VALUES (30) RETURNING n").rows == Rows{"30"});

    const auto failed = error_of_stream(session.read(
        Request::query("INSERT INTO t (n) VALUES (40) RETURNING CAST(x'FF' AS TEXT)")));

    CHECK(failed.code == ErrorCode::bad_data);
    CHECK(transaction.commit().has_value());
    CHECK(query(connection, "SELECT n FROM t ORDER BY n").rows == Rows{"10", "20", "30"});
}

TEST_CASE("a change that cannot be stored is the error of its stream", "[sqlite][execute]") {
    const Stage stage("CREATE TABLE t (n INTEGER PRIMARY KEY, "
                      "next INTEGER REFERENCES t DEFERRABLE INITIALLY DEFERRED);");
    const auto connection = stage.connect();

    const auto refused =
        error_of_stream(connection.read(Request::query("INSERT INTO t VALUES (5, 6) RETURNING n")));

    CHECK(refused.native_code == SQLITE_CONSTRAINT_FOREIGNKEY);
    CHECK(count(connection) == "0");
}

TEST_CASE("a read-only connection changes nothing by any statement", "[sqlite][readonly]") {
    const Stage stage(numbers);
    const auto connection = stage.connect("mode: read-only");
    const auto target = (stage.dir.path() / "copy.db").string();

    for (const auto& sql : {
             std::string("INSERT INTO t VALUES (3, 30)"),
             std::string("CREATE TEMP TABLE x (a)"),
             std::string("DROP TABLE t"),
             "ATTACH '" + target + "' AS other",
             "VACUUM INTO '" + target + "'",
             std::string("PRAGMA user_version = 7"),
             std::string("PRAGMA journal_mode = wal"),
             std::string("REINDEX"),
         }) {
        INFO(sql);
        CHECK(error_of(connection.execute(sql)).code == ErrorCode::forbidden);
    }
    const auto extension = error_of(connection.read(Request::query("SELECT load_extension('x')")));
    CHECK(extension.code == ErrorCode::forbidden);
    CHECK(extension.message.contains("load_extension() is refused"));
    CHECK_FALSE(std::filesystem::exists(target));
    CHECK(query(connection, "PRAGMA user_version").rows == Rows{"1"});
    CHECK(count(connection) == "2");
}

TEST_CASE("other files are opened only where the settings allow it", "[sqlite][attach]") {
    const Stage stage(numbers);
    const auto target = (stage.dir.path() / "copy.db").string();

    const auto refused = error_of(stage.connect().execute("VACUUM INTO '" + target + "'"));
    CHECK(refused.code == ErrorCode::forbidden);
    CHECK(refused.message.contains("allow_attach"));

    const auto connection = stage.connect("allow_attach: true");
    CHECK(connection.execute("VACUUM INTO '" + target + "'").has_value());
    auto session = value_of(connection.session());
    CHECK(session.execute("ATTACH '" + target + "' AS copy").has_value());
    CHECK(query(session, "SELECT count(*) FROM copy.t").rows == Rows{"2"});
}

TEST_CASE("a lock of another session of this process is named with its cure", "[sqlite][lock]") {
    const Stage stage(numbers);
    const auto connection = stage.connect("busy_timeout_ms: 0");
    auto session = value_of(connection.session());
    auto transaction = value_of(session.begin());

    const auto locked = error_of(connection.execute("DELETE FROM t"));
    CHECK(locked.code == ErrorCode::conflict);
    CHECK(locked.retry == Retry::later);
    CHECK(locked.message.contains(stage.file.string()));
    CHECK(locked.message.contains("another session of this process has a transaction open"));
    CHECK(locked.message.contains("commit or roll that one back first"));

    CHECK(transaction.rollback().has_value());
    CHECK(connection.execute("DELETE FROM t").has_value());
}

TEST_CASE("a lock of somebody else's is waited for, as long as the settings say",
          "[sqlite][lock]") {
    const Stage stage(numbers);
    Stranger stranger(stage.file);
    stranger.run("BEGIN IMMEDIATE");

    const auto start = std::chrono::steady_clock::now();
    const auto locked = error_of(stage.connect("busy_timeout_ms: 60").execute("DELETE FROM t"));
    CHECK(std::chrono::steady_clock::now() - start >= 60ms);
    CHECK(locked.code == ErrorCode::conflict);
    CHECK(locked.message.contains("most likely another process"));
    CHECK(locked.message.contains("busy_timeout_ms"));

    const auto connection = stage.connect("busy_timeout_ms: 600000");
    const auto late = error_of(connection.execute("DELETE FROM t", {}, {.timeout = 30ms}));
    CHECK(late.code == ErrorCode::deadline);
    CHECK(late.message.contains("database is locked, and still was after "));
    CHECK(late.message.contains("raise the timeout of the call"));
    std::stop_source source;
    std::thread canceller([&] { source.request_stop(); });
    const auto cancelled =
        error_of(connection.execute("DELETE FROM t", {}, {.cancel = source.get_token()}));
    canceller.join();
    CHECK(cancelled.code == ErrorCode::cancelled);

    bool got_through = false;
    std::thread waiting([&] { got_through = connection.execute("DELETE FROM t").has_value(); });
    stranger.run("COMMIT");
    waiting.join();
    CHECK(got_through);
    CHECK(count(connection) == "0");
}

TEST_CASE("a database in memory is one session, and stays", "[sqlite][memory]") {
    const Stage stage;
    const auto connection =
        value_of(stage.connect_by("connection: {method: params, path: ':memory:'}"));
    CHECK(connection.execute("CREATE TABLE t (n INTEGER)").has_value());
    CHECK(connection.execute("INSERT INTO t VALUES (1)").has_value());
    CHECK(count(connection) == "1");

    auto stream = connection.read(Request::query("SELECT * FROM t"));
    REQUIRE(stream.has_value());
    const auto second = error_of(connection.execute("INSERT INTO t VALUES (2)"));
    CHECK(second.code == ErrorCode::conflict);
    CHECK(read_all(std::move(stream)).rows == Rows{"1"});

    // What would make another session take the place of this one.
    CHECK(connection.execute("CREATE TEMP TABLE scratch (a)").has_value());
    CHECK(connection.execute("PRAGMA case_sensitive_like = 1").has_value());
    CHECK(count(connection) == "1");
    CHECK(error_of(connection.execute("DROP TABLE scratch")).code == ErrorCode::not_found);
    CHECK(query(connection, "SELECT 'a' LIKE 'A'").rows == Rows{"1"});
}

TEST_CASE("what a borrower changed of a session is gone for the next", "[sqlite][reset]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    {
        auto session = value_of(connection.session());
        CHECK(session.execute("CREATE TEMP TABLE scratch (a)").has_value());
        CHECK(session.execute("PRAGMA case_sensitive_like = 1").has_value());
        CHECK(session.execute("INSERT INTO t VALUES (7, 70)").has_value());
        CHECK(query(session, "SELECT 'a' LIKE 'A', last_insert_rowid()").rows == Rows{"0|7"});
        auto transaction = value_of(session.begin());
        CHECK(session.execute("DELETE FROM t").has_value());
    }
    auto session = value_of(connection.session());
    CHECK(error_of(session.execute("DROP TABLE scratch")).code == ErrorCode::not_found);
    CHECK(query(session, "SELECT 'a' LIKE 'A', last_insert_rowid()").rows == Rows{"1|0"});
    CHECK(query(session, "SELECT count(*) FROM t").rows == Rows{"3"});
}

TEST_CASE("pragmas that reach beyond the session are refused", "[sqlite][pragma]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    for (const auto* sql : {"PRAGMA writable_schema = 1", "PRAGMA mmap_size = 1000000",
                            "PRAGMA busy_timeout = 1", "PRAGMA temp_store_directory = '/tmp'"}) {
        INFO(sql);
        CHECK(error_of(connection.execute(sql)).code == ErrorCode::forbidden);
    }
    for (const auto* sql : {"PRAGMA journal_mode = off", "PRAGMA main.journal_mode(Mem)"}) {
        INFO(sql);
        const auto refused = error_of(connection.read(Request::query(sql)));
        CHECK(refused.code == ErrorCode::forbidden);
        CHECK(refused.message.contains("could damage the file"));
    }
    CHECK(query(connection, "PRAGMA foreign_keys").rows == Rows{"1"});
    CHECK(query(connection, "PRAGMA journal_mode = truncate").rows == Rows{"truncate"});
    CHECK(query(stage.connect("mode: read-only"), "PRAGMA journal_mode").rows == Rows{"delete"});
}
