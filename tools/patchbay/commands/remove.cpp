// SPDX-License-Identifier: Apache-2.0
// Takes a bundle out of the user's directory of connectors.

#include "bundle_text.hpp"
#include "commands/all.hpp"
#include "context.hpp"

#include <fmt/format.h>

namespace patchbay::command {
namespace {

Result<ExitCode> run(const Context& context) {
    auto removed = context.host.remove(*context.arguments.operand("NAME"));
    if (!removed) return failed(std::move(removed.error()), Phase::working);
    if (context.json()) return context.print({{"connector", bundle_json(*removed)}});
    return context.print(fmt::format("removed {} {} from {}\n",
                                     make_printable(bundle_name(*removed)).text,
                                     make_printable(bundle_version(*removed)).text,
                                     make_printable(removed->root.native()).text));
}

} // namespace

const CommandDefinition& remove_command() {
    static const CommandDefinition definition = {
        .name = "remove",
        .summary = "remove a connector that was installed",
        .synopsis = {"NAME"},
        .description = {"Removes a bundle from the directory that `patchbay install` installs "
                        "into. Settings that name the connector stay as they are."},
        .operands = {{.name = "NAME", .help = "A connector, by its name or full ID."}},
        .examples = {{"patchbay remove acme", "remove the connector acme"}},
        .installs = true,
        .run = run};
    return definition;
}

} // namespace patchbay::command
