// SPDX-License-Identifier: Apache-2.0
// What holds changes together: a transaction of the connector's own, or a savepoint in the one that
// is open.

#include "row_group.hpp"

#include <utility>

namespace patchbay::sqlite {

sdk::Expected<RowGroup> RowGroup::begin(Database& database) {
    const bool is_outermost = sqlite3_get_autocommit(database.get()) != 0;
    auto begun = database.run(is_outermost ? "BEGIN IMMEDIATE" : "SAVEPOINT patchbay_rows");
    if (!begun) return std::unexpected(std::move(begun.error()));
    return RowGroup(database, is_outermost ? Kind::transaction : Kind::savepoint);
}

sdk::Expected<void> RowGroup::commit() {
    if (!is_open()) return {};
    auto done = database_->run(kind_ == Kind::transaction ? "COMMIT" : "RELEASE patchbay_rows");
    if (!done) {
        undo();
        return std::unexpected(std::move(done.error()));
    }
    kind_ = Kind::none;
    return {};
}

void RowGroup::undo() noexcept {
    if (!is_open()) return;
    const bool is_over = sqlite3_get_autocommit(database_->get()) != 0;
    if (!is_over) {
        const char* const sql = kind_ == Kind::transaction
                                    ? "ROLLBACK"
                                    : "ROLLBACK TO patchbay_rows; RELEASE patchbay_rows";
        const AccessGuard::Trusted trusted(database_->guard());
        sqlite3_exec(database_->get(), sql, nullptr, nullptr, nullptr);
    }
    kind_ = Kind::none;
}

} // namespace patchbay::sqlite
