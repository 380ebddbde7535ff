// SPDX-License-Identifier: Apache-2.0
// The patchbay command as a process: signals, standard streams, exit code.

#include "interruption.hpp"
#include "program.hpp"

#include <patchbay/host/host.hpp>

#include <unistd.h>

#include <csignal>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace command = patchbay::command;

command::StatusOutput& standard_error() {
    // Never destroyed: a connector that was left behind may still have something to log.
    static auto& status = *std::make_unique<command::StatusOutput>(STDERR_FILENO).release();
    return status;
}

int run(std::vector<std::string> words) {
    command::DescriptorSink out(STDOUT_FILENO, "standard output");
    auto& status = standard_error();
    try {
        const auto exit_code =
            command::run_program(words, {.out = out,
                                         .terminal = command::find_terminal(STDOUT_FILENO),
                                         .status = status,
                                         .cancel = command::interruption_token()});
        // Whatever the work was doing when it was interrupted, that is why it failed.
        const int signal = command::interrupting_signal();
        return signal != 0 && exit_code != command::ExitCode::done ? 128 + signal
                                                                   : std::to_underlying(exit_code);
    } catch (const std::exception& failed) {
        status.write(std::string("patchbay: ") + failed.what() + '\n');
        return std::to_underlying(command::ExitCode::defect);
    }
}

} // namespace

int main(int argc, char** argv) {
    // Writing into a pipe that nobody reads answers EPIPE then, and the command ends in order.
    std::signal(SIGPIPE, SIG_IGN); // NOLINT(cert-err33-c): it cannot fail for this signal
    // So does a file that may not grow any more, with EFBIG.
    std::signal(SIGXFSZ, SIG_IGN); // NOLINT(cert-err33-c): nor for this one
    command::watch_for_interruption();
    const int exit_code = run({argv + (argc > 0 ? 1 : 0), argv + argc});
    // Code of a connector that did not come back may still run, and must not meet destructors.
    if (patchbay::host::abandoned_session_count() > 0) ::_exit(exit_code);
    return exit_code;
}
