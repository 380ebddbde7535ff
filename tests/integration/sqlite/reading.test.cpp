// SPDX-License-Identifier: Apache-2.0
// Queries, tables, parameters and the catalogue, as an application reads them.

#include "stage.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>

using namespace patchbay::host;
using namespace patchbay::test;
namespace sdk = patchbay::sdk;

namespace {

using Rows = std::vector<std::string>;

constexpr const char* shop = R"(
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer(id),
        total NUMERIC(10,2) DEFAULT 0, paid BOOLEAN, placed DATE, note TEXT, scan BLOB, rate REAL);
    CREATE VIEW big AS SELECT id, total FROM orders WHERE total > 10;
    INSERT INTO customer VALUES (1, 'Ada'), (2, 'Bo');
    INSERT INTO orders VALUES
        (1, 1, 12.5, 1, '2024-02-29', 'grüße', x'00FF', 0.5),
        (2, 2, 3, 0, NULL, NULL, x'', 2),
        (3, 1, 99, NULL, '2025-01-01', '', NULL, NULL);
)";

} // namespace

TEST_CASE("a query delivers every value in the type its column declares", "[sqlite][read]") {
    const Stage stage(shop);

    const auto result = query(stage.connect(), "SELECT * FROM orders ORDER BY id");

    CHECK(result.columns == "id:l customer:l total:g paid:l placed:u note:u scan:z rate:g");
    CHECK(result.rows == Rows{"1|1|12.5|1|2024-02-29|grüße|x'00FF'|0.5", "2|2|3|0|NULL|NULL|x''|2",
                              "3|1|99|NULL|2025-01-01||NULL|NULL"});
}

TEST_CASE("a table is read by columns, condition and limit", "[sqlite][read]") {
    const Stage stage(shop);
    const auto connection = stage.connect();

    const auto part = read_all(connection.read(Request::table(
        "main.orders", {.columns = {"note", "id"}, .where = "id < 3 -- not all", .limit = 1})));
    const auto nothing = read_all(connection.read(Request::table("orders", {.limit = 0})));

    CHECK(part.columns == "note:u id:l");
    CHECK(part.rows == Rows{"grüße|1"});
    CHECK(nothing.columns.starts_with("id:l customer:l"));
    CHECK(nothing.rows.empty());
}

TEST_CASE("what is wrong with a table request is told at its member", "[sqlite][read]") {
    const Stage stage(shop);
    const auto connection = stage.connect();
    const auto fault = [&](std::string_view table, const TableOptions& options) {
        return error_of(connection.read(Request::table(table, options)));
    };

    const auto no_table = fault("ordres", {.columns = {}, .where = "id > 1", .limit = {}});
    CHECK(no_table.code == ErrorCode::not_found);
    CHECK(no_table.pointer == "/table");
    CHECK(no_table.message == "no such table: ordres");

    const auto no_column = fault("orders", {.columns = {"totl"}, .where = "id > 1", .limit = {}});
    CHECK(no_column.code == ErrorCode::not_found);
    CHECK(no_column.pointer == "/columns");
    CHECK(no_column.message == "no such column: totl");

    const auto no_such = fault("orders", {.columns = {}, .where = "totl > 1", .limit = {}});
    CHECK(no_such.code == ErrorCode::not_found);
    CHECK(no_such.pointer == "/where");
    CHECK(no_such.message == "no such column: totl");

    const auto spliced = fault(
        "orders", {.columns = {}, .where = "1) UNION SELECT 1,2,3,4,5,6,7,8 --", .limit = {}});
    CHECK(spliced.code == ErrorCode::invalid_request);
    CHECK(spliced.pointer == "/where");

    const auto three_parts = fault("a.b.c", {});
    CHECK(three_parts.code == ErrorCode::invalid_request);
    CHECK(three_parts.pointer == "/table");
    CHECK(three_parts.message.contains("a.b.c"));
}

