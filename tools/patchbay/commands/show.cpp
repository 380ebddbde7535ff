// SPDX-License-Identifier: Apache-2.0
// Settings as a connector would get them, and where each value came from.

#include "commands/all.hpp"
#include "context.hpp"
#include "output/text_table.hpp"
#include "source.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;
using Kind = host::Origin::Kind;

std::string_view kind_text(Kind kind) {
    switch (kind) {
    case Kind::file:
        return "file";
    case Kind::url:
        return "url";
    case Kind::default_value:
        return "default";
    case Kind::environment:
        return "environment";
    case Kind::secret_file:
        return "secret_file";
    case Kind::command_line:
        return "command_line";
    }
    return "file";
}

std::string origin_text(const host::Origin& origin) {
    switch (origin.kind) {
    case Kind::file:
        return origin.detail;
    case Kind::url:
        return "the URL";
    case Kind::default_value:
        return "default";
    case Kind::command_line:
        return "--set";
    case Kind::environment:
    case Kind::secret_file:
        break;
    }
    return fmt::format("{}, {}", origin.kind == Kind::environment ? "environment" : "file",
                       origin.detail);
}

std::string value_text(const json::value& settings, const std::string& pointer) {
    json::error_code absent;
    const auto* const value = settings.find_pointer(pointer, absent);
    if (value == nullptr) return {};
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

Result<ExitCode> run(const Context& context) {
    const auto reference = read_source(context.arguments);
    if (!reference) return std::unexpected(reference.error());
    auto effective = context.host.show(*reference);
    if (!effective) return failed(std::move(effective.error()), Phase::opening);

    json::error_code ignored; // our own library wrote it
    auto settings = json::parse(effective->json, ignored);
    if (context.json()) {
        json::array origins;
        for (const auto& origin : effective->origins) {
            origins.push_back({{"pointer", origin.pointer},
                               {"kind", json::string_view(kind_text(origin.kind))},
                               {"detail", text_or_null(origin.detail)}});
        }
        return context.print({{"reference", reference->text()},
                              {"connector", effective->connector},
                              {"settings", std::move(settings)},
                              {"origins", std::move(origins)}});
    }
    TextTable table({{"SETTING"}, {"VALUE"}, {"FROM"}});
    for (const auto& origin : effective->origins) {
        table.add_row(
            {{origin.pointer}, {value_text(settings, origin.pointer)}, {origin_text(origin)}});
    }
    return context.print(fmt::format("{} with connector {}\n",
                                     make_printable(reference->text()).text,
                                     make_printable(effective->connector).text) +
                         table.text(context.terminal));
}

} // namespace

const CommandDefinition& show_command() {
    static const CommandDefinition definition = {
        .name = "show",
        .summary = "show effective settings and where each came from",
        .synopsis = {"REF", "--connector NAME --settings FILE"},
        .description = {"Shows the settings as the connector would get them: defaults are filled "
                        "in, secrets are masked, and each value says where it came from."},
        .operands = {source_operand()},
        .examples = {{"patchbay show @sqlite.shop", "what an entry comes to"},
                     {"patchbay show @sqlite.shop --set /connection/mode=read-only",
                      "the same with another value"}},
        .takes_source = true,
        .run = run};
    return definition;
}

} // namespace patchbay::command
