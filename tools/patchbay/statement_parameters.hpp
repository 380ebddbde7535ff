// SPDX-License-Identifier: Apache-2.0
// Values for placeholders, from the command line.
#pragma once

#include "command_line.hpp"
#include "failure.hpp"

#include <patchbay/host/parameters.hpp>

namespace patchbay::command {

// Reads every --param and --param-text, in their order.
//
// Errors: exit code 2 for a whole number that does not fit into 64 bits, and for any other that a
// double would make infinite or zero.
[[nodiscard]] Result<host::Parameters> read_parameters(const Arguments& arguments);

// The two options.
[[nodiscard]] const OptionDefinition& parameter_option();
[[nodiscard]] const OptionDefinition& text_parameter_option();

} // namespace patchbay::command
