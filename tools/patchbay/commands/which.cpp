// SPDX-License-Identifier: Apache-2.0
// The bundle that a name means.

#include "bundle_text.hpp"
#include "commands/all.hpp"
#include "context.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;

Result<ExitCode> run(const Context& context) {
    const auto found = context.host.find_connector(*context.arguments.operand("NAME"));
    if (!found) return failed(found.error(), Phase::opening);
    if (context.json()) {
        json::array shadowed;
        for (const auto& bundle : found->shadowed)
            shadowed.push_back(bundle_json(bundle));
        return context.print(json::object{{"connector", bundle_json(found->bundle)},
                                          {"shadowed", std::move(shadowed)}});
    }
    auto text = make_printable(found->bundle.directory.native()).text + '\n';
    for (const auto& bundle : found->shadowed)
        text += fmt::format("shadows {}\n", make_printable(bundle.directory.native()).text);
    return context.print(text);
}

} // namespace

const CommandDefinition& which_command() {
    static const CommandDefinition definition = {
        .name = "which",
        .summary = "show the bundle that a name means, and those it shadows",
        .synopsis = {"NAME"},
        .description = {"Prints the directory of the bundle that is used for this connector, and "
                        "below it those with the same ID that it shadows, which are not used."},
        .operands = {{.name = "NAME", .help = "A connector, by its name or full ID."}},
        .examples = {{"patchbay which sqlite", "where the connector sqlite comes from"}},
        .run = run};
    return definition;
}

} // namespace patchbay::command
