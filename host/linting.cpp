// SPDX-License-Identifier: Apache-2.0
// Everything that is wrong with a bundle or a schema file, for whoever wrote it.

#include "linting.hpp"

#include <host/bundle_schemas.hpp>
#include <host/settings/lint.hpp>
#include <patchbay/registry/ledger.hpp>
#include <registry/printable_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace patchbay::host {
namespace {

void add(LintReport& report, SchemaFinding finding) {
    if (finding.fault) {
        report.faults.push_back(std::move(*finding.fault));
    } else {
        report.refusals.push_back(std::move(finding.refusal));
    }
}

void note_ledger(LintReport& report, const registry::Bundle& bundle,
                 const std::filesystem::path& ledger_file) {
    const auto ledger = registry::read_ledger(ledger_file);
    if (!ledger || !bundle.id) return;
    if (auto conflict = registry::find_ledger_conflict(*ledger, *bundle.id)) {
        const auto manifest = bundle.directory / "connector.json";
        report.notices.push_back(
            {.path = manifest,
             .pointer = "/id",
             .message = fmt::format("{}: /id: {}", registry::show(manifest), *conflict)});
    }
}

// Whether a text is the $id of that schema of a connector:
// urn:patchbay:connector:<uuid>:settings:1.
[[nodiscard]] bool is_own_id(std::string_view text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !text.empty() && text.front() != '0' && std::ranges::all_of(text, is_digit);
}

// A schema that was copied with the $id of another connector.
void note_schema_id(LintReport& report, const registry::ConnectorId& id, std::string_view kind,
                    const std::filesystem::path& file) {
    const auto schema = read_schema_file(file);
    if (!schema || !schema->is_object()) return; // said elsewhere
    const auto* const member = schema->get_object().if_contains("$id");
    if (member == nullptr || !member->is_string()) return;
    const std::string_view text = member->get_string();
    const auto prefix = fmt::format("urn:patchbay:connector:{}:{}:", id.uuid, kind);
    if (is_own_id(text, prefix)) return;
    report.notices.push_back(
        {.path = file,
         .pointer = "/$id",
         .message = fmt::format("{}: /$id: is {}, and the manifest's ID is {}; write \"{}1\"",
                                registry::show(file), registry::quote(text), id.text(), prefix)});
}

} // namespace

LintReport lint_bundle(const std::filesystem::path& directory, const registry::Trust& trust,
                       const std::filesystem::path& ledger) {
    auto bundle = registry::examine(directory, trust);
    LintReport report;
    if (bundle.refusal) report.refusals.push_back(*bundle.refusal);
    for (auto& fault : bundle.more_faults)
        report.refusals.push_back(std::move(fault));
    report.notices = bundle.notices;
    note_ledger(report, bundle, ledger);
    if (!bundle.manifest) return report;
    note_schema_id(report, bundle.manifest->id, "settings", bundle.settings_schema_file());
    if (!bundle.manifest->request_schema.empty()) {
        note_schema_id(report, bundle.manifest->id, "request", bundle.request_schema_file());
    }
    for (auto& finding : check_bundle_schemas(bundle).findings)
        add(report, std::move(finding));
    return report;
}

LintReport lint_schema_file(const std::filesystem::path& file) {
    LintReport report;
    auto document = read_schema_file(file);
    if (!document) {
        add(report, std::move(document.error()));
        return report;
    }
    report.faults = lint_settings_schema(std::move(*document)).faults;
    for (auto& fault : report.faults)
        fault.place = registry::show(file);
    return report;
}

} // namespace patchbay::host
