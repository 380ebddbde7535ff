// SPDX-License-Identifier: Apache-2.0
// Puts a bundle into the user's directory of connectors.

#include "bundle_text.hpp"
#include "commands/all.hpp"
#include "context.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace patchbay::command {
namespace {

namespace json = boost::json;

Result<ExitCode> run(const Context& context) {
    const std::filesystem::path directory(*context.arguments.operand("DIR"));
    auto installed = context.host.install(directory);
    if (!installed) {
        auto failure = failed(std::move(installed.error()), Phase::working);
        // It is the bundle that is wrong, or not there, and not a name that leads to none.
        std::error_code unknown;
        if (failure.error().error.code == host::ErrorCode::connector_refused ||
            !std::filesystem::exists(directory, unknown)) {
            failure.error().exit_code = ExitCode::invalid;
        }
        return failure;
    }
    const auto& replaced = installed->replaced;
    if (context.json()) {
        return context.print(
            {{"connector", bundle_json(installed->bundle)},
             {"replaced", replaced ? json::value(bundle_json(*replaced)) : nullptr}});
    }
    if (replaced) {
        context.status.write("running programs keep the old one until they start again\n");
    }
    return context.print(fmt::format(
        "installed {} {} in {}{}\n", make_printable(bundle_name(installed->bundle)).text,
        make_printable(bundle_version(installed->bundle)).text,
        make_printable(installed->bundle.directory.native()).text,
        replaced ? fmt::format(", in place of {}", make_printable(bundle_version(*replaced)).text)
                 : ""));
}

} // namespace

const CommandDefinition& install_command() {
    static const CommandDefinition definition = {
        .name = "install",
        .summary = "install a connector for this user",
        .synopsis = {"DIR"},
        .description = {"Checks a bundle, copies it next to its place in your directory of "
                        "connectors, and puts it there in one step, in place of an older one of "
                        "the same ID. Run as root, it installs into "
                        "/usr/local/lib/patchbay/connectors, for everybody."},
        .operands = {{.name = "DIR", .help = "The directory of a bundle."}},
        .examples = {{"patchbay install ./acme", "install the bundle in ./acme"}},
        .installs = true,
        .run = run};
    return definition;
}

} // namespace patchbay::command
