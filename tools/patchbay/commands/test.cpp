// SPDX-License-Identifier: Apache-2.0
// Connects, and asks who is there.

#include "commands/all.hpp"
#include "context.hpp"
#include "failure_text.hpp"
#include "output/text_table.hpp"
#include "output/time_text.hpp"
#include "source.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <expected>

namespace patchbay::command {
namespace {

namespace json = boost::json;

struct Outcome {
    std::string name;
    Result<host::PingAnswer> answer;
};

// Whether a password stands in the file itself and not behind a reference.
bool has_literal_secret(const host::EffectiveSettings& effective) {
    json::error_code ignored; // our own library wrote it
    const auto settings = json::parse(effective.json, ignored);
    return std::ranges::any_of(effective.origins, [&](const host::Origin& origin) {
        json::error_code absent;
        const auto* const value = settings.find_pointer(origin.pointer, absent);
        return origin.kind == host::Origin::Kind::file && value != nullptr && *value == "***";
    });
}

// Warns of a connections file that others can read a secret in; empty where there is no such thing.
std::string find_open_secrets(const host::Host& host, const host::Reference& reference) {
    const auto effective = host.show(reference);
    struct stat found{};
    if (!effective || effective->file.empty() || ::stat(effective->file.c_str(), &found) != 0 ||
        (found.st_mode & (S_IRGRP | S_IROTH)) == 0 || !has_literal_secret(*effective)) {
        return {};
    }
    return fmt::format(
        "warning: {}: others can read {}, which holds a secret; write ${{file:...}} in "
        "its place, or run chmod 600 on the file\n",
        make_printable(reference.text()).text, make_printable(effective->file.native()).text);
}

double milliseconds(std::chrono::nanoseconds time) {
    using std::chrono::duration_cast, std::chrono::microseconds;
    return std::chrono::duration<double, std::milli>(duration_cast<microseconds>(time)).count();
}

Outcome test_one(const Context& context, const host::Reference& reference, const TimeLimit& limit) {
    Outcome outcome{.name = reference.text(), .answer = {}};
    auto source = open_source(context, reference, limit);
    if (!source) {
        outcome.answer = std::unexpected(std::move(source).error());
    } else if (auto answer = source->session.ping(limit.options()); answer) {
        outcome.answer = std::move(*answer);
    } else {
        outcome.answer = failed(std::move(answer.error()), Phase::working);
    }
    return outcome;
}

json::object outcome_json(const Outcome& outcome) {
    const auto& answer = outcome.answer;
    const auto fact = [&](std::string host::PingAnswer::* member) -> json::value {
        return answer ? text_or_null((*answer).*member) : nullptr;
    };
    return {{"reference", outcome.name},
            {"status", answer ? "connected" : "failed"},
            {"server_version", fact(&host::PingAnswer::server_version)},
            {"database", fact(&host::PingAnswer::database)},
            {"user", fact(&host::PingAnswer::user)},
            {"tls", fact(&host::PingAnswer::tls)},
            {"latency_ms", answer ? json::value(milliseconds(answer->latency)) : nullptr},
            {"error", answer ? json::value(nullptr) : json::value(error_json(answer.error()))}};
}

std::string outcome_text(const Outcome& outcome, const Terminal& terminal) {
    auto text = make_printable(outcome.name).text + ": ";
    append_look(text, outcome.answer ? "connected" : "failed",
                outcome.answer ? Look::good : Look::bad, terminal);
    text += '\n';
    if (!outcome.answer) return text;
    FactList facts;
    facts.add("  server version", outcome.answer->server_version);
    facts.add("  database", outcome.answer->database);
    facts.add("  user", outcome.answer->user);
    facts.add("  TLS", outcome.answer->tls);
    facts.add("  latency", milliseconds_text(milliseconds(outcome.answer->latency)));
    return text + facts.text(terminal);
}

Result<ExitCode> run(const Context& context) {
    const auto references = read_sources(context);
    if (!references) return std::unexpected(references.error());
    const auto limit = TimeLimit::read(context);
    if (!limit) return std::unexpected(limit.error());

    auto exit_code = ExitCode::done;
    json::array results;
    for (const auto& reference : *references) {
        if (context.cancel.stop_requested()) {
            if (exit_code == ExitCode::done) exit_code = ExitCode::interrupted;
            break;
        }
        if (const auto warning = find_open_secrets(context.host, reference); !warning.empty()) {
            context.status.write(warning);
        }
        const auto outcome = test_one(context, reference, *limit);
        if (!outcome.answer && exit_code == ExitCode::done) {
            exit_code = outcome.answer.error().exit_code;
        }
        if (context.json()) {
            results.push_back(outcome_json(outcome));
            continue;
        }
        // Each at once: the next may take its time.
        if (auto printed = context.print(outcome_text(outcome, context.terminal)); !printed) {
            return printed;
        }
        if (!outcome.answer) {
            context.status.write(failure_text(outcome.answer.error(), context.status.terminal()));
        }
    }
    if (context.json()) return context.print({{"results", std::move(results)}}, exit_code);
    return exit_code;
}

} // namespace

const CommandDefinition& test_command() {
    static const CommandDefinition definition = {
        .name = "test",
        .summary = "connect to sources and tell who answers",
        .synopsis = {"REF...", "--all", "--connector NAME --settings FILE"},
        .description = {"Opens a session with each source and asks it for its version, database, "
                        "user and TLS, or tells what is wrong and what to do. --timeout is for all "
                        "of them together."},
        .operands = {{.name = "REF",
                      .help = "The sources, as explained above.",
                      .optional = true,
                      .repeatable = true}},
        .options = {{.name = "--all", .value = "", .help = "Every entry of the connections file."},
                    timeout_option()},
        .examples = {{"patchbay test @sqlite.shop", "whether one source answers"},
                     {"patchbay test --all --timeout 30s", "whether all do, within half a minute"}},
        .takes_source = true,
        .run = run};
    return definition;
}

} // namespace patchbay::command
