// SPDX-License-Identifier: Apache-2.0
// Which connectors there are.

#include "bundle_text.hpp"
#include "commands/all.hpp"
#include "context.hpp"
#include "output/text_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;
using registry::Bundle;
using registry::BundleState;

Look look_of(BundleState state) {
    switch (state) {
    case BundleState::usable:
        return Look::good;
    case BundleState::refused:
        return Look::bad;
    case BundleState::shadowed:
    case BundleState::disabled:
        break;
    }
    return Look::faint;
}

std::string usable_table(const std::vector<Bundle>& bundles, const Terminal& terminal) {
    TextTable table({{"NAME"}, {"VERSION"}, {"TITLE"}, {"CAPABILITIES"}});
    for (const auto& bundle : bundles) {
        if (bundle.state != BundleState::usable) continue;
        table.add_row({{bundle_name(bundle)},
                       {bundle_version(bundle)},
                       {bundle.manifest->title},
                       {capabilities_text(bundle.manifest->provides)}});
    }
    return table.empty() ? std::string() : table.text(terminal);
}

std::string full_table(const std::vector<Bundle>& bundles, const Terminal& terminal) {
    TextTable table({{"NAME"}, {"VERSION"}, {"STATE"}, {"PATH OR REASON"}});
    for (const auto& bundle : bundles) {
        const bool usable = bundle.state == BundleState::usable;
        table.add_row({{bundle_name(bundle)},
                       {bundle_version(bundle)},
                       {std::string(state_text(bundle.state)), look_of(bundle.state)},
                       {usable ? bundle.directory.native() : bundle_reason(bundle)}});
    }
    return table.empty() ? std::string() : table.text(terminal);
}

// What a person who sees fewer connectors than he expects should know.
std::string remark(const std::vector<Bundle>& bundles, bool all) {
    if (bundles.empty()) {
        return "no connectors were found; `patchbay install DIR` installs one, and --connector-dir "
               "names a directory that holds some\n";
    }
    const auto refused = std::ranges::count(bundles, BundleState::refused, &Bundle::state);
    if (all || refused == 0) return {};
    return fmt::format("{} refused; `patchbay list --all` says why\n",
                       refused == 1 ? "1 connector is" : fmt::format("{} connectors are", refused));
}

Result<ExitCode> run(const Context& context) {
    const bool all = context.arguments.has("--all");
    const auto bundles = context.host.connectors();
    if (context.json()) {
        json::array connectors;
        for (const auto& bundle : bundles)
            if (all || bundle.state == BundleState::usable) {
                connectors.push_back(bundle_json(bundle));
            }
        return context.print(json::object{{"connectors", std::move(connectors)}});
    }
    context.status.write(remark(bundles, all));
    return context.print(all ? full_table(bundles, context.terminal)
                             : usable_table(bundles, context.terminal));
}

} // namespace

const CommandDefinition& list_command() {
    static const CommandDefinition definition = {
        .name = "list",
        .summary = "show the connectors that are installed",
        .synopsis = {"[--all]"},
        .description = {"Shows the connectors that can be used: name, version, title, and what "
                        "each can do. None of them is run to find out."},
        .options = {{.name = "--all",
                     .value = "",
                     .help = "Also those that are refused, shadowed by another directory, or "
                             "disabled, each with its reason."}},
        .examples = {{"patchbay list", "what can be used"},
                     {"patchbay list --all", "why a connector is missing"},
                     {"patchbay list --json", "the same for a program"}},
        .run = run};
    return definition;
}

} // namespace patchbay::command
