// SPDX-License-Identifier: Apache-2.0
// What a read asks for, and the SQL that it becomes.

#include "request.hpp"

#include "json_members.hpp"

#include <patchbay/sdk/object_name.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <limits>

namespace patchbay::sqlite {

namespace json = boost::json;

namespace {

void read_columns(JsonMembers& members, std::vector<std::string>& columns) {
    const auto* const value = members.find("columns");
    if (value == nullptr) return;
    const auto* const list = value->if_array();
    if (list == nullptr || list->empty()) {
        members.fail("columns", "\"columns\" must be a list with at least one name");
        return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto* const name = (*list)[i].if_string();
        if (name == nullptr || name->empty() || name->find('\0') != json::string::npos) {
            members.fail(fmt::format("columns/{}", i),
                         "the name of a column must be text that is not empty");
            return;
        }
        columns.emplace_back(std::string_view(*name));
    }
}

} // namespace

sdk::Expected<std::vector<std::string>> read_table_name(std::string_view name,
                                                        std::string_view pointer) {
    auto parts = sdk::read_object_name(name, pointer);
    if (!parts) return parts;
    if (parts->size() > 2) {
        return std::unexpected(sdk::Error{
            .code = PATCHBAY_INVALID_REQUEST,
            .message = fmt::format("the name [{}] has {} parts; write table, schema.table, or "
                                   "\"a name with . in it\"",
                                   name, parts->size()),
            .pointer = std::string(pointer)});
    }
    return parts;
}

sdk::Expected<ReadRequest> read_request(std::string_view text) {
    const auto object = read_json_object(text, "request", PATCHBAY_INVALID_REQUEST);
    if (!object) return std::unexpected(object.error());
    Faults faults;
    JsonMembers members(*object, "", faults);
    ReadRequest request;
    std::string table_name;
    TableRequest table;
    members.read_text("query", request.query);
    members.read_text("table", table_name);
    read_columns(members, table.columns);
    members.read_text("where", table.where);
    std::int64_t limit = -1;
    members.read_integer("limit", 0, std::numeric_limits<std::int64_t>::max(), limit);
    if (limit >= 0) table.limit = limit;
    members.refuse_others();
    if (faults.empty()) {
        if (request.query.empty() == table_name.empty()) {
            faults.add("", "give either \"query\" or \"table\"");
        } else if (table_name.empty() && object->size() > 1) {
            faults.add("", "\"columns\", \"where\" and \"limit\" go with \"table\"; a query says "
                           "these things itself");
        }
    }
    if (!faults.empty()) return std::unexpected(faults.error(PATCHBAY_INVALID_REQUEST));
    if (!table_name.empty()) {
        auto parts = read_table_name(table_name, "/table");
        if (!parts) return std::unexpected(std::move(parts.error()));
        table.name = std::move(*parts);
        request.table = std::move(table);
    }
    return request;
}

std::string quote_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"') quoted.push_back('"');
        quoted.push_back(c);
    }
    quoted.push_back('"');
    return quoted;
}

std::string quote_table(const std::vector<std::string>& name) {
    std::string quoted;
    for (const auto& part : name) {
        if (!quoted.empty()) quoted.push_back('.');
        quoted += quote_name(part);
    }
    return quoted;
}

std::string select_statement(const TableRequest& request) {
    std::string statement = "SELECT ";
    if (request.columns.empty()) statement.push_back('*');
    for (std::size_t i = 0; i < request.columns.size(); ++i) {
        if (i > 0) statement += ", ";
        statement += quote_name(request.columns[i]);
    }
    statement += fmt::format(" FROM {}", quote_table(request.name));
    // The line end closes a comment that the text may end with.
    if (!request.where.empty()) statement += fmt::format(" WHERE ({}\n)", request.where);
    if (request.limit) statement += fmt::format(" LIMIT {}", *request.limit);
    return statement;
}

std::string probe_of_where(const TableRequest& request) {
    return fmt::format("SELECT CASE WHEN ({}\n) THEN 1 END FROM {}", request.where,
                       quote_table(request.name));
}

} // namespace patchbay::sqlite
