// SPDX-License-Identifier: Apache-2.0
// Help for the terminal, made from the definitions of the commands.
#pragma once

#include "definition.hpp"
#include "output/terminal_text.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::command {

// The commands in a line each, the options of all of them, and exit codes.
[[nodiscard]] std::string program_help(const Terminal& terminal);

[[nodiscard]] std::string command_help(const CommandDefinition& command, const Terminal& terminal);

// "--format FORMAT", as help and the man page call it.
[[nodiscard]] std::string option_title(const OptionDefinition& option);

// Its help, and the values that are possible.
[[nodiscard]] std::string option_text(const OptionDefinition& option);

// What a script can go by.
struct ExitCodeMeaning {
    int number;
    std::string_view meaning;
};
[[nodiscard]] const std::vector<ExitCodeMeaning>& exit_code_meanings();

} // namespace patchbay::command
