// SPDX-License-Identifier: Apache-2.0
// Tells a person, or a program, what went wrong.

#include "failure_text.hpp"

#include "output/document.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <cassert>
#include <string_view>
#include <utility>

namespace patchbay::command {
namespace {

namespace json = boost::json;

void append_line(std::string& text, std::string_view name, std::string_view value,
                 const Terminal& terminal) {
    if (value.empty()) return;
    append_look(text, fmt::format("  {}: ", name), Look::faint, terminal);
    text += make_printable_lines(value, "        ");
    text += '\n';
}

} // namespace

std::string failure_text(const Failure& failure, const Terminal& terminal) {
    const auto& error = failure.error;
    std::string text;
    append_look(text, "patchbay: ", Look::bad, terminal);
    const auto fault_count = error.faults.size();
    const auto message = fault_count > 1 && !error.reference.empty()
                             ? fmt::format("{} faults", fault_count)
                             : error.message;
    // Nobody should have to guess which of several sources is meant.
    if (!error.reference.empty() && !message.contains(error.reference)) {
        text += make_printable(error.reference).text + ": ";
    }
    text += make_printable_lines(message, "    ");
    text += '\n';
    if (fault_count > 1) text += faults_text(error.faults, terminal);
    if (fault_count == 1) append_line(text, "in", error.faults[0].place, terminal);
    for (const auto& step : error.trail)
        append_line(text, "while", step, terminal);
    if (!error.sqlstate.empty()) append_line(text, "SQLSTATE", error.sqlstate, terminal);
    if (error.native_code) {
        append_line(text, error.native_domain.empty() ? "code" : error.native_domain,
                    std::to_string(*error.native_code), terminal);
    }
    append_line(text, "hint", error.hint, terminal);
    return text;
}

json::object error_json(const Failure& failure) {
    const auto& error = failure.error;
    json::object object;
    object["code"] = json::string_view(failure.usage ? "usage" : code_text(error.code));
    object["message"] = error.message;
    object["hint"] = text_or_null(error.hint);
    object["pointer"] = text_or_null(error.pointer);
    object["retry"] = json::string_view(retry_text(error.retry));
    object["sqlstate"] = text_or_null(error.sqlstate);
    object["native_code"] = error.native_code ? json::value(*error.native_code) : nullptr;
    object["native_domain"] = text_or_null(error.native_domain);
    object["connector"] = text_or_null(error.connector);
    object["reference"] = text_or_null(error.reference);
    if (!error.faults.empty()) object["faults"] = faults_json(error.faults);
    return object;
}

std::string faults_text(std::span<const host::Fault> faults, const Terminal& terminal) {
    std::string text;
    for (const auto& fault : faults) {
        text += fmt::format("  {}\n", make_printable_lines(describe(fault), "    "));
        if (fault.place.empty()) continue;
        append_look(text, fmt::format("    in {}", make_printable(fault.place).text), Look::faint,
                    terminal);
        text += '\n';
    }
    return text;
}

json::array faults_json(std::span<const host::Fault> faults) {
    // Our own library wrote them; but a pointer or a path need not be UTF-8, and what a fault tells
    // of a value may be as deep as JSON is read.
    json::parse_options options;
    options.allow_invalid_utf8 = true; // documents show U+FFFD for it
    options.max_depth *= 2;
    json::array array;
    for (const auto& fault : faults) {
        json::error_code wrong;
        auto read = json::parse(fault_json(fault), wrong, {}, options);
        assert(!wrong);
        array.push_back(std::move(read));
    }
    return array;
}

json::object refusal_json(const registry::Refusal& refusal) {
    return {{"code", json::string_view(code_text(refusal.code))},
            {"pointer", refusal.pointer},
            {"schema_pointer", ""},
            {"keyword", ""},
            {"message", refusal.message},
            {"params", json::object()},
            {"suggestion", nullptr},
            {"place", refusal.path.native()}};
}

} // namespace patchbay::command