TEST_CASE("values of every kind are bound by place and by name", "[sqlite][parameters]") {
    const Stage stage;
    const auto connection = stage.connect({}, "column_types: declared");
    const auto bind = [&](std::string_view sql, Parameters parameters) {
        return read_all(connection.read(Request::query(sql, std::move(parameters)))).rows.at(0);
    };

    Parameters by_place;
    by_place.add(std::numeric_limits<std::int64_t>::min()).add(0.25).add(true).add("it's");
    by_place.add_bytes(std::string_view("\0\xFF", 2)).add_null().add("").add_bytes("");
    CHECK(bind("SELECT ?, ?, ?, ?, ?, ?, ?, ?, typeof(?7), typeof(?8), typeof(?6)",
               std::move(by_place)) ==
          "-9223372036854775808|0.25|1|it's|x'00FF'|NULL||x''|text|blob|null");

    Parameters by_name;
    by_name.add(2, "b").add(1, "a");
    CHECK(bind("SELECT :a, @b, :a + @b", std::move(by_name)) == "1|2|3");
    CHECK(bind("SELECT ?, ?, ?", Parameters::of(3, "three", 0.5)) == "3|three|0.5");
}

TEST_CASE("parameters that do not fit the statement are refused by number",
          "[sqlite][parameters]") {
    const Stage stage;
    const auto connection = stage.connect();
    const auto fault = [&](std::string_view sql, Parameters parameters) {
        return error_of(connection.read(Request::query(sql, std::move(parameters))));
    };

    const auto none = fault("SELECT ?", {});
    CHECK(none.code == ErrorCode::invalid_request);
    CHECK(none.pointer == "/params");
    CHECK(none.message == "the statement has 1 placeholder and 0 values are given");

    Parameters misnamed;
    misnamed.add(1, "a").add(2, "c");
    const auto unknown = fault("SELECT :a, :b", std::move(misnamed));
    CHECK(unknown.pointer == "/params/1");
    CHECK(unknown.message == "parameter 2 is named \"c\"; the statement has :a, :b");

    Parameters not_a_number;
    not_a_number.add(std::numeric_limits<double>::quiet_NaN());
    const auto nan = fault("SELECT ?", std::move(not_a_number));
    CHECK(nan.pointer == "/params/0");
    CHECK(nan.message.contains("NaN"));
}

TEST_CASE("a statement that is wrong is told with its place", "[sqlite][read]") {
    const Stage stage(shop);
    const auto connection = stage.connect();
    const auto fault = [&](std::string_view sql) {
        return error_of(connection.read(Request::query(sql)));
    };

    const auto syntax = fault("SELECT 1,\n  FROM orders");
    CHECK(syntax.code == ErrorCode::invalid_request);
    CHECK(syntax.pointer == "/query");
    CHECK(syntax.message == "near \"FROM\": syntax error (line 2, column 3)");
    CHECK(syntax.native_domain == "sqlite");
    CHECK(syntax.native_code == SQLITE_ERROR);

    CHECK(fault("SELECT totl FROM orders").message == "no such column: totl (line 1, column 8)");
    CHECK(fault("SELECT \"totl\" FROM orders").code == ErrorCode::not_found);
    CHECK(fault("-- nothing").message.contains("no statement"));
    CHECK(fault("SELECT 1; SELECT 2").message.contains("second statement"));
    CHECK(fault("DELETE FROM orders").message.contains("run it with execute"));
    CHECK(query(connection, "SELECT count(*) FROM orders;  -- one").rows == Rows{"3"});
}

