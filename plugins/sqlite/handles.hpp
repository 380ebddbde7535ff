// SPDX-License-Identifier: Apache-2.0
// Owners of what SQLite hands out, each released by the call that SQLite prescribes.
#pragma once

#include <sqlite3.h>

#include <memory>

namespace patchbay::sqlite {

struct CloseDatabase {
    // "v2": a statement that is still alive keeps the connection until it is finalized.
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

struct FinishBackup {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};
using BackupHandle = std::unique_ptr<sqlite3_backup, FinishBackup>;

struct FreeValue {
    void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
// A copy of a value (sqlite3_value_dup), or nothing for NULL.
using ValueHandle = std::unique_ptr<sqlite3_value, FreeValue>;

} // namespace patchbay::sqlite
