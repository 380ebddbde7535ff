// SPDX-License-Identifier: Apache-2.0
// Help for the terminal, made from the definitions of the commands.

#include "help.hpp"

#include "commands/all.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace patchbay::command {
namespace {

// Long lines are hard to read, however wide a terminal is.
constexpr std::size_t max_columns = 90;

class Page {
  public:
    explicit Page(const Terminal& terminal)
        : terminal_(terminal), columns_(std::min(terminal.column_count, max_columns)) {}

    void heading(std::string_view text) {
        if (!text_.empty()) text_ += '\n';
        append_look(text_, text, Look::heading, terminal_);
        text_ += '\n';
    }

    // A blank line stands between two of them.
    void paragraph(std::string_view text) {
        if (!text_.empty()) text_ += '\n';
        text_ += wrap(text, columns_, "") + '\n';
    }

    void line(std::string_view text) { text_ += fmt::format("  {}\n", text); }

    // A name, and what there is to say about it: beside it where that is short, else below.
    void entry(std::string_view name, std::string_view text, std::size_t name_columns) {
        const std::size_t indent = name_columns + 4;
        const auto wrapped =
            wrap(text, columns_ > indent ? columns_ - indent : 1, std::string(indent, ' '));
        if (name.size() <= name_columns) {
            text_ += fmt::format("  {:<{}}  {}\n", name, name_columns, wrapped);
        } else {
            text_ += fmt::format("  {}\n{:{}}{}\n", name, "", indent, wrapped);
        }
    }

    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    const Terminal& terminal_;
    std::size_t columns_;
    std::string text_;
};

void add_options(Page& page, std::string_view heading,
                 const std::vector<OptionDefinition>& options) {
    constexpr std::size_t name_columns = 20;
    if (options.empty()) return;
    page.heading(heading);
    for (const auto& option : options)
        page.entry(option_title(option), option_text(option), name_columns);
}

bool is_connector_dir(const OptionDefinition& option) {
    return option.name == "--connector-dir";
}

} // namespace

std::string option_title(const OptionDefinition& option) {
    const auto name = option.name == "--help" ? "-h, --help" : std::string(option.name);
    return option.value.empty() ? name : fmt::format("{} {}", name, option.value);
}

std::string option_text(const OptionDefinition& option) {
    if (option.choices.empty()) return std::string(option.help);
    return fmt::format("{} One of {}.", option.help, fmt::join(option.choices, ", "));
}

const std::vector<ExitCodeMeaning>& exit_code_meanings() {
    static const std::vector<ExitCodeMeaning> meanings = {
        {0, "done; also where the reader of standard output left before the end"},
        {1, "the source refused the work, or the output could not be written"},
        {2, "the command line is wrong"},
        {3, "settings, connections file, schema or bundle are invalid"},
        {4, "there is no such connector or connection, or it is refused"},
        {5, "could not connect or sign in"},
        {6, "out of time"},
        {7, "a fault of the connector or of Patchbay itself"},
        {130, "interrupted by Ctrl-C"},
        {143, "ended by SIGTERM"},
    };
    return meanings;
}

std::string program_help(const Terminal& terminal) {
    Page page(terminal);
    page.heading("Usage");
    page.line("patchbay [OPTION]... COMMAND [ARGUMENT]...");
    page.heading("Commands");
    for (const auto* const command : all_commands())
        page.entry(command->name, command->summary, 10);
    auto options = global_options();
    options.push_back(version_option());
    add_options(page, "Options", options);
    page.heading("Exit codes");
    for (const auto& [number, meaning] : exit_code_meanings())
        page.entry(fmt::format("{}", number), meaning, 3);
    page.paragraph(
        "patchbay COMMAND --help explains a command, with examples. man patchbay explains "
        "the connections file, the environment and the documents of --json.");
    return page.take();
}

std::string command_help(const CommandDefinition& command, const Terminal& terminal) {
    Page page(terminal);
    page.heading("Usage");
    for (const auto form : command.synopsis)
        page.line(fmt::format("patchbay {} {}", command.name, form));
    for (const auto paragraph : command.description)
        page.paragraph(paragraph);
    if (command.takes_source) {
        for (const auto paragraph : source_description())
            page.paragraph(paragraph);
    }
    if (!command.operands.empty()) page.heading("Arguments");
    for (const auto& operand : command.operands)
        page.entry(operand.name, operand.help, 10);
    add_options(page, "Options", command.options);
    if (command.takes_source) add_options(page, "Which source", source_options());
    auto options = global_options();
    if (command.installs) std::erase_if(options, is_connector_dir);
    for (auto& option : options)
        if (option.name == "--json" && !command.no_json.empty()) option.help = command.no_json;
    add_options(page, "Options of every command", options);
    page.heading("Examples");
    for (const auto& example : command.examples) {
        page.line(example.line);
        page.line(fmt::format("    {}", example.meaning));
    }
    return page.take();
}

} // namespace patchbay::command
