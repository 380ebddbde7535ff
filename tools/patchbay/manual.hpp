// SPDX-License-Identifier: Apache-2.0
// The man page, made from the definitions of the commands.
#pragma once

#include <string>

namespace patchbay::command {

// patchbay(1) in the man macros of roff (man(7)).
[[nodiscard]] std::string manual_page();

} // namespace patchbay::command
