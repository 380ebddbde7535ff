// SPDX-License-Identifier: Apache-2.0
// The exit codes, which scripts go by, and the one place that decides on them.
#pragma once

#include <patchbay/host/error.hpp>

namespace patchbay::command {

// What the process answers its caller with. The numbers are agreed and never change.
enum class ExitCode {
    done = 0,
    refused_work = 1, // the source or target refused it, or its output could not be written
    usage = 2,        // the command line is wrong
    invalid = 3,      // settings, connections file, schema or bundle
    absent = 4,       // no such connector or connection, or it is refused
    unreachable = 5,  // could not connect or sign in
    late = 6,         // out of time
    defect = 7,       // of the connector or the host
    interrupted = 130,
    terminated = 143,
};

// When something failed: the same code of a connector means another thing before there is a session
// than on one.
enum class Phase {
    opening,
    working,
};

[[nodiscard]] ExitCode exit_code_of(host::ErrorCode code, Phase phase);

} // namespace patchbay::command
