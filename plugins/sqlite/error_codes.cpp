// SPDX-License-Identifier: Apache-2.0
// What SQLite's result codes mean in the words of the contract, and what a person can do.
//
// Source: https://www.sqlite.org/rescode.html

#include "error_codes.hpp"

#include <fmt/format.h>

#include <sqlite3.h>

#include <cstdint>
#include <string>

namespace patchbay::sqlite {

namespace {

// Where the fault lies, and so whether the message begins with the name of the database.
enum class Fault : std::uint8_t { statement, database };

struct Meaning {
    int code;
    patchbay_status status;
    patchbay_retry retry;
    Fault fault;
    std::string_view advice; // what to do, or nothing where SQLite's own text says it all
};

constexpr auto never = PATCHBAY_RETRY_NEVER;
constexpr auto later = PATCHBAY_RETRY_LATER;
constexpr auto now = PATCHBAY_RETRY_NOW;

constexpr std::string_view damaged =
    "the file is damaged; restore a backup, or save what can be read with the \".recover\" command "
    "of the sqlite3 program";
constexpr std::string_view defect = "this is a defect of the connector; please report it";
constexpr std::string_view hardware = "the file system or the device below it failed";

// Extended codes first where they mean something else than their primary code.
constexpr Meaning meanings[] = {
    {SQLITE_ABORT_ROLLBACK, PATCHBAY_CONFLICT, now, Fault::statement,
     "the transaction was rolled back while its rows were being read; begin it again"},
    {SQLITE_BUSY_RECOVERY, PATCHBAY_CONFLICT, later, Fault::database,
     "another process is recovering the database after a crash; try again"},
    {SQLITE_BUSY_SNAPSHOT, PATCHBAY_CONFLICT, now, Fault::database,
     "another connection has written since this transaction began to read; roll it back and run it "
     "again"},
    {SQLITE_LOCKED_VTAB, PATCHBAY_CONFLICT, later, Fault::database,
     "a virtual table is in use by another statement of this session; finish that one first"},
    {SQLITE_READONLY_RECOVERY, PATCHBAY_FORBIDDEN, never, Fault::database,
     "the write-ahead log must be recovered first, which takes the right to write: open the "
     "database once in mode \"read-write\""},
    {SQLITE_READONLY_CANTLOCK, PATCHBAY_FORBIDDEN, never, Fault::database,
     "a database with a write-ahead log needs its -shm file to be writable, even to be read: give "
     "the right to write to the file's directory"},
    {SQLITE_READONLY_CANTINIT, PATCHBAY_FORBIDDEN, never, Fault::database,
     "a database with a write-ahead log needs its -shm file to be writable, even to be read: give "
     "the right to write to the file's directory"},
    {SQLITE_READONLY_ROLLBACK, PATCHBAY_FORBIDDEN, never, Fault::database,
     "a crash left a journal that must be rolled back, which takes the right to write: open the "
     "database once in mode \"read-write\""},
    {SQLITE_READONLY_DBMOVED, PATCHBAY_UNAVAILABLE, now, Fault::database,
     "the file was moved or removed while it was open; open a new session"},
    {SQLITE_READONLY_DIRECTORY, PATCHBAY_FORBIDDEN, never, Fault::database,
     "no journal can be made beside the file: give the right to write to its directory"},
    {SQLITE_IOERR_NOMEM, PATCHBAY_RESOURCE_EXHAUSTED, later, Fault::database, ""},
    {SQLITE_IOERR_SHORT_READ, PATCHBAY_BAD_DATA, never, Fault::database,
     "the file is shorter than it says; restore a backup"},
    {SQLITE_IOERR_GETTEMPPATH, PATCHBAY_IO, never, Fault::database,
     "there is no directory for temporary files: set temp_store to \"memory\""},
    {SQLITE_IOERR_LOCK, PATCHBAY_IO, never, Fault::database,
     "the file cannot be locked; many network file systems cannot do it"},
    {SQLITE_IOERR_RDLOCK, PATCHBAY_IO, never, Fault::database,
     "the file cannot be locked; many network file systems cannot do it"},
    {SQLITE_IOERR_CORRUPTFS, PATCHBAY_BAD_DATA, never, Fault::database,
     "the file system is damaged"},
    {SQLITE_IOERR_DATA, PATCHBAY_BAD_DATA, never, Fault::database, damaged},
    {SQLITE_CORRUPT_INDEX, PATCHBAY_BAD_DATA, never, Fault::database,
     "an index is damaged; the statement REINDEX makes it anew"},
    // No other row is in the way, as with the constraints below: the values themselves are wrong.
    {SQLITE_CONSTRAINT_CHECK, PATCHBAY_INVALID_REQUEST, never, Fault::statement, ""},
    {SQLITE_CONSTRAINT_DATATYPE, PATCHBAY_INVALID_REQUEST, never, Fault::statement, ""},
    {SQLITE_CONSTRAINT_NOTNULL, PATCHBAY_INVALID_REQUEST, never, Fault::statement, ""},
    {SQLITE_CANTOPEN_ISDIR, PATCHBAY_INVALID_SETTINGS, never, Fault::database,
     "it is a directory; name a file"},

    {SQLITE_ERROR, PATCHBAY_INVALID_REQUEST, never, Fault::statement, ""},
    {SQLITE_INTERNAL, PATCHBAY_INTERNAL, never, Fault::database, "this is a defect of SQLite"},
    {SQLITE_PERM, PATCHBAY_FORBIDDEN, never, Fault::database,
     "look at the permissions of the file and its directory"},
    {SQLITE_ABORT, PATCHBAY_CONFLICT, never, Fault::statement, ""},
    {SQLITE_BUSY, PATCHBAY_CONFLICT, later, Fault::database,
     "try again later, or raise busy_timeout_ms"},
    {SQLITE_LOCKED, PATCHBAY_CONFLICT, later, Fault::database,
     "another statement of this session is at work on the table; finish that one first"},
    {SQLITE_NOMEM, PATCHBAY_RESOURCE_EXHAUSTED, later, Fault::database, ""},
    {SQLITE_READONLY, PATCHBAY_FORBIDDEN, never, Fault::database, "this session may only read it"},
    {SQLITE_INTERRUPT, PATCHBAY_CANCELLED, never, Fault::statement, ""},
    {SQLITE_IOERR, PATCHBAY_IO, never, Fault::database, hardware},
    {SQLITE_CORRUPT, PATCHBAY_BAD_DATA, never, Fault::database, damaged},
    {SQLITE_NOTFOUND, PATCHBAY_INTERNAL, never, Fault::database, defect},
    {SQLITE_FULL, PATCHBAY_RESOURCE_EXHAUSTED, later, Fault::database,
     "make room on the disk, or raise PRAGMA max_page_count"},
    {SQLITE_CANTOPEN, PATCHBAY_IO, never, Fault::database,
     "it, its journal or its write-ahead log cannot be opened: look at the permissions of the "
     "directory, and at how many files this process has open"},
    {SQLITE_PROTOCOL, PATCHBAY_CONFLICT, later, Fault::database,
     "too many processes are after the write-ahead log at once; try again"},
    {SQLITE_EMPTY, PATCHBAY_INTERNAL, never, Fault::database, defect},
    {SQLITE_SCHEMA, PATCHBAY_CONFLICT, now, Fault::database,
     "the tables were changed meanwhile; try again"},
    {SQLITE_TOOBIG, PATCHBAY_INVALID_REQUEST, never, Fault::statement,
     "one value or statement holds at most 1,000,000,000 bytes"},
    {SQLITE_CONSTRAINT, PATCHBAY_CONFLICT, never, Fault::statement, ""},
    {SQLITE_MISMATCH, PATCHBAY_INVALID_REQUEST, never, Fault::statement,
     "the value does not fit the type that its column insists on"},
    {SQLITE_MISUSE, PATCHBAY_INTERNAL, never, Fault::database, defect},
    {SQLITE_NOLFS, PATCHBAY_UNSUPPORTED, never, Fault::database,
     "this system cannot handle so large a file"},
    {SQLITE_AUTH, PATCHBAY_FORBIDDEN, never, Fault::statement, ""},
    {SQLITE_FORMAT, PATCHBAY_INTERNAL, never, Fault::database, defect},
    {SQLITE_RANGE, PATCHBAY_INTERNAL, never, Fault::statement, defect},
    {SQLITE_NOTADB, PATCHBAY_BAD_DATA, never, Fault::database,
     "it is another kind of file, or an encrypted database"},
    {SQLITE_NOTICE, PATCHBAY_INTERNAL, never, Fault::database, defect},
    {SQLITE_WARNING, PATCHBAY_INTERNAL, never, Fault::database, defect},
    {SQLITE_ROW, PATCHBAY_INTERNAL, never, Fault::database, defect},
    {SQLITE_DONE, PATCHBAY_INTERNAL, never, Fault::database, defect},
};

constexpr Meaning unknown{0, PATCHBAY_INTERNAL, never, Fault::database,
                          "this SQLite is newer than the connector and has codes of its own"};

const Meaning& meaning_of(int code) {
    constexpr int primary_bits = 0xFF;
    for (const int wanted : {code, code & primary_bits}) {
        for (const auto& meaning : meanings) {
            if (meaning.code == wanted) return meaning;
        }
    }
    return unknown;
}

} // namespace

sdk::Error error_of(int code, std::string_view text, std::string_view database) {
    const Meaning& meaning = meaning_of(code);
    std::string message;
    if (meaning.fault == Fault::database) message = fmt::format("{}: ", database);
    message += text;
    if (!meaning.advice.empty()) message += fmt::format("; {}", meaning.advice);
    auto status = meaning.status;
    // SQLite has one code for all that is wrong with a statement: only its words tell that a table,
    // a column or a function does not exist.
    if (code == SQLITE_ERROR && text.starts_with("no such ")) status = PATCHBAY_NOT_FOUND;
    return {.code = status,
            .message = std::move(message),
            .retry = meaning.retry,
            .native_code = code,
            .native_domain = "sqlite"};
}

} // namespace patchbay::sqlite
