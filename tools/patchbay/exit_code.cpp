// SPDX-License-Identifier: Apache-2.0
// The exit codes, which scripts go by, and the one place that decides on them.

#include "exit_code.hpp"

namespace patchbay::command {

ExitCode exit_code_of(host::ErrorCode code, Phase phase) {
    using enum host::ErrorCode;
    const bool opening = phase == Phase::opening;
    // Whatever keeps a session from opening is a connection that does not work, until one knows
    // better.
    const auto otherwise = opening ? ExitCode::unreachable : ExitCode::refused_work;
    switch (code) {
    case cancelled:
        return ExitCode::interrupted;
    case deadline:
        return ExitCode::late;
    case internal:
    case broken_rule:
    case connector_quarantined:
        return ExitCode::defect;
    case invalid_settings:
        return opening ? ExitCode::invalid : otherwise;
    case unavailable:
        return ExitCode::unreachable;
    case closed:
    case wrong_process:
        return opening ? otherwise : ExitCode::defect;

    case reference_invalid:
        return ExitCode::usage;
    case connections_file_missing:
    case connections_file_invalid:
    case value_unresolved:
        return ExitCode::invalid;
    case connector_unknown:
    case connector_ambiguous:
    case connector_refused:
    case connector_disabled:
    case connection_unknown:
    case library_not_loadable:
    case library_changed:
    case abi_too_new:
    case abi_too_old:
    case identity_mismatch:
    case capability_mismatch:
        return ExitCode::absent;

    case invalid_request:
    case not_found:
    case unauthenticated:
    case forbidden:
    case conflict:
    case resource_exhausted:
    case bad_data:
    case io:
    case unsupported:
        return otherwise;
    }
    return ExitCode::defect; // a code of a libpatchbay that is newer than this program
}

} // namespace patchbay::command
