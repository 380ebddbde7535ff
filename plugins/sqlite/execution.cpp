// SPDX-License-Identifier: Apache-2.0
// Runs a statement for its effect, once for each row of parameters.

#include "execution.hpp"

#include "parameters.hpp"
#include "row_group.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace patchbay::sqlite {

namespace {

using sdk::Error;
using sdk::Expected;

// Finds out whether a statement inserted a row that has a number. SQLite only tells the number of
// the last insert of all times; so a mark is put in its place, and taken away if it is still there.
class InsertWatch {
  public:
    InsertWatch(Database& database, const StatementFacts& facts)
        : database_(database.get()), before_(sqlite3_last_insert_rowid(database_)),
          is_insert_(facts.inserts), has_mark_(facts.inserts && !facts.uses_last_insert_id) {
        if (has_mark_) sqlite3_set_last_insert_rowid(database_, mark);
    }
    InsertWatch(const InsertWatch&) = delete;
    InsertWatch(InsertWatch&&) = delete;
    InsertWatch& operator=(const InsertWatch&) = delete;
    InsertWatch& operator=(InsertWatch&&) = delete;
    ~InsertWatch() {
        if (has_mark_ && sqlite3_last_insert_rowid(database_) == mark) {
            sqlite3_set_last_insert_rowid(database_, before_);
        }
    }

    [[nodiscard]] std::optional<std::int64_t> last_insert_id(std::int64_t rows_affected) const {
        const std::int64_t now = sqlite3_last_insert_rowid(database_);
        if (has_mark_) return now == mark ? std::nullopt : std::optional(now);
        // The statement itself asks for the number, so that no mark could be put in its place.
        return is_insert_ && rows_affected > 0 ? std::optional(now) : std::nullopt;
    }

  private:
    // A number that no table gives by itself.
    static constexpr std::int64_t mark = std::numeric_limits<std::int64_t>::min();

    sqlite3* database_;
    std::int64_t before_;
    bool is_insert_;
    bool has_mark_;
};

Expected<void> run_once(Database& database, Statement& statement) {
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) return {};
    return std::unexpected(database.failure(code));
}

Expected<std::int64_t> run_rows(Database& database, Statement& statement, const sdk::Params& params,
                                std::int64_t rows) {
    const auto binding = Binding::match(statement.get(), params);
    if (!binding) return std::unexpected(binding.error());
    const auto& facts = statement.facts();
    const bool counts = facts.changes_rows && !facts.defines && statement.changes_database();
    std::int64_t affected = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
        auto done = binding->bind_row(statement.get(), params, row, Lifetime::call);
        if (done) done = run_once(database, statement);
        if (!done) {
            Error error = std::move(done.error());
            if (rows > 1) {
                error.message += fmt::format("; this was row {} of {} rows of parameters, none of "
                                             "which counts now",
                                             row + 1, rows);
            }
            statement.rewind();
            return std::unexpected(std::move(error));
        }
        if (counts) affected += sqlite3_changes64(database.get());
        statement.rewind();
    }
    return affected;
}

} // namespace

Expected<sdk::ExecuteResult> execute_statement(Database& database, Statement& statement,
                                               const sdk::Params& params) {
    const std::int64_t rows = params.given() ? params.row_count() : 1;
    RowGroup group; // several rows that only read need none
    if (rows > 1 && statement.changes_database()) {
        auto begun = RowGroup::begin(database);
        if (!begun) return std::unexpected(std::move(begun.error()));
        group = *begun;
    }
    if (statement.changes_database()) database.publish_use(FileUse::writing);
    const InsertWatch inserts(database, statement.facts());
    const auto affected = run_rows(database, statement, params, rows);
    if (!affected) {
        group.undo();
        database.publish_use();
        return std::unexpected(affected.error());
    }
    const auto committed = group.commit();
    database.publish_use();
    if (!committed) return std::unexpected(committed.error());
    return sdk::ExecuteResult{.rows_affected = *affected,
                              .last_insert_id = inserts.last_insert_id(*affected)};
}

} // namespace patchbay::sqlite
