// SPDX-License-Identifier: Apache-2.0
// Faults of a bundle or of a schema of settings.

#include "commands/all.hpp"
#include "context.hpp"
#include "failure_text.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;

json::value report_json(const host::LintReport& report) {
    json::array faults;
    for (const auto& refusal : report.refusals)
        faults.push_back(refusal_json(refusal));
    for (auto& fault : faults_json(report.faults))
        faults.push_back(std::move(fault));
    json::array notices;
    for (const auto& notice : report.notices) {
        notices.push_back({{"path", notice.path.native()},
                           {"pointer", notice.pointer},
                           {"message", notice.message}});
    }
    return {
        {"valid", report.valid()}, {"faults", std::move(faults)}, {"notices", std::move(notices)}};
}

std::string report_text(const host::LintReport& report, const Terminal& terminal) {
    std::string text;
    for (const auto& refusal : report.refusals) {
        text += fmt::format("  {}: {}\n", code_text(refusal.code),
                            make_printable_lines(refusal.message, "    "));
    }
    text += faults_text(report.faults, terminal);
    for (const auto& notice : report.notices)
        text += fmt::format("  note: {}\n", make_printable_lines(notice.message, "    "));
    const auto count = report.refusals.size() + report.faults.size();
    std::string verdict;
    append_look(verdict,
                report.valid() ? "no faults"
                               : fmt::format("{} fault{}", count, count == 1 ? "" : "s"),
                report.valid() ? Look::good : Look::bad, terminal);
    return verdict + '\n' + text;
}

Result<ExitCode> run(const Context& context) {
    const auto report = context.host.lint(*context.arguments.operand("PATH"));
    if (!report) {
        return std::unexpected(Failure{.error = report.error(), .exit_code = ExitCode::invalid});
    }
    const auto exit_code = report->valid() ? ExitCode::done : ExitCode::invalid;
    if (context.json()) return context.print(report_json(*report), exit_code);
    return context.print(report_text(*report, context.terminal), exit_code);
}

} // namespace

const CommandDefinition& lint_command() {
    static const CommandDefinition definition = {
        .name = "lint",
        .summary = "show what is wrong with a bundle or a settings schema",
        .synopsis = {"PATH"},
        .description =
            {"For authors of connectors: checks a bundle, or a single file with a schema "
             "of settings, against the rules for manifests, schemas and libraries, and shows "
             "all faults at once, each with how to fix it. Nothing of it is run: patchbay "
             "validate --connector NAME --settings settings.example.json also loads the library "
             "and asks it."},
        .operands = {{.name = "PATH", .help = "The directory of a bundle, or a schema file."}},
        .examples = {{"patchbay lint ./acme", "check a bundle"},
                     {"patchbay lint settings.schema.json", "check a schema alone"}},
        .run = run};
    return definition;
}

} // namespace patchbay::command
