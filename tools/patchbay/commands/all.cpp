// SPDX-License-Identifier: Apache-2.0
// Every command there is.

#include "commands/all.hpp"

namespace patchbay::command {

const std::vector<const CommandDefinition*>& all_commands() {
    static const std::vector<const CommandDefinition*> commands = {
        &list_command(),   &which_command(),    &inspect_command(), &install_command(),
        &remove_command(), &describe_command(), &lint_command(),    &validate_command(),
        &show_command(),   &test_command(),     &objects_command(), &columns_command(),
        &read_command(),   &execute_command(),
    };
    return commands;
}

} // namespace patchbay::command
