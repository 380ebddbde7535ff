// SPDX-License-Identifier: Apache-2.0
// What settings a connector takes.

#include "bundle_text.hpp"
#include "commands/all.hpp"
#include "context.hpp"
#include "output/text_table.hpp"
#include "settings_page.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;

json::array groups_json(const std::vector<SettingGroup>& groups) {
    json::array settings;
    for (const auto& group : groups) {
        for (const auto& setting : group.settings) {
            json::error_code no_default;
            settings.push_back({{"pointer", setting.pointer},
                                {"group", text_or_null(group.heading)},
                                {"type", text_or_null(setting.type)},
                                {"required", setting.required},
                                {"inferred", setting.inferred},
                                {"secret", setting.secret},
                                {"default", json::parse(setting.default_text, no_default)},
                                {"title", text_or_null(setting.title)},
                                {"description", text_or_null(setting.description)}});
        }
    }
    return settings;
}

std::string group_text(const SettingGroup& group, const Terminal& terminal) {
    TextTable table({{"SETTING"}, {"TYPE"}, {"DEFAULT"}, {"MEANING"}});
    for (const auto& setting : group.settings) {
        auto type = setting.type;
        if (const auto presence = presence_text(setting); !presence.empty()) {
            type += fmt::format(", {}", presence);
        }
        if (setting.secret) type += ", secret";
        auto meaning = setting.title;
        if (!setting.description.empty()) meaning += ". " + setting.description;
        table.add_row({{setting.pointer}, {std::move(type)}, {setting.default_text}, {meaning}});
    }
    if (table.empty()) return {};
    std::string text;
    if (!group.heading.empty()) {
        append_look(text, '\n' + make_printable(group.heading).text, Look::heading, terminal);
        text += '\n';
    }
    return text + table.text(terminal);
}

std::string page_text(const registry::Manifest& manifest, const std::vector<SettingGroup>& groups,
                      const Terminal& terminal) {
    auto text =
        fmt::format("{} ({}) {}\n{}\n\n", make_printable(manifest.title).text,
                    make_printable(manifest.id.name).text, make_printable(manifest.version).text,
                    make_printable_lines(manifest.description, ""));
    for (const auto& group : groups)
        text += group_text(group, terminal);
    return text;
}

Result<ExitCode> run(const Context& context) {
    const auto& arguments = context.arguments;
    const auto name = *arguments.operand("NAME");
    std::vector<std::string_view> forms;
    for (const std::string_view form : {"--schema", "--request", "--json", "--markdown"})
        if (arguments.has(form)) forms.push_back(form);
    // A schema is a document of JSON, so these two say the same.
    if (forms.size() == 2 && forms[1] == "--json") forms.pop_back();
    if (forms.size() > 1) {
        return wrong_usage(fmt::format("{} and {} exclude each other", forms[0], forms[1]));
    }
    json::error_code ignored; // the host has read the schemas
    if (arguments.has("--request")) {
        const auto request_schema = context.host.request_schema(name);
        if (!request_schema) return failed(request_schema.error(), Phase::opening);
        return context.print(json::parse(*request_schema, ignored));
    }
    const auto found = context.host.find_connector(name);
    if (!found) return failed(found.error(), Phase::opening);
    const auto schema_text = context.host.settings_schema(name, true);
    if (!schema_text) return failed(schema_text.error(), Phase::opening);
    const auto schema = json::parse(*schema_text, ignored);
    if (arguments.has("--schema")) return context.print(schema);

    const auto groups = read_settings_page(schema);
    const auto& manifest = *found->bundle.manifest;
    if (arguments.has("--markdown")) return context.print(markdown_page(manifest, groups));
    if (context.json()) {
        return context.print(
            {{"connector", bundle_json(found->bundle)}, {"settings", groups_json(groups)}});
    }
    return context.print(page_text(manifest, groups, context.terminal));
}

} // namespace

const CommandDefinition& describe_command() {
    static const CommandDefinition definition = {
        .name = "describe",
        .summary = "explain the settings that a connector takes",
        .synopsis = {"NAME [--schema | --request | --markdown]"},
        .description = {"Shows every setting of a connector: its place, type, default and meaning. "
                        "Settings that depend on a choice stand under that choice."},
        .operands = {{.name = "NAME", .help = "A connector, by its name or full ID."}},
        .options = {{.name = "--schema",
                     .value = "",
                     .help = "Print the JSON Schema instead, with every reference inlined."},
                    {.name = "--request",
                     .value = "",
                     .help = "Print the JSON Schema of what can be read instead: the members of a "
                             "request."},
                    {.name = "--markdown",
                     .value = "",
                     .help = "Print a reference page in Markdown instead."}},
        .examples = {{"patchbay describe sqlite", "the settings of the connector sqlite"},
                     {"patchbay describe sqlite --schema", "the schema, for a form or an editor"},
                     {"patchbay describe sqlite --request", "what a program can ask it to read"},
                     {"patchbay describe sqlite --markdown > sqlite.md", "a page to publish"}},
        .run = run};
    return definition;
}

} // namespace patchbay::command
