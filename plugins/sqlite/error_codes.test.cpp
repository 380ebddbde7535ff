// SPDX-License-Identifier: Apache-2.0
// What SQLite's result codes become.

#include "error_codes.hpp"

#include <patchbay/test/catch.hpp>

#include <sqlite3.h>

using namespace patchbay::sqlite;

TEST_CASE("a fault of the file names it, a fault of the statement does not", "[sqlite][errors]") {
    const auto corrupt = error_of(SQLITE_CORRUPT, "database disk image is malformed", "/a/b.db");
    const auto syntax = error_of(SQLITE_ERROR, "near \"x\": syntax error", "/a/b.db");

    CHECK(corrupt.code == PATCHBAY_BAD_DATA);
    CHECK(corrupt.message.starts_with("/a/b.db: database disk image is malformed; "));
    CHECK(corrupt.native_code == SQLITE_CORRUPT);
    CHECK(corrupt.native_domain == "sqlite");
    CHECK(syntax.code == PATCHBAY_INVALID_REQUEST);
    CHECK(syntax.message == "near \"x\": syntax error");
}

TEST_CASE("an extended code counts as its primary one where it says no more", "[sqlite][errors]") {
    const auto unique = error_of(SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: t.a", "x");
    const auto snapshot = error_of(SQLITE_BUSY_SNAPSHOT, "database is locked", "x");
    const auto null = error_of(SQLITE_CONSTRAINT_NOTNULL, "NOT NULL constraint failed: t.a", "x");
    const auto unheard_of = error_of(SQLITE_IOERR | (250 << 8), "disk I/O error", "x");

    CHECK(unique.code == PATCHBAY_CONFLICT);
    CHECK(unique.retry == PATCHBAY_RETRY_NEVER);
    CHECK(unique.native_code == SQLITE_CONSTRAINT_UNIQUE);
    CHECK(null.code == PATCHBAY_INVALID_REQUEST);
    CHECK(null.native_code == SQLITE_CONSTRAINT_NOTNULL);
    CHECK(snapshot.retry == PATCHBAY_RETRY_NOW);
    CHECK(unheard_of.code == PATCHBAY_IO);
}

TEST_CASE("a code of a newer SQLite is an error all the same", "[sqlite][errors]") {
    const auto error = error_of(99, "unknown error", "x");

    CHECK(error.code == PATCHBAY_INTERNAL);
    CHECK(error.message.contains("newer than the connector"));
}

TEST_CASE("what does not exist is told apart from what is wrong", "[sqlite][errors]") {
    CHECK(error_of(SQLITE_ERROR, "no such table: t", "x").code == PATCHBAY_NOT_FOUND);
    CHECK(error_of(SQLITE_ERROR, "integer overflow", "x").code == PATCHBAY_INVALID_REQUEST);
}