TEST_CASE("a column without a type gets one from its first rows", "[sqlite][types]") {
    const Stage stage(R"(CREATE TABLE loose (id INTEGER, a, b, c, d, e, f);
        INSERT INTO loose VALUES (1, 1, 1, 'x', x'01', NULL, 9007199254740993),
                                 (2, 2, 0.5, 2, x'02', NULL, 0.5);)");
    const auto connection = stage.connect();

    const auto result = query(connection, "SELECT * FROM loose ORDER BY id");
    const auto as_text = query(stage.connect({}, "column_types: text-if-undeclared"),
                               "SELECT id, a, b FROM loose WHERE id = 1");

    CHECK(result.columns == "id:l a:l b:g c:u d:z e:u f:u");
    CHECK(result.rows == Rows{"1|1|1|x|x'01'|NULL|9007199254740993", "2|2|0.5|2|x'02'|NULL|0.5"});
    CHECK(as_text.columns == "id:l a:u b:u");
    CHECK(as_text.rows == Rows{"1|1|1"});
}

TEST_CASE("a value that does not fit is an error with its place and what to do",
          "[sqlite][types]") {
    const Stage stage(
        "CREATE TABLE t (id INTEGER, loose, n INTEGER);"
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 10000)"
        "INSERT INTO t SELECT x, x, x FROM c;"
        "UPDATE t SET loose = 'CANARY-late', n = 'CANARY-declared' WHERE id = 9000;");
    const auto connection = stage.connect();

    const auto late =
        error_of_stream(connection.read(Request::query("SELECT id, loose FROM t ORDER BY id")));
    CHECK(late.code == ErrorCode::bad_data);
    CHECK(late.message ==
          "row 9000, column \"loose\": found a text, which does not fit the "
          "column's type int64 (by its first rows); read it as CAST(... AS TEXT) in "
          "a query, or set column_types to \"text-if-undeclared\"");
    const auto declared =
        error_of_stream(connection.read(Request::query("SELECT n FROM t ORDER BY id")));
    CHECK(declared.message.starts_with("row 9000, column \"n\": found a text, which does not fit "
                                       "the column's type int64 (declared INTEGER); read it as"));

    const auto loose = stage.connect({}, "column_types: text-if-undeclared");
    CHECK(query(loose, "SELECT loose FROM t ORDER BY id").rows.at(8999) == "CANARY-late");
    const auto text = stage.connect({}, "column_types: text");
    CHECK(query(text, "SELECT n FROM t ORDER BY id").rows.at(8999) == "CANARY-declared");
}

TEST_CASE("numbers that are delivered as text keep all their digits", "[sqlite][types]") {
    const Stage stage;

    const auto result =
        query(stage.connect({}, "column_types: text"),
              "SELECT 0.1 + 0.2, 2.0, 1e20, 1e300, -9e999, 9007199254740993, 5e-324");

    CHECK(result.rows ==
          Rows{"0.30000000000000004|2.0|1.0e+20|1.0e+300|-Inf|9007199254740993|5.0e-324"});
}

TEST_CASE("a column whose first rows are null is text from then on", "[sqlite][types]") {
    const Stage stage(
        "CREATE TABLE t (id INTEGER, loose);"
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 9000)"
        "INSERT INTO t SELECT x, iif(x > 8999, 42, NULL) FROM c;");

    const auto result = query(stage.connect(), "SELECT loose FROM t ORDER BY id");

    CHECK(result.columns == "loose:u");
    CHECK(result.rows.at(8998) == "NULL");
    CHECK(result.rows.at(8999) == "42");
}

TEST_CASE("text that is not UTF-8 is an error with its place, or bytes by setting",
          "[sqlite][types]") {
    const Stage stage("CREATE TABLE t (id INTEGER, name TEXT);"
                      "INSERT INTO t VALUES (1, 'good'), (2, CAST(x'67FC' AS TEXT)), (3, 'ü');");

    const auto error =
        error_of_stream(stage.connect().read(Request::query("SELECT * FROM t ORDER BY id")));
    const auto bytes =
        query(stage.connect({}, "invalid_text: binary"), "SELECT * FROM t ORDER BY id");

    CHECK(error.code == ErrorCode::bad_data);
    CHECK(error.message.starts_with("row 2, column \"name\": the text is not UTF-8"));
    CHECK(error.message.contains("invalid_text"));
    CHECK(bytes.columns == "id:l name:z");
    CHECK(bytes.rows == Rows{"1|x'676F6F64'", "2|x'67FC'", "3|x'C3BC'"});
}

