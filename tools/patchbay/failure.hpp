// SPDX-License-Identifier: Apache-2.0
// Why a command did not do what it was asked for.
#pragma once

#include "exit_code.hpp"

#include <patchbay/host/error.hpp>

#include <expected>
#include <string>
#include <utility>

namespace patchbay::command {

struct Failure {
    host::Error error;
    ExitCode exit_code = ExitCode::refused_work;
    bool usage = false; // of the command line: none of libpatchbay's codes stands for it
    bool quiet = false; // the reader of standard output left: there is nobody to tell
};

template <class T>
using Result = std::expected<T, Failure>;

// The source, or what leads to it, failed.
[[nodiscard]] inline std::unexpected<Failure> failed(host::Error error, Phase phase) {
    const auto exit_code = exit_code_of(error.code, phase);
    return std::unexpected(Failure{.error = std::move(error), .exit_code = exit_code});
}

// The command line asks for what cannot be.
[[nodiscard]] inline std::unexpected<Failure> wrong_usage(std::string message,
                                                          std::string hint = {}) {
    return std::unexpected(Failure{.error = {.code = host::ErrorCode::invalid_request,
                                             .message = std::move(message),
                                             .hint = std::move(hint)},
                                   .exit_code = ExitCode::usage,
                                   .usage = true});
}

} // namespace patchbay::command
