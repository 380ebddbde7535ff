// SPDX-License-Identifier: Apache-2.0
// Reads the words of a command line by the definitions of the commands.
//
// CLI11 tells options from operands and takes the words of each. Which operand is which, what may
// be repeated, and what is said about a mistake is ours, because it depends on the definitions.

#include "command_line.hpp"

#include "output/terminal_text.hpp"
#include "output/utf8.hpp"
#include "spelling.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <map>

namespace patchbay::command {
namespace {

// Words as CLI11 sorts them.
struct Sorted {
    std::vector<std::pair<const OptionDefinition*, std::string>> options; // in their order
    std::vector<std::string> rest; // operands, what is not known, and a first "--" between them
};

std::string shown_word(std::string_view word) {
    return fmt::format("\"{}\"", make_printable(word).text);
}

// command: null where none is known yet.
std::unexpected<Failure> wrong(const CommandDefinition* command, std::string message) {
    return wrong_usage(std::move(message),
                       command == nullptr ? "see patchbay --help"
                                          : fmt::format("see patchbay {} --help", command->name));
}

// ": did you mean read?", or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
    const auto similar = find_similar(word, known);
    return similar.empty() ? std::string() : fmt::format("; did you mean {}?", similar);
}

std::unexpected<Failure> unknown_option(const CommandDefinition* command, std::string_view word,
                                        std::span<const OptionDefinition* const> options) {
    std::vector<std::string_view> names;
    for (const auto* const option : options)
        names.push_back(option->name);
    const auto name = word.substr(0, word.find('='));
    return wrong(command,
                 fmt::format("there is no option {}{}", shown_word(name), suggestion(name, names)));
}

bool looks_like_option(std::string_view word) {
    return word.size() > 1 && word.starts_with('-');
}

// CLI11 2.1 takes the next word for the value of "--name=": here the value is the empty text.
std::vector<std::string> split_empty_values(std::span<const std::string> words,
                                            std::span<const OptionDefinition* const> options) {
    std::vector<std::string> split;
    bool only_operands = false;
    for (const auto& word : words) {
        only_operands = only_operands || word == "--";
        const auto name = std::string_view(word).substr(0, word.empty() ? 0 : word.size() - 1);
        const bool empty_value = word.ends_with('=') && !only_operands &&
                                 std::ranges::any_of(options, [&](const OptionDefinition* option) {
                                     return option->name == name && !option->value.empty();
                                 });
        if (empty_value) {
            split.emplace_back(name);
            split.emplace_back();
        } else {
            split.push_back(word);
        }
    }
    return split;
}

// Lets CLI11 sort the words. With up_to_first_operand, the first operand and all behind it stay
// together in rest.
Result<Sorted> sort_words(std::span<const std::string> words,
                          std::span<const OptionDefinition* const> options,
                          const CommandDefinition* command, bool up_to_first_operand) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    if (up_to_first_operand) app.prefix_command();
    std::map<const CLI::Option*, const OptionDefinition*> definitions;
    for (const auto* const option : options) {
        const auto name = option->name == "--help" ? "-h,--help" : std::string(option->name);
        auto* const added = option->value.empty()
                                ? app.add_flag(name)
                                : app.add_option(name, [](const auto&) { return true; })
                                      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        definitions[added] = option;
    }

    auto reversed = split_empty_values(words, options);
    std::ranges::reverse(reversed); // CLI11 takes words from the end
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::ArgumentMismatch&) {
        // The one that lacks its value is the last word: any other takes the word behind it.
        return wrong(command, fmt::format("{} needs a value", shown_word(words.back())));
    } catch (const CLI::Error& error) {
        return wrong(command, make_printable(error.what()).text);
    }

    Sorted sorted;
    std::map<const CLI::Option*, std::size_t> seen;
    for (const auto* const option : app.parse_order()) {
        const auto& definition = *definitions.at(option);
        auto value = option->results().at(seen[option]++);
        if (definition.value.empty() && value != "true") {
            return wrong(command, fmt::format("{} takes no value", definition.name));
        }
        sorted.options.emplace_back(&definition, std::move(value));
    }
    sorted.rest = app.remaining();
    return sorted;
}

// Connectors, settings and documents all hold UTF-8, so that nothing else comes in here. The word
// may be a secret: it is not repeated.
Result<void> check_text(const CommandDefinition& command, std::string_view name,
                        std::string_view word) {
    if (is_utf8(word)) return {};
    return wrong(&command, fmt::format("{} is not UTF-8", name));
}

Result<void> add_options(Arguments& arguments, const CommandDefinition* command,
                         std::vector<std::pair<const OptionDefinition*, std::string>> options) {
    for (auto& [option, value] : options) {
        if (auto checked = check_text(*command, option->name, value); !checked) return checked;
        if (!option->choices.empty() &&
            std::ranges::find(option->choices, value) == option->choices.end()) {
            return wrong(command, fmt::format("{} must be one of {}; it is {}{}", option->name,
                                              fmt::join(option->choices, ", "), shown_word(value),
                                              suggestion(value, option->choices)));
        }
        if (!option->repeatable && !option->value.empty() && arguments.has(option->name)) {
            return wrong(command, fmt::format("{} is given twice", option->name));
        }
        arguments.add_option(option->name, std::move(value));
    }
    return {};
}

