// SPDX-License-Identifier: Apache-2.0
// What there is to read in a database, and of which columns it consists.
//
// Source: https://www.sqlite.org/pragma.html (table_list, table_xinfo, index_list, index_info,
// foreign_key_list), asked as functions so that names are bound and never spliced into a text.

#include "catalogue.hpp"

#include "ascii_case.hpp"
#include "request.hpp"

#include <patchbay/abi/catalog.h>
#include <patchbay/sdk/text.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace patchbay::sqlite {

namespace {

using sdk::Expected;

// The types are SQLite's own words. Names that begin with sqlite_ are SQLite's.
constexpr std::string_view objects_sql =
    "SELECT NULL, schema, name, CASE type WHEN 'virtual' THEN 'virtual table' ELSE type END, NULL "
    "FROM pragma_table_list WHERE type <> 'shadow' AND lower(substr(name, 1, 7)) <> 'sqlite_' "
    "ORDER BY schema COLLATE BINARY, name COLLATE BINARY";

std::shared_ptr<const ResultShape> shape_of_objects() {
    std::vector<ResultColumn> columns;
    for (const auto* name : {"catalog", "schema", "name", "kind", "comment"}) {
        columns.push_back({.name = name,
                           .declared_type = "TEXT",
                           .kind = ColumnKind::name, // a hostile file may name a table anything
                           .is_nullable = std::string_view(name) != "name"});
    }
    return std::make_shared<const ResultShape>(std::move(columns));
}

// A row of the connector's own questions: texts, or nothing for NULL.
using Row = std::vector<std::optional<std::string>>;

// Asks with bound texts; NULL for what has none.
Expected<std::vector<Row>> query(Database& database, std::string_view sql,
                                 std::span<const std::optional<std::string>> arguments) {
    auto statement = database.take_kept(sql);
    if (!statement) {
        auto compiled = database.compile(sql, Database::Text::generated);
        if (!compiled) return std::unexpected(std::move(compiled.error()));
        statement = std::move(*compiled);
    }
    sqlite3_stmt* const raw = statement->get();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (!arguments[i]) continue;
        sqlite3_bind_text64(raw, static_cast<int>(i) + 1, arguments[i]->data(),
                            arguments[i]->size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    std::vector<Row> rows;
    int code = sqlite3_step(raw);
    for (; code == SQLITE_ROW; code = sqlite3_step(raw)) {
        Row& row = rows.emplace_back();
        for (int i = 0; i < sqlite3_column_count(raw); ++i) {
            const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(raw, i));
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(raw, i));
            row.push_back(text == nullptr ? std::nullopt : std::optional(std::string(text, size)));
        }
    }
    if (code != SQLITE_DONE) return std::unexpected(database.failure(code));
    database.keep(std::move(statement));
    return rows;
}

// What the pragmas know of a column.
struct ColumnFacts {
    std::vector<std::string> keys;
    std::optional<std::string> default_value;
    bool is_nullable = true;
};

using FactsByName = std::map<std::string, ColumnFacts, std::less<>>;

Expected<FactsByName> facts_of(Database& database, const std::vector<std::string>& name) {
    // (table, schema); without a schema SQLite looks where a SELECT would.
    const std::optional<std::string> arguments[] = {
        name.back(), name.size() > 1 ? std::optional(name.front()) : std::nullopt};
    FactsByName facts;
    const auto columns =
        query(database,
              // An INTEGER PRIMARY KEY that has no index is the number of the row, never NULL.
              "SELECT name, \"notnull\" OR (pk AND upper(type) = 'INTEGER' AND NOT EXISTS "
              "(SELECT 1 FROM pragma_index_list(?1, ?2) WHERE origin = 'pk')), dflt_value, pk "
              "FROM pragma_table_xinfo(?1, ?2)",
              arguments);
    if (!columns) return std::unexpected(columns.error());
    for (const auto& row : *columns) {
        auto& column = facts[row[0].value_or("")];
        column.is_nullable = row[1] == "0";
        column.default_value = row[2];
        if (row[3] && row[3] != "0") column.keys.push_back("primary:" + *row[3]);
    }
    // A column is unique by itself only where an index of all rows consists of nothing else.
    const auto unique = query(database,
                              "SELECT DISTINCT max(i.name) FROM pragma_index_list(?1, ?2) AS l, "
                              "pragma_index_info(l.name, ?2) AS i "
                              "WHERE l.\"unique\" AND NOT l.partial AND l.origin <> 'pk' "
                              "GROUP BY l.name HAVING count(*) = 1",
                              arguments);
    if (!unique) return std::unexpected(unique.error());
    const auto foreign =
        query(database, "SELECT DISTINCT \"from\" FROM pragma_foreign_key_list(?1, ?2)", arguments);
    if (!foreign) return std::unexpected(foreign.error());
    for (const auto& [rows, word] :
         {std::pair(&*unique, "unique"), std::pair(&*foreign, "foreign")}) {
        for (const auto& row : *rows) {
            // NULL: an index over an expression. SQLite keeps the case a foreign key was written
            // in.
            const auto found = std::ranges::find_if(facts, [&](const auto& entry) {
                return row[0] && equal_ignoring_case(entry.first, *row[0]);
            });
            if (found != facts.end()) found->second.keys.emplace_back(word);
        }
    }
    return facts;
}

std::string join(const std::vector<std::string>& words) {
    std::string joined;
    for (const auto& word : words) {
        if (!joined.empty()) joined.push_back(',');
        joined += word;
    }
    return joined;
}

} // namespace

Expected<std::unique_ptr<sdk::RecordStream>> open_objects(Database& database, StreamSlot& slot,
                                                          const sdk::Call& call) {
    auto statement = database.take_kept(objects_sql);
    if (!statement) {
        auto compiled = database.compile(objects_sql, Database::Text::generated);
        if (!compiled) return std::unexpected(std::move(compiled.error()));
        statement = std::move(*compiled);
    }
    return RowStream::open(database, slot, std::move(statement), call, shape_of_objects());
}

Expected<sdk::Field> describe_object(Database& database, std::string_view object) {
    const auto name = read_table_name(object, "");
    if (!name) return std::unexpected(name.error());
    auto statement =
        database.compile(select_statement({.name = *name, .columns = {}, .where = {}, .limit = {}}),
                         Database::Text::generated);
    if (!statement) return std::unexpected(std::move(statement.error()));
    const auto& settings = database.settings();
    const auto columns =
        columns_of((*statement)->get(), settings.column_types, settings.invalid_text);
    if (!columns) return std::unexpected(columns.error());
    const auto facts = facts_of(database, *name);
    if (!facts) return std::unexpected(facts.error());

    std::vector<sdk::Field> fields;
    fields.reserve(columns->size());
    for (const auto& column : *columns) {
        sdk::Field& field = fields.emplace_back();
        field.name = column.name;
        field.format = arrow_format_of(column.kind);
        field.metadata = {{PATCHBAY_FIELD_TYPE, sdk::to_utf8(column.declared_type)}};
        const auto found = facts->find(column.name);
        if (found == facts->end()) continue; // a view has no more to say
        const auto& known = found->second;
        field.nullable = known.is_nullable;
        if (!known.keys.empty()) field.metadata.emplace_back(PATCHBAY_FIELD_KEY, join(known.keys));
        if (known.default_value) {
            field.metadata.emplace_back(PATCHBAY_FIELD_DEFAULT, sdk::to_utf8(*known.default_value));
        }
    }
    return sdk::record(std::move(fields));
}

} // namespace patchbay::sqlite
