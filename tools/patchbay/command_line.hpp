// SPDX-License-Identifier: Apache-2.0
// Reads the words of a command line by the definitions of the commands.
#pragma once

#include "definition.hpp"
#include "failure.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::command {

// One command with what it was given. Names of options and operands are those of its definition.
class Arguments {
  public:
    explicit Arguments(const CommandDefinition& command) : command_(&command) {}

    [[nodiscard]] const CommandDefinition& command() const { return *command_; }

    [[nodiscard]] bool has(std::string_view option) const;
    // What an option was given, in the order of the command line; nothing where it was not.
    [[nodiscard]] std::optional<std::string_view> value(std::string_view option) const;
    [[nodiscard]] std::vector<std::string_view> values(std::string_view option) const;

    // The first word for an operand, and all of them.
    [[nodiscard]] std::optional<std::string_view> operand(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> operands(std::string_view name) const;

    // Every option with its value, in the order of the command line.
    using Given = std::pair<std::string_view, std::string>;
    [[nodiscard]] const std::vector<Given>& options() const { return options_; }

    void add_option(std::string_view name, std::string value);
    void add_operand(std::string_view name, std::string value);

  private:
    const CommandDefinition* command_;
    std::vector<Given> options_;
    std::vector<Given> operands_;
};

// What a whole command line asks for.
struct Request {
    enum class Kind {
        command,
        version,
        help_of_program,
        help_of_command,
    };
    Kind kind = Kind::command;
    std::optional<Arguments> arguments; // of command and help_of_command
};

// Reads the words behind the program's name.
//
// Errors: exit code 2, the message naming the word that is wrong and the hint what to do.
[[nodiscard]] Result<Request> read_command_line(std::span<const std::string> words,
                                                std::span<const CommandDefinition* const> commands);

// Whether errors are to be JSON, for a command line that could not be read.
[[nodiscard]] bool asks_for_json(std::span<const std::string> words);

} // namespace patchbay::command
