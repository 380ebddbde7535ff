// SPDX-License-Identifier: Apache-2.0
// What holds changes together: a transaction of the connector's own, or a savepoint in the one that
// is open.
#pragma once

#include "database.hpp"

#include <patchbay/sdk/error.hpp>

#include <cstdint>

namespace patchbay::sqlite {

// One that was not begun is empty, and commits and undoes nothing. [session]
class RowGroup {
  public:
    RowGroup() = default;

    // A transaction takes the lock for writing at once.
    //
    // Blocks:  until the lock is free, bounded by the settings and the call.
    // Errors:  those of Database::failure().
    [[nodiscard]] static sdk::Expected<RowGroup> begin(Database& database);

    // Whether something is held together that was neither stored nor undone.
    [[nodiscard]] bool is_open() const { return kind_ != Kind::none; }

    // Stores it, or hands it to the transaction that it is a part of. Where that fails, it is
    // undone. Statements that still run must be reset before.
    [[nodiscard]] sdk::Expected<void> commit();

    // Best effort: what cannot be undone here was undone by SQLite, or goes with the session.
    void undo() noexcept;

  private:
    enum class Kind : std::uint8_t { none, transaction, savepoint };

    RowGroup(Database& database, Kind kind) : database_(&database), kind_(kind) {}

    Database* database_ = nullptr;
    Kind kind_ = Kind::none;
};

} // namespace patchbay::sqlite