// Gives each word to the operand it stands for.
Result<void> add_operands(Arguments& arguments, const CommandDefinition& command,
                          std::vector<std::string> words,
                          std::span<const OptionDefinition* const> options) {
    const auto end_of_options = std::ranges::find(words, "--");
    const auto unknown = std::find_if(words.begin(), end_of_options, looks_like_option);
    if (unknown != end_of_options) return unknown_option(&command, *unknown, options);
    if (end_of_options != words.end()) words.erase(end_of_options);

    const bool source_is_given = arguments.has("--connector") || arguments.has("--settings");
    std::size_t at = 0;
    for (const auto& operand : command.operands) {
        if (command.takes_source && source_is_given && operand.name == "REF") continue;
        if (at == words.size()) {
            if (operand.optional) continue;
            return wrong(&command, fmt::format("{} is missing", operand.name));
        }
        const auto end = operand.repeatable ? words.size() : at + 1;
        for (; at < end; ++at) {
            if (auto checked = check_text(command, operand.name, words[at]); !checked) {
                return checked;
            }
            arguments.add_operand(operand.name, std::move(words[at]));
        }
    }
    if (at < words.size()) {
        return wrong(&command, fmt::format("unexpected argument {}", shown_word(words[at])));
    }
    return {};
}

std::vector<const OptionDefinition*> options_before_command() {
    std::vector<const OptionDefinition*> options;
    for (const auto& option : global_options())
        options.push_back(&option);
    options.push_back(&version_option());
    return options;
}

Result<const CommandDefinition*> find_command(const std::string& word,
                                              std::span<const OptionDefinition* const> options,
                                              std::span<const CommandDefinition* const> commands) {
    if (looks_like_option(word)) return unknown_option(nullptr, word, options);
    const auto found = std::ranges::find(commands, word, &CommandDefinition::name);
    if (found != commands.end()) return *found;
    std::vector<std::string_view> names;
    for (const auto* const command : commands)
        names.push_back(command->name);
    return wrong(nullptr, fmt::format("there is no command {}{}", shown_word(word),
                                      suggestion(word, names)));
}

} // namespace

bool Arguments::has(std::string_view option) const {
    return value(option).has_value();
}

std::optional<std::string_view> Arguments::value(std::string_view option) const {
    const auto found = std::ranges::find(options_, option, &Given::first);
    if (found == options_.end()) return std::nullopt;
    return found->second;
}

std::vector<std::string_view> Arguments::values(std::string_view option) const {
    std::vector<std::string_view> values;
    for (const auto& [name, value] : options_)
        if (name == option) values.push_back(value);
    return values;
}

std::optional<std::string_view> Arguments::operand(std::string_view name) const {
    const auto found = std::ranges::find(operands_, name, &Given::first);
    if (found == operands_.end()) return std::nullopt;
    return found->second;
}

std::vector<std::string_view> Arguments::operands(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [operand, value] : operands_)
        if (operand == name) values.push_back(value);
    return values;
}

void Arguments::add_option(std::string_view name, std::string value) {
    options_.emplace_back(name, std::move(value));
}

void Arguments::add_operand(std::string_view name, std::string value) {
    operands_.emplace_back(name, std::move(value));
}

Result<Request> read_command_line(std::span<const std::string> words,
                                  std::span<const CommandDefinition* const> commands) {
    const auto first_options = options_before_command();
    auto first = sort_words(words, first_options, nullptr, true);
    if (!first) return std::unexpected(std::move(first).error());
    const auto given = [&first](std::string_view name) {
        return std::ranges::any_of(first->options,
                                   [&](const auto& option) { return option.first->name == name; });
    };
    if (given("--version")) return Request{.kind = Request::Kind::version, .arguments = {}};
    if (first->rest.empty()) {
        if (given("--help"))
            return Request{.kind = Request::Kind::help_of_program, .arguments = {}};
        return wrong(nullptr, "a command is missing");
    }

    const auto command = find_command(first->rest.front(), first_options, commands);
    if (!command) return std::unexpected(command.error());
    const auto options = all_options(**command);
    auto second = sort_words(std::span(first->rest).subspan(1), options, *command, false);
    if (!second) return std::unexpected(std::move(second).error());

    Arguments arguments(**command);
    if (auto added = add_options(arguments, *command, std::move(first->options)); !added) {
        return std::unexpected(std::move(added).error());
    }
    if (auto added = add_options(arguments, *command, std::move(second->options)); !added) {
        return std::unexpected(std::move(added).error());
    }
    if (arguments.has("--help")) {
        return Request{.kind = Request::Kind::help_of_command, .arguments = std::move(arguments)};
    }
    if (auto added = add_operands(arguments, **command, std::move(second->rest), options); !added) {
        return std::unexpected(std::move(added).error());
    }
    return Request{.kind = Request::Kind::command, .arguments = std::move(arguments)};
}

bool asks_for_json(std::span<const std::string> words) {
    return std::ranges::find(words, "--json") != words.end();
}

} // namespace patchbay::command
