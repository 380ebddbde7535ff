// SPDX-License-Identifier: Apache-2.0
// What a read asks for, and the SQL that it becomes.
#pragma once

#include <patchbay/sdk/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::sqlite {

struct TableRequest {
    std::vector<std::string> name;    // {table} or {schema, table}
    std::vector<std::string> columns; // empty: all
    std::string where;                // an expression of SQL, or empty: all rows
    std::optional<std::int64_t> limit;
};

struct ReadRequest {
    std::string query;                 // a statement, or empty:
    std::optional<TableRequest> table; // then this is there
};

// Reads a request that the host hands over, or whatever somebody takes for one.
//
// Errors: PATCHBAY_INVALID_REQUEST with a pointer to the first fault.
[[nodiscard]] sdk::Expected<ReadRequest> read_request(std::string_view json);

// Reads the name of a table or view: one part, or schema and name.
//
// Errors: PATCHBAY_INVALID_REQUEST with the pointer.
[[nodiscard]] sdk::Expected<std::vector<std::string>> read_table_name(std::string_view name,
                                                                      std::string_view pointer);

// A name as SQL spells it, in double quotes: it can be nothing but a name.
[[nodiscard]] std::string quote_name(std::string_view name);
[[nodiscard]] std::string quote_table(const std::vector<std::string>& name);

// The statement that reads a table.
[[nodiscard]] std::string select_statement(const TableRequest& request);

// A statement that SQLite compiles only if "where" is one expression. The text stands in
// parentheses in both; one that closes them to go on with something else (1) UNION SELECT ...) can
// be right in one place, but not in the other too: behind an expression that WHERE begins, and
// behind one that CASE WHEN begins, SQL allows nothing in common but operators, which go on with
// the expression. It is compiled and never run.
//
// Why not read the text ourselves: only SQLite's own reader takes it for what SQLite takes it for.
[[nodiscard]] std::string probe_of_where(const TableRequest& request);

} // namespace patchbay::sqlite
