// SPDX-License-Identifier: Apache-2.0
// Explains a bundle or a library without running it.

#include "bundle_text.hpp"
#include "commands/all.hpp"
#include "context.hpp"
#include "failure_text.hpp"
#include "output/text_table.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;
using registry::Refusal;

// Every rule that is broken, each once: the bundle's verdict holds those of its library, too.
std::vector<Refusal> all_faults(const host::Inspection& inspection) {
    if (!inspection.bundle) return inspection.library_faults;
    std::vector<Refusal> faults;
    if (inspection.bundle->refusal) faults.push_back(*inspection.bundle->refusal);
    const auto add = [&faults](const std::vector<Refusal>& more) {
        for (const auto& fault : more) {
            const bool known = std::ranges::any_of(faults, [&](const Refusal& other) {
                return other.code == fault.code && other.message == fault.message;
            });
            if (!known) faults.push_back(fault);
        }
    };
    add(inspection.bundle->more_faults);
    add(inspection.library_faults);
    return faults;
}

void add_manifest(FactList& facts, const registry::Bundle& bundle) {
    facts.add("bundle", bundle.directory.native());
    facts.add("id", bundle.id ? bundle.id->text() : std::string());
    if (!bundle.manifest) return;
    const auto& manifest = *bundle.manifest;
    facts.add("title", manifest.title);
    facts.add("version", manifest.version);
    facts.add("vendor", manifest.vendor);
    facts.add("license", manifest.license);
    facts.add("description", manifest.description);
    facts.add("documentation", manifest.doc_url);
    facts.add("capabilities", joined(manifest.provides));
    facts.add("URL schemes", joined(manifest.url_schemes));
    facts.add("ABI", fmt::format("{}, from minor {} on; this host has {}", manifest.abi_major,
                                 manifest.abi_min_minor, host::abi_version()));
}

// What the loader would make of the library, in words.
std::string hygiene_text(const registry::LibraryFacts& facts) {
    std::vector<std::string> words;
    words.emplace_back(facts.has_executable_stack ? "EXECUTABLE STACK" : "no executable stack");
    words.emplace_back(facts.has_writable_code ? "WRITABLE CODE" : "no writable code");
    words.emplace_back(facts.has_text_relocations ? "TEXT RELOCATIONS" : "no text relocations");
    words.emplace_back(facts.has_static_tls ? "STATIC TLS" : "no static TLS");
    words.emplace_back(facts.binds_at_load ? "bound at load" : "bound lazily");
    words.emplace_back(facts.has_relro ? "relocations read-only" : "relocations writable");
    return joined(words);
}

void add_library(FactList& facts, const host::Inspection& inspection) {
    facts.add("library", inspection.library.native());
    if (!inspection.facts) return;
    const auto& library = *inspection.facts;
    facts.add("soname", library.soname);
    facts.add("exports", library.exports.empty() ? "nothing" : joined(library.exports));
    facts.add("depends on", joined(library.dependencies));
    facts.add("run path", joined(library.run_path));
    facts.add("hygiene", hygiene_text(library));
}

std::string verdict_text(const host::Inspection& inspection, const std::vector<Refusal>& faults,
                         const Terminal& terminal) {
    std::string text;
    if (faults.empty()) {
        append_look(text, inspection.bundle ? "usable" : "a library that a connector may have",
                    Look::good, terminal);
        text += '\n';
    } else {
        append_look(text, "refused", Look::bad, terminal);
        text += '\n';
        for (const auto& fault : faults) {
            text += fmt::format("  {}: {}\n", code_text(fault.code),
                                make_printable_lines(fault.message, "    "));
        }
    }
    if (!inspection.bundle) return text;
    for (const auto& notice : inspection.bundle->notices)
        text += fmt::format("  note: {}\n", make_printable_lines(notice.message, "    "));
    return text;
}

json::array texts(const std::vector<std::string>& given) {
    json::array array;
    for (const auto& text : given)
        array.emplace_back(text);
    return array;
}

json::value library_json(const host::Inspection& inspection) {
    if (!inspection.facts) return nullptr;
    const auto& library = *inspection.facts;
    return {{"soname", text_or_null(library.soname)},
            {"exports", texts(library.exports)},
            {"dependencies", texts(library.dependencies)},
            {"run_path", texts(library.run_path)},
            {"has_executable_stack", library.has_executable_stack},
            {"has_writable_code", library.has_writable_code},
            {"has_text_relocations", library.has_text_relocations},
            {"has_static_tls", library.has_static_tls},
            {"binds_at_load", library.binds_at_load},
            {"has_relro", library.has_relro}};
}

json::value inspection_json(const host::Inspection& inspection,
                            const std::vector<Refusal>& faults) {
    json::array refusals;
    for (const auto& fault : faults)
        refusals.push_back(refusal_json(fault));
    return {
        {"valid", faults.empty()},
        {"connector", inspection.bundle ? json::value(bundle_json(*inspection.bundle)) : nullptr},
        {"library_path", text_or_null(inspection.library.native())},
        {"library", library_json(inspection)},
        {"faults", std::move(refusals)}};
}

Result<ExitCode> run(const Context& context) {
    const auto inspection = context.host.inspect(*context.arguments.operand("PATH"));
    if (!inspection) {
        return std::unexpected(
            Failure{.error = inspection.error(), .exit_code = ExitCode::invalid});
    }
    const auto faults = all_faults(*inspection);
    const auto exit_code = faults.empty() ? ExitCode::done : ExitCode::invalid;
    if (context.json()) return context.print(inspection_json(*inspection, faults), exit_code);

    FactList facts;
    if (inspection->bundle) add_manifest(facts, *inspection->bundle);
    add_library(facts, *inspection);
    return context.print(facts.text(context.terminal) +
                             verdict_text(*inspection, faults, context.terminal),
                         exit_code);
}

} // namespace

const CommandDefinition& inspect_command() {
    static const CommandDefinition definition = {
        .name = "inspect",
        .summary = "explain a bundle or a library without running it",
        .synopsis = {"PATH"},
        .description = {"Tells what a bundle or a single library is: its manifest, the symbols it "
                        "exports, its ABI and dependencies, what the loader would make of it, and "
                        "the verdict, with every rule that it breaks. Nothing of it is run.",
                        "A bundle that is in use is replaced with `patchbay install`, never by "
                        "writing into its files: that would end the programs that have loaded it."},
        .operands = {{.name = "PATH", .help = "The directory of a bundle, or a library file."}},
        .examples = {{"patchbay inspect ./build/acme", "whether a bundle would be accepted"},
                     {"patchbay inspect ./acme.so", "what a library exports and needs"}},
        .run = run};
    return definition;
}

} // namespace patchbay::command
