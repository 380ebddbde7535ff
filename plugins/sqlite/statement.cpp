// SPDX-License-Identifier: Apache-2.0
// A compiled statement, and the few of them that a session keeps for the next time.

#include "statement.hpp"

#include <utility>

namespace patchbay::sqlite {

sdk::Expected<std::shared_ptr<const ResultShape>> Statement::shape(ColumnTypes column_types,
                                                                   InvalidText invalid_text) {
    const int compiled = sqlite3_stmt_status(get(), SQLITE_STMTSTATUS_REPREPARE, 0);
    if (!shape_ || compiled != compiled_for_shape_) {
        auto columns = columns_of(get(), column_types, invalid_text);
        if (!columns) return std::unexpected(std::move(columns.error()));
        shape_ = std::make_shared<const ResultShape>(std::move(*columns));
        compiled_for_shape_ = compiled;
    }
    return shape_;
}

std::unique_ptr<Statement> StatementCache::take(std::string_view sql) {
    for (auto at = statements_.end(); at != statements_.begin();) {
        --at;
        if ((*at)->sql() != sql) continue;
        auto statement = std::move(*at);
        statements_.erase(at);
        return statement;
    }
    return nullptr;
}

void StatementCache::keep(std::unique_ptr<Statement> statement) noexcept {
    statement->rewind();
    if (statement->sql().size() > max_text_bytes) return;
    if (statements_.size() == max_statements) statements_.erase(statements_.begin());
    statements_.push_back(std::move(statement));
}

} // namespace patchbay::sqlite
