// SPDX-License-Identifier: Apache-2.0
// What a command works with.
#pragma once

#include "command_line.hpp"
#include "failure.hpp"
#include "output/byte_sink.hpp"
#include "output/document.hpp"
#include "output/status_output.hpp"
#include "output/terminal_text.hpp"

#include <patchbay/host/host.hpp>

#include <boost/json/value.hpp>

#include <stop_token>
#include <string_view>

namespace patchbay::command {

// All of it outlives the command.
struct Context {
    const Arguments& arguments;
    host::Host& host;
    ByteSink& out;           // standard output, for data
    const Terminal terminal; // what that leads to
    StatusOutput& status;    // standard error, for everything else
    std::stop_token cancel;  // asked for by Ctrl-C and SIGTERM

    [[nodiscard]] bool json() const { return arguments.has("--json"); }

    // Prints the document of --json, and answers the exit code.
    [[nodiscard]] Result<ExitCode> print(const boost::json::value& document,
                                         ExitCode exit_code = ExitCode::done) const {
        return print(document_text(document), exit_code);
    }
    [[nodiscard]] Result<ExitCode> print(std::string_view text,
                                         ExitCode exit_code = ExitCode::done) const {
        if (auto written = out.write(text); !written) {
            return std::unexpected(std::move(written).error());
        }
        return exit_code;
    }
};

} // namespace patchbay::command
