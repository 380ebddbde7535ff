// SPDX-License-Identifier: Apache-2.0
// The columns of a table or view.

#include "commands/all.hpp"
#include "context.hpp"
#include "output/arrow_type.hpp"
#include "output/text_table.hpp"
#include "source.hpp"

#include <patchbay/abi/catalog.h>
#include <patchbay/sdk/arrow_schema.hpp>

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;

std::optional<std::string> fact(const sdk::Field& field, std::string_view key) {
    for (const auto& [name, value] : field.metadata)
        if (name == key) return value;
    return std::nullopt;
}

json::value columns_json(const sdk::Field& table) {
    json::array columns;
    for (const auto& field : table.children) {
        const auto text = [&field](std::string_view key) {
            const auto value = fact(field, key);
            return value ? json::value(*value) : json::value(nullptr);
        };
        columns.push_back({{"name", field.name},
                           {"type", text(PATCHBAY_FIELD_TYPE)},
                           {"arrow_type", arrow_type_text(field)},
                           {"nullable", field.nullable},
                           {"key", text(PATCHBAY_FIELD_KEY)},
                           {"default", text(PATCHBAY_FIELD_DEFAULT)},
                           {"comment", text(PATCHBAY_FIELD_COMMENT)}});
    }
    return {{"columns", std::move(columns)}};
}

std::string columns_text(const sdk::Field& table, const Terminal& terminal) {
    TextTable text(
        {{"NAME"}, {"TYPE"}, {"ARROW TYPE"}, {"NULL"}, {"KEY"}, {"DEFAULT"}, {"COMMENT"}});
    for (const auto& field : table.children) {
        text.add_row({{field.name},
                      {fact(field, PATCHBAY_FIELD_TYPE).value_or("")},
                      {arrow_type_text(field)},
                      {field.nullable ? "yes" : "no"},
                      {fact(field, PATCHBAY_FIELD_KEY).value_or("")},
                      {fact(field, PATCHBAY_FIELD_DEFAULT).value_or("")},
                      {fact(field, PATCHBAY_FIELD_COMMENT).value_or("")}});
    }
    return text.text(terminal);
}

Result<ExitCode> run(const Context& context) {
    const auto limit = TimeLimit::read(context);
    if (!limit) return std::unexpected(limit.error());
    auto source = open_source(context, *limit);
    if (!source) return std::unexpected(std::move(source).error());
    sdk::UniqueSchema schema;
    auto described = source->session.describe(*context.arguments.operand("OBJECT"),
                                              schema.receive(), limit->options());
    if (!described) return failed(std::move(described.error()), Phase::working);
    const auto table = sdk::import_schema(*schema.get());
    if (context.json()) return context.print(columns_json(table));
    return context.print(columns_text(table, context.terminal));
}

} // namespace

const CommandDefinition& columns_command() {
    static const CommandDefinition definition = {
        .name = "columns",
        .summary = "show the columns of a table or view",
        .synopsis = {"REF OBJECT"},
        .description =
            {"Shows each column: its name, the source's type, the Arrow type its values "
             "are read as, whether it can be null, what it is to keys, and its default."},
        .operands = {source_operand(),
                     {.name = "OBJECT",
                      .help = "A table or view. Dots separate schema and name; a part that has a "
                              "dot in it stands in double quotes: '\"odd name.x\"'."}},
        .options = {timeout_option()},
        .examples = {{"patchbay columns @sqlite.shop orders", "the columns of orders"}},
        .takes_source = true,
        .run = run};
    return definition;
}

} // namespace patchbay::command
