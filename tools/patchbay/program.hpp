// SPDX-License-Identifier: Apache-2.0
// The whole program, but for what concerns the process it runs in.
#pragma once

#include "exit_code.hpp"
#include "output/byte_sink.hpp"
#include "output/status_output.hpp"
#include "output/terminal_text.hpp"

#include <span>
#include <stop_token>
#include <string>

namespace patchbay::command {

struct Surroundings {
    ByteSink& out;
    const Terminal terminal; // what `out` leads to
    StatusOutput& status;    // must live until the process ends: connectors may log that long
    std::stop_token cancel;
};

// Does what the words behind the program's name ask for, and says what went wrong.
[[nodiscard]] ExitCode run_program(std::span<const std::string> words,
                                   const Surroundings& surroundings);

} // namespace patchbay::command
