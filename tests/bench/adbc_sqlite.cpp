// SPDX-License-Identifier: Apache-2.0
// The ADBC SQLite driver as a peer: the shared library of its Python package, called directly.

#include "adbc_sqlite.hpp"

#include "rounds.hpp"

#include <dlfcn.h>

#include <cstdint>

namespace patchbay::bench {
namespace {

// Written out from ADBC's specification (https://arrow.apache.org/adbc/current/cpp/api/adbc.html),
// version 1.1.

using AdbcStatusCode = std::uint8_t;

struct AdbcError {
    char* message;
    std::int32_t vendor_code;
    char sqlstate[5];
    void (*release)(AdbcError* error);
    void* private_data;
    void* private_driver;
};

// AdbcDatabase, AdbcConnection and AdbcStatement, which all look like this.
struct AdbcObject {
    void* private_data;
    void* private_driver;
};

using OnObject = AdbcStatusCode (*)(AdbcObject*, AdbcError*);
using OnTwoObjects = AdbcStatusCode (*)(AdbcObject*, AdbcObject*, AdbcError*);
using SetOption = AdbcStatusCode (*)(AdbcObject*, const char*, const char*, AdbcError*);
using SetText = AdbcStatusCode (*)(AdbcObject*, const char*, AdbcError*);
using Execute = AdbcStatusCode (*)(AdbcObject*, ArrowArrayStream*, std::int64_t*, AdbcError*);

} // namespace

struct AdbcSqlite::Api {
    explicit Api(const std::filesystem::path& driver)
        : library(::dlopen(driver.c_str(), RTLD_NOW | RTLD_LOCAL)) {
        if (library == nullptr) stop(::dlerror());
    }

    template <class Function>
    [[nodiscard]] Function find(const char* name) const {
        void* const symbol = ::dlsym(library, name);
        if (symbol == nullptr) stop(std::string("the ADBC driver has no ") + name);
        return reinterpret_cast<Function>(symbol);
    }

    // Calls a function whose last argument is the error.
    template <class Function, class... Values>
    void call(const char* name, Values... values) const {
        AdbcError error{};
        if (find<Function>(name)(values..., &error) == 0) return;
        stop(std::string(name) + ": " + (error.message == nullptr ? "failed" : error.message));
    }

    void* library; // never closed
    AdbcObject database{};
    AdbcObject connection{};
};

AdbcSqlite::AdbcSqlite(const std::filesystem::path& driver, const std::filesystem::path& database)
    : api_(std::make_unique<Api>(driver)) {
    api_->call<OnObject>("AdbcDatabaseNew", &api_->database);
    api_->call<SetOption>("AdbcDatabaseSetOption", &api_->database, "uri", database.c_str());
    api_->call<OnObject>("AdbcDatabaseInit", &api_->database);
    api_->call<OnObject>("AdbcConnectionNew", &api_->connection);
    api_->call<OnTwoObjects>("AdbcConnectionInit", &api_->connection, &api_->database);
}

AdbcSqlite::~AdbcSqlite() {
    api_->call<OnObject>("AdbcConnectionRelease", &api_->connection);
    api_->call<OnObject>("AdbcDatabaseRelease", &api_->database);
}

std::int64_t AdbcSqlite::drain(const std::string& sql) {
    AdbcObject statement{};
    api_->call<OnTwoObjects>("AdbcStatementNew", &api_->connection, &statement);
    api_->call<SetText>("AdbcStatementSetSqlQuery", &statement, sql.c_str());
    ArrowArrayStream stream{};
    std::int64_t affected = 0;
    api_->call<Execute>("AdbcStatementExecuteQuery", &statement, &stream, &affected);

    std::int64_t rows = 0;
    for (;;) {
        ArrowArray batch{};
        if (stream.get_next(&stream, &batch) != 0) stop(stream.get_last_error(&stream));
        if (batch.release == nullptr) break;
        rows += batch.length;
        batch.release(&batch);
    }
    stream.release(&stream);
    api_->call<OnObject>("AdbcStatementRelease", &statement);
    return rows;
}

} // namespace patchbay::bench
