// SPDX-License-Identifier: Apache-2.0
// The transaction of a session, and what has become of it.

#include "transaction.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace patchbay::sqlite {

namespace {

using sdk::Error;
using sdk::Expected;

std::string_view name_of(patchbay_isolation isolation) {
    switch (isolation) {
    case PATCHBAY_ISOLATION_READ_UNCOMMITTED:
        return "READ UNCOMMITTED";
    case PATCHBAY_ISOLATION_READ_COMMITTED:
        return "READ COMMITTED";
    case PATCHBAY_ISOLATION_REPEATABLE_READ:
        return "REPEATABLE READ";
    default:
        return "of a number that is not known";
    }
}

Error lost() {
    return {.code = PATCHBAY_INVALID_REQUEST,
            .message = "the transaction is over: SQLite rolled it back when an earlier statement "
                       "failed or was interrupted, and nothing of it is stored; call rollback, "
                       "then begin it again"};
}

} // namespace

bool Transaction::is_lost() const {
    return is_open_ && sqlite3_get_autocommit(database_->get()) != 0;
}

Expected<void> Transaction::check() const {
    if (is_lost()) return std::unexpected(lost());
    return {};
}

Expected<void> Transaction::set_query_only(bool on) {
    // A read-only session is so for good.
    if (database_->settings().mode == Mode::read_only) return {};
    auto done = database_->run(on ? "PRAGMA query_only = 1" : "PRAGMA query_only = 0");
    if (!done) return std::unexpected(std::move(done.error()));
    return {};
}

Expected<void> Transaction::begin(const sdk::TransactionOptions& options) {
    if (is_open_) {
        return std::unexpected(Error{.code = PATCHBAY_CONFLICT,
                                     .message = "a transaction is open already; commit it or roll "
                                                "it back first"});
    }
    const bool is_known = options.isolation == PATCHBAY_ISOLATION_DEFAULT ||
                          options.isolation == PATCHBAY_ISOLATION_SERIALIZABLE;
    if (!is_known) {
        return std::unexpected(Error{
            .code = PATCHBAY_UNSUPPORTED,
            .message = fmt::format("the isolation {} cannot be had; SQLite's transactions are "
                                   "SERIALIZABLE",
                                   name_of(options.isolation))});
    }
    if (options.deferrable) {
        return std::unexpected(
            Error{.code = PATCHBAY_UNSUPPORTED,
                  .message = "deferrable transactions cannot be had; a read-only one of SQLite's "
                             "never fails for what others write"});
    }
    if (options.read_only) {
        if (auto set = set_query_only(true); !set) return set;
    }
    const bool may_write = !options.read_only && database_->settings().mode != Mode::read_only;
    auto begun = database_->run(may_write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED");
    if (!begun) {
        if (options.read_only) (void)set_query_only(false);
        return std::unexpected(std::move(begun.error()));
    }
    is_open_ = true;
    is_read_only_ = options.read_only;
    database_->guard().allow_savepoints(true);
    database_->publish_use();
    return {};
}

Expected<void> Transaction::commit() {
    if (!is_open_) {
        return std::unexpected(
            Error{.code = PATCHBAY_INVALID_REQUEST, .message = "no transaction is open"});
    }
    if (is_lost()) {
        if (auto closed = close(); !closed) return closed;
        return std::unexpected(lost());
    }
    auto done = database_->run("COMMIT");
    if (done) return close();

    Error error = std::move(done.error());
    const bool is_still_open = sqlite3_get_autocommit(database_->get()) == 0;
    if (is_still_open && error.code == PATCHBAY_CONFLICT) return std::unexpected(std::move(error));
    // The code tells the caller that it is over, and so it has to be.
    if (error.code == PATCHBAY_CONFLICT) error.code = PATCHBAY_UNAVAILABLE;
    error.message += "; the transaction was rolled back";
    if (auto rolled_back = rollback(); !rolled_back) return rolled_back;
    return std::unexpected(std::move(error));
}

Expected<void> Transaction::rollback() {
    if (sqlite3_get_autocommit(database_->get()) == 0) {
        auto done = database_->run("ROLLBACK");
        if (!done) return std::unexpected(std::move(done.error()));
    }
    return close();
}

// What a transaction changed of the session goes with it.
Expected<void> Transaction::close() {
    const bool was_read_only = is_read_only();
    is_open_ = is_read_only_ = false;
    database_->guard().allow_savepoints(false);
    database_->publish_use();
    if (was_read_only) return set_query_only(false);
    return {};
}

} // namespace patchbay::sqlite