TEST_CASE("batches are bounded, and whole batches end cleanly", "[sqlite][read]") {
    // Two batches of 8,192 rows and nothing behind them.
    const Stage stage(
        "CREATE TABLE t (name TEXT);"
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 16384)"
        "INSERT INTO t SELECT 'name ' || x FROM c;");
    const auto connection = stage.connect();
    auto stream = value_of(connection.read(Request::query("SELECT name FROM t ORDER BY rowid")));

    CHECK(next_batch(stream)->length == 8192);
    CHECK(next_batch(stream)->length == 8192);
    CHECK_FALSE(next_batch(stream));
    CHECK(progress(stream.get()).rows == 16384);
}

TEST_CASE("results of every shape are delivered", "[sqlite][read]") {
    const Stage stage(shop);
    const auto connection = stage.connect();

    SECTION("no rows") {
        const auto result = query(connection, "SELECT id, note FROM orders WHERE 0");
        CHECK(result.columns == "id:l note:u");
        CHECK(result.rows.empty());
    }
    SECTION("columns of one name") {
        const auto result = query(connection, "SELECT 1 AS a, 2 AS a, 'x' AS \"\"");
        CHECK(result.columns == "a:l a:l :u");
        CHECK(result.rows == Rows{"1|2|x"});
    }
    SECTION("2,000 columns") {
        std::string sql = "SELECT 0 AS c0";
        std::string expected = "0";
        for (int i = 1; i < 2000; ++i) {
            sql += fmt::format(", {} AS c{}", i, i);
            expected += fmt::format("|{}", i);
        }
        CHECK(query(connection, sql).rows == Rows{expected});
        const auto too_many = error_of(connection.read(Request::query(sql + ", 2000")));
        CHECK(too_many.message.contains("too many columns"));
    }
    SECTION("a large text") {
#ifdef NDEBUG
        constexpr std::size_t size = 200'000'000;
#else
        constexpr std::size_t size = 20'000'000;
#endif
        const auto result =
            query(connection,
                  fmt::format("SELECT CAST(replace(hex(zeroblob({})), '00', 'x') AS TEXT)", size));
        REQUIRE(result.rows.size() == 1);
        CHECK(result.rows[0] == std::string(size, 'x'));
    }
    SECTION("extremes") {
        const auto result =
            query(connection, "SELECT 9223372036854775807, -9223372036854775808, 9e999, -9e999, "
                              "CAST('a' || char(0) || 'b' AS TEXT), 4.9e-324");
        CHECK(result.rows ==
              Rows{std::string("9223372036854775807|-9223372036854775808|inf|-inf|a") + '\0' +
                   "b|5e-324"});
    }
}

TEST_CASE("a failing row in the middle of a stream is no end", "[sqlite][read]") {
    const Stage stage;

    const auto error = error_of_stream(stage.connect().read(Request::query(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 9000)"
        "SELECT abs(iif(x = 9000, -9223372036854775808, x)) FROM c")));

    CHECK(error.code == ErrorCode::invalid_request);
    CHECK(error.message.contains("integer overflow"));
}

TEST_CASE("batches are good after their stream and connection are gone", "[sqlite][read]") {
    const Stage stage(shop);
    sdk::UniqueSchema schema;
    sdk::UniqueArray batch;
    {
        const auto connection = stage.connect();
        auto stream = value_of(connection.read(Request::query("SELECT note FROM orders")));
        REQUIRE(stream.schema(schema.receive()).has_value());
        batch = next_batch(stream);
        connection.close();
    }

    CHECK(rows_of(*schema.get(), *batch.get()) == Rows{"grüße", "NULL", ""});
}

