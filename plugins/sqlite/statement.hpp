// SPDX-License-Identifier: Apache-2.0
// A compiled statement, and the few of them that a session keeps for the next time.
#pragma once

#include "access_guard.hpp"
#include "handles.hpp"
#include "result_shape.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::sqlite {

// [session]
class Statement {
  public:
    Statement(StatementHandle handle, std::string sql, StatementFacts facts)
        : handle_(std::move(handle)), sql_(std::move(sql)), facts_(std::move(facts)) {}

    [[nodiscard]] sqlite3_stmt* get() const { return handle_.get(); }
    [[nodiscard]] const std::string& sql() const { return sql_; }
    [[nodiscard]] const StatementFacts& facts() const { return facts_; }

    // Whether it may change a database when it runs, as SQLite sees it. An EXPLAIN does not, nor
    // does PRAGMA journal_mode without a value, which SQLite takes for one with it.
    [[nodiscard]] bool changes_database() const {
        return sqlite3_stmt_readonly(get()) == 0 && sqlite3_stmt_isexplain(get()) == 0 &&
               !facts_.asks_pragma;
    }
    [[nodiscard]] int column_count() const { return sqlite3_column_count(get()); }

    // The columns of its result. SQLite compiles a statement anew by itself when tables were
    // changed, which it notices at the first step: to be asked behind that.
    //
    // Errors: PATCHBAY_BAD_DATA for a column whose name is not UTF-8.
    [[nodiscard]] sdk::Expected<std::shared_ptr<const ResultShape>> shape(ColumnTypes column_types,
                                                                          InvalidText invalid_text);

    // Ends what it does, and forgets the values that were bound.
    void rewind() noexcept {
        sqlite3_reset(get());
        sqlite3_clear_bindings(get());
    }

  private:
    StatementHandle handle_;
    std::string sql_;
    StatementFacts facts_;
    std::shared_ptr<const ResultShape> shape_;
    int compiled_for_shape_ = 0; // how often it had been compiled anew when shape_ was made
};

// Statements that were used last, so that a session which repeats itself does not compile again.
// One that is in use is taken out. [session]
class StatementCache {
  public:
    StatementCache() { statements_.reserve(max_statements); }

    // The statement with exactly this text, or none.
    [[nodiscard]] std::unique_ptr<Statement> take(std::string_view sql);

    // Keeps it, and lets the one go that was not used for longest.
    void keep(std::unique_ptr<Statement> statement) noexcept;

    static constexpr std::size_t max_statements = 32;
    // A program that writes its values into the text has no use of long ones being kept.
    static constexpr std::size_t max_text_bytes = 8192;

  private:
    std::vector<std::unique_ptr<Statement>> statements_; // the last one was used last
};

} // namespace patchbay::sqlite
