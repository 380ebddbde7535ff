// SPDX-License-Identifier: Apache-2.0
// Runs a statement for its effect.

#include "commands/all.hpp"
#include "context.hpp"
#include "output/text_table.hpp"
#include "source.hpp"
#include "statement_parameters.hpp"

#include <fmt/format.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;

json::value number_or_null(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

Result<ExitCode> run(const Context& context) {
    auto parameters = read_parameters(context.arguments);
    if (!parameters) return std::unexpected(std::move(parameters).error());
    const auto limit = TimeLimit::read(context);
    if (!limit) return std::unexpected(limit.error());
    auto source = open_source(context, *limit);
    if (!source) return std::unexpected(std::move(source).error());
    auto result = source->session.execute(*context.arguments.operand("SQL"), std::move(*parameters),
                                          limit->options());
    if (!result) return failed(std::move(result.error()), Phase::working);
    if (context.json()) {
        return context.print({{"rows_affected", number_or_null(result->rows_affected)},
                              {"last_insert_id", number_or_null(result->last_insert_id)}});
    }
    FactList facts;
    const auto text = [](const std::optional<std::int64_t>& number) {
        return number ? fmt::format("{}", *number) : std::string();
    };
    facts.add("rows affected", text(result->rows_affected));
    facts.add("last insert id", text(result->last_insert_id));
    return context.print(facts.text(context.terminal));
}

} // namespace

const CommandDefinition& execute_command() {
    static const CommandDefinition definition = {
        .name = "execute",
        .summary = "run a statement that returns no rows",
        .synopsis = {"REF SQL [--param VALUE]..."},
        .description = {"Runs one statement and prints how many rows it affected and the last ID "
                        "it gave out, where the source says so."},
        .operands = {source_operand(),
                     {.name = "SQL", .help = "The statement, in the source's own language."}},
        .options = {parameter_option(), text_parameter_option(), timeout_option()},
        .examples = {{"patchbay execute @sqlite.shop 'DELETE FROM orders WHERE id = ?' --param 7",
                      "a statement with a value"}},
        .takes_source = true,
        .run = run};
    return definition;
}

} // namespace patchbay::command