TEST_CASE("the catalogue lists what can be read", "[sqlite][catalogue]") {
    const Stage stage(std::string(shop) +
                      "CREATE VIRTUAL TABLE words USING fts5(text);"
                      "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT);"
                      "INSERT INTO counted DEFAULT VALUES; ANALYZE;");

    const auto result = read_all(stage.connect().objects());

    CHECK(result.columns == "catalog:u schema:u name:u kind:u comment:u");
    CHECK(result.rows == Rows{"NULL|main|big|view|NULL", "NULL|main|counted|table|NULL",
                              "NULL|main|customer|table|NULL", "NULL|main|orders|table|NULL",
                              "NULL|main|words|virtual table|NULL"});
}

TEST_CASE("a name that is not UTF-8 does not hide the others", "[sqlite][catalogue]") {
    const Stage stage("CREATE TABLE good (a); CREATE TABLE \"b\xFF"
                      "d\" (a);");

    CHECK(read_all(stage.connect().objects()).rows ==
          Rows{"NULL|main|b\uFFFDd|table|NULL", "NULL|main|good|table|NULL"});
}

TEST_CASE("only a primary key that is never NULL is not nullable", "[sqlite][catalogue]") {
    const Stage stage("CREATE TABLE alias (a INTEGER, PRIMARY KEY (a));"
                      "CREATE TABLE descending (a INTEGER PRIMARY KEY DESC);"
                      "CREATE TABLE other (a INT PRIMARY KEY);"
                      "CREATE TABLE strict_one (a TEXT PRIMARY KEY) STRICT;"
                      "CREATE TABLE no_rowid (a TEXT PRIMARY KEY) WITHOUT ROWID;"
                      "CREATE TABLE two (a INTEGER, b INTEGER, PRIMARY KEY (a, b));");
    const auto connection = stage.connect();
    const auto is_nullable = [&](std::string_view table) {
        sdk::UniqueSchema schema;
        REQUIRE(connection.describe(table, schema.receive()).has_value());
        return sdk::import_schema(*schema.get()).children.at(0).nullable;
    };

    CHECK_FALSE(is_nullable("alias"));
    CHECK(is_nullable("descending"));
    CHECK(is_nullable("other"));
    CHECK_FALSE(is_nullable("strict_one"));
    CHECK_FALSE(is_nullable("no_rowid"));
    CHECK(is_nullable("two"));
}

TEST_CASE("the catalogue describes columns with keys and defaults", "[sqlite][catalogue]") {
    const Stage stage(shop);
    for (const auto* mode : {"mode: read-write", "mode: read-only"}) {
        const auto connection = stage.connect(mode);
        const auto describe_object = [&](std::string_view object) {
            sdk::UniqueSchema schema;
            const auto done = connection.describe(object, schema.receive());
            if (!done) FAIL(describe(done.error()));
            return sdk::import_schema(*schema.get()).children;
        };

        const auto customer = describe_object("customer");
        REQUIRE(customer.size() == 2);
        CHECK(customer[0] == sdk::Field{.name = "id",
                                        .format = "l",
                                        .nullable = false,
                                        .metadata = {{"patchbay.type", "INTEGER"},
                                                     {"patchbay.key", "primary:1"}}});
        CHECK(customer[1] ==
              sdk::Field{.name = "name",
                         .format = "u",
                         .nullable = false,
                         .metadata = {{"patchbay.type", "TEXT"}, {"patchbay.key", "unique"}}});
        const auto orders = describe_object("main.orders");
        REQUIRE(orders.size() == 8);
        CHECK(orders[1].metadata ==
              sdk::Metadata{{"patchbay.type", "INTEGER"}, {"patchbay.key", "foreign"}});
        CHECK(orders[2].metadata ==
              sdk::Metadata{{"patchbay.type", "NUMERIC(10,2)"}, {"patchbay.default", "0"}});
        CHECK(describe_object("big").at(1).format == "g");

        sdk::UniqueSchema schema;
        const auto absent = error_of(connection.describe("ordres", schema.receive()));
        CHECK(absent.code == ErrorCode::not_found);
        CHECK(absent.message == "no such table: ordres");
    }
}
