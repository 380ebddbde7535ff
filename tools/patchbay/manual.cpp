// SPDX-License-Identifier: Apache-2.0
// The man page, made from the definitions of the commands.

#include "manual.hpp"

#include "commands/all.hpp"
#include "help.hpp"
#include "manual_sections.hpp"

#include <patchbay/host/host.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace patchbay::command {
namespace {

// A text that roff takes as it stands: no escapes, no requests, and dashes that can be copied.
std::string escaped(std::string_view text) {
    std::string result;
    if (text.starts_with('.') || text.starts_with('\'')) result += "\\&";
    for (const char c : text) {
        if (c == '\\') {
            result += "\\e";
        } else if (c == '-') {
            result += "\\-";
        } else {
            result += c;
        }
    }
    return result;
}

void add_entry(std::string& page, std::string_view name, std::string_view text) {
    page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(name), escaped(text));
}

void add_paragraph(std::string& page, std::string_view text) {
    page += fmt::format(".PP\n{}\n", escaped(text));
}

// Lines that stay as they are.
void add_verbatim(std::string& page, std::string_view text) {
    page += ".PP\n.nf\n";
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        page += fmt::format("    {}\n", escaped(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    page += ".fi\n";
}

void add_command(std::string& page, const CommandDefinition& command) {
    page += fmt::format(".SS {}\n", escaped(command.name));
    for (const auto form : command.synopsis) {
        page += fmt::format(".PP\n\\fBpatchbay {}\\fR {}\n", escaped(command.name), escaped(form));
    }
    for (const auto paragraph : command.description)
        add_paragraph(page, paragraph);
    for (const auto& operand : command.operands)
        add_entry(page, operand.name, operand.help);
    for (const auto& option : command.options)
        add_entry(page, option_title(option), option_text(option));
    if (!command.no_json.empty()) add_entry(page, "--json", command.no_json);
    for (const auto& example : command.examples) {
        add_paragraph(page, fmt::format("{}:", example.meaning));
        add_verbatim(page, example.line);
    }
}

void add_section(std::string& page, const ManualSection& section) {
    page += fmt::format(".SH {}\n", section.heading);
    for (const auto paragraph : section.paragraphs)
        add_paragraph(page, paragraph);
    if (!section.verbatim.empty()) add_verbatim(page, section.verbatim);
    for (const auto& [name, text] : section.entries)
        add_entry(page, name, text);
}

} // namespace

std::string manual_page() {
    auto page = fmt::format(".TH PATCHBAY 1 \"\" \"Patchbay {}\" \"User Commands\"\n"
                            ".SH NAME\n"
                            "patchbay \\- connect to data sources through connectors\n"
                            ".SH SYNOPSIS\n"
                            "\\fBpatchbay\\fR [OPTION]... COMMAND [ARGUMENT]...\n"
                            ".SH DESCRIPTION\n",
                            host::version());
    add_paragraph(page, "Finds connectors, explains and checks their settings, and reads data "
                        "through them. Data goes to standard output, everything else to standard "
                        "error.");
    page += ".SH SOURCES\n";
    for (const auto paragraph : source_description())
        add_paragraph(page, paragraph);
    page += ".PP\nCommands that take a REF have these options, too.\n";
    for (const auto& option : source_options())
        add_entry(page, option_title(option), option_text(option));
    page += ".SH OPTIONS\nThey may be given before or after the command.\n";
    for (const auto& option : global_options())
        add_entry(page, option_title(option), option_text(option));
    add_entry(page, option_title(version_option()), option_text(version_option()));
    page += ".SH COMMANDS\n";
    for (const auto* const command : all_commands())
        add_command(page, *command);
    page += ".SH EXIT STATUS\n";
    for (const auto& [number, meaning] : exit_code_meanings())
        add_entry(page, fmt::format("{}", number), meaning);
    for (const auto& section : manual_sections())
        add_section(page, section);
    return page;
}

} // namespace patchbay::command
