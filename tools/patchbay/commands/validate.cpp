// SPDX-License-Identifier: Apache-2.0
// Faults of settings, all at once.

#include "commands/all.hpp"
#include "context.hpp"
#include "failure_text.hpp"
#include "source.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <optional>

namespace patchbay::command {
namespace {

namespace json = boost::json;

// What came of one source.
struct Outcome {
    std::string name;
    std::vector<host::Fault> faults;
    std::optional<Failure> failure; // it could not be looked at

    [[nodiscard]] bool valid() const { return faults.empty() && !failure; }
    [[nodiscard]] ExitCode exit_code() const {
        if (failure) return failure->exit_code;
        return faults.empty() ? ExitCode::done : ExitCode::invalid;
    }
};

json::object outcome_json(const Outcome& outcome) {
    return {{"valid", outcome.valid()}, {"faults", faults_json(outcome.faults)}};
}

std::string outcome_text(const Outcome& outcome, const Terminal& terminal) {
    auto text = make_printable(outcome.name).text + ": ";
    const auto count = outcome.faults.size();
    append_look(text,
                outcome.valid()   ? "valid"
                : outcome.failure ? "cannot be checked"
                                  : fmt::format("{} fault{}", count, count == 1 ? "" : "s"),
                outcome.valid() ? Look::good : Look::bad, terminal);
    return text + '\n' + faults_text(outcome.faults, terminal);
}

// With --schema: any document against any schema.
Result<ExitCode> validate_document(const Context& context, std::string_view schema) {
    const auto document = context.arguments.value("--settings");
    if (!document || *document == "-" || context.arguments.has("--connector") ||
        context.arguments.has("--all") || context.arguments.operand("REF")) {
        return wrong_usage("--schema goes with --settings and the name of a file, and nothing else",
                           "write patchbay validate --schema FILE --settings FILE");
    }
    auto faults = context.host.validate_document(schema, *document);
    if (!faults) {
        return std::unexpected(
            Failure{.error = std::move(faults.error()), .exit_code = ExitCode::invalid});
    }
    const Outcome outcome{
        .name = std::string(*document), .faults = std::move(*faults), .failure = {}};
    if (context.json()) return context.print(outcome_json(outcome), outcome.exit_code());
    return context.print(outcome_text(outcome, context.terminal), outcome.exit_code());
}

Outcome validate_one(const Context& context, const host::Reference& reference) {
    Outcome outcome{.name = reference.text(), .faults = {}, .failure = {}};
    auto faults = context.host.validate(reference);
    if (faults) {
        outcome.faults = std::move(*faults);
    } else {
        outcome.failure = failed(std::move(faults.error()), Phase::opening).error();
    }
    return outcome;
}

Result<ExitCode> print_results(const Context& context, const std::vector<Outcome>& outcomes,
                               ExitCode exit_code) {
    json::array results;
    for (const auto& outcome : outcomes) {
        json::object result{{"reference", outcome.name}};
        for (auto& member : outcome_json(outcome))
            result[member.key()] = std::move(member.value());
        result["error"] =
            outcome.failure ? json::value(error_json(*outcome.failure)) : json::value(nullptr);
        results.push_back(std::move(result));
    }
    return context.print({{"results", std::move(results)}}, exit_code);
}

Result<ExitCode> run(const Context& context) {
    if (const auto schema = context.arguments.value("--schema")) {
        return validate_document(context, *schema);
    }
    const auto references = read_sources(context);
    if (!references) return std::unexpected(references.error());
    std::vector<Outcome> outcomes;
    for (const auto& reference : *references) {
        if (context.cancel.stop_requested()) break;
        outcomes.push_back(validate_one(context, reference));
    }
    auto exit_code = context.cancel.stop_requested() ? ExitCode::interrupted : ExitCode::done;
    for (const auto& outcome : outcomes)
        if (exit_code == ExitCode::done) exit_code = outcome.exit_code();

    const bool alone = outcomes.size() == 1 && !context.arguments.has("--all");
    if (alone && outcomes[0].failure) return std::unexpected(*outcomes[0].failure);
    if (context.json()) {
        return alone ? context.print(outcome_json(outcomes[0]), exit_code)
                     : print_results(context, outcomes, exit_code);
    }
    for (const auto& outcome : outcomes) {
        if (auto printed = context.print(outcome_text(outcome, context.terminal)); !printed) {
            return printed;
        }
        if (outcome.failure) {
            context.status.write(failure_text(*outcome.failure, context.status.terminal()));
        }
    }
    return exit_code;
}

} // namespace

const CommandDefinition& validate_command() {
    static const CommandDefinition definition = {
        .name = "validate",
        .summary = "show every fault of settings, without connecting",
        .synopsis = {"REF...", "--all", "--connector NAME --settings FILE",
                     "--schema FILE --settings FILE"},
        .description =
            {"Checks settings against the connector's schema and asks the connector "
             "itself. All faults are shown at once, each with its place and what to do. "
             "Nothing is connected to.",
             "With --schema, any JSON or YAML document is checked against any JSON Schema "
             "of draft-07."},
        .operands = {{.name = "REF",
                      .help = "The sources, as explained above.",
                      .optional = true,
                      .repeatable = true}},
        .options = {{.name = "--all", .value = "", .help = "Every entry of the connections file."},
                    {.name = "--schema",
                     .value = "FILE",
                     .help = "A schema, to check the file of --settings against."}},
        .examples = {{"patchbay validate @sqlite.shop", "check one entry of the connections file"},
                     {"patchbay validate --all", "check all of them"},
                     {"patchbay validate --connector sqlite --settings shop.yaml",
                      "check a file with settings"},
                     {"patchbay validate --schema order.schema.json --settings order.json",
                      "check any document"}},
        .takes_source = true,
        .run = run};
    return definition;
}

} // namespace patchbay::command
