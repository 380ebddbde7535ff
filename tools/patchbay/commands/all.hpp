// SPDX-License-Identifier: Apache-2.0
// Every command there is.
#pragma once

#include "definition.hpp"

#include <vector>

namespace patchbay::command {

// In the order in which help lists them.
[[nodiscard]] const std::vector<const CommandDefinition*>& all_commands();

// Each stands in the file of its name.
[[nodiscard]] const CommandDefinition& columns_command();
[[nodiscard]] const CommandDefinition& describe_command();
[[nodiscard]] const CommandDefinition& execute_command();
[[nodiscard]] const CommandDefinition& inspect_command();
[[nodiscard]] const CommandDefinition& install_command();
[[nodiscard]] const CommandDefinition& lint_command();
[[nodiscard]] const CommandDefinition& list_command();
[[nodiscard]] const CommandDefinition& objects_command();
[[nodiscard]] const CommandDefinition& read_command();
[[nodiscard]] const CommandDefinition& remove_command();
[[nodiscard]] const CommandDefinition& show_command();
[[nodiscard]] const CommandDefinition& test_command();
[[nodiscard]] const CommandDefinition& validate_command();
[[nodiscard]] const CommandDefinition& which_command();

} // namespace patchbay::command
