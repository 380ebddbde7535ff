// SPDX-License-Identifier: Apache-2.0
// Everything that is wrong with a bundle or a schema file, for whoever wrote it.

#include "linting.hpp"

#include <host/bundle_schemas.hpp>
#include <host/settings/lint.hpp>
#include <patchbay/registry/ledger.hpp>
#include <registry/printable_text.hpp>

#include <fmt/format.h>

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
