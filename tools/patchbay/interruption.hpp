// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM: the first asks the work to stop, the second leaves at once.
#pragma once

#include <stop_token>

namespace patchbay::command {

// Takes the signals over for the whole process; called once, before any thread is started. Work
// that has not stopped two seconds after it was asked to (somebody reads from a pipe that nobody
// writes to) is left as the second signal would.
//
// A signal that was ignored when the process started, as under nohup, stays ignored.
void watch_for_interruption();

// Asked to stop by the first signal.
[[nodiscard]] std::stop_token interruption_token();

// The signal that came, or 0.
[[nodiscard]] int interrupting_signal();

} // namespace patchbay::command
