// SPDX-License-Identifier: Apache-2.0
// The transaction of a session, and what has become of it.
#pragma once

#include "database.hpp"

#include <patchbay/sdk/error.hpp>
#include <patchbay/sdk/serve.hpp>

namespace patchbay::sqlite {

// SQLite rolls a whole transaction back by itself when a statement that changes rows is
// interrupted, or the disk is full: it then goes on as if none had been begun, and each further
// statement would be a transaction of its own. So it is looked at before each one, and a
// transaction that was lost refuses them until somebody has acknowledged it by commit (which fails)
// or rollback.
//
// [session]
class Transaction {
  public:
    explicit Transaction(Database& database) : database_(&database) {}

    // A transaction that may write takes the lock for it at once (BEGIN IMMEDIATE). Why: one that
    // first read and then wants to write may get SQLITE_BUSY_SNAPSHOT, which no waiting cures. Who
    // only reads says so, and is in nobody's way.
    //
    // Errors: PATCHBAY_CONFLICT, PATCHBAY_UNSUPPORTED; those of Database::failure().
    [[nodiscard]] sdk::Expected<void> begin(const sdk::TransactionOptions& options);

    // Errors: PATCHBAY_CONFLICT leaves it open; after any other it is over.
    [[nodiscard]] sdk::Expected<void> commit();

    // Does nothing where none is open.
    [[nodiscard]] sdk::Expected<void> rollback();

    // Errors: PATCHBAY_INVALID_REQUEST where the transaction was lost.
    [[nodiscard]] sdk::Expected<void> check() const;

    [[nodiscard]] bool is_open() const { return is_open_; }
    [[nodiscard]] bool is_read_only() const { return is_open_ && is_read_only_; }

  private:
    [[nodiscard]] bool is_lost() const;
    [[nodiscard]] sdk::Expected<void> set_query_only(bool on);
    [[nodiscard]] sdk::Expected<void> close();

    Database* database_;
    bool is_open_ = false; // until commit or rollback, also where it was lost
    bool is_read_only_ = false;
};

} // namespace patchbay::sqlite
