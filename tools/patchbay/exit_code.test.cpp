// SPDX-License-Identifier: Apache-2.0
// Every error code against the agreed exit codes.

#include "exit_code.hpp"

#include <patchbay/host/error.hpp>
#include <patchbay/test/catch.hpp>

#include <algorithm>
#include <array>
#include <string>

using namespace patchbay::command;
using patchbay::host::all_error_codes;
using patchbay::host::ErrorCode;

namespace {

struct Expectation {
    ErrorCode code;
    int opening;
    int working;
};

// Written out beside the agreement, not derived from the code.
constexpr std::array expectations = {
    Expectation{ErrorCode::cancelled, 130, 130},
    Expectation{ErrorCode::deadline, 6, 6},
    Expectation{ErrorCode::invalid_settings, 3, 1},
    Expectation{ErrorCode::invalid_request, 5, 1},
    Expectation{ErrorCode::not_found, 5, 1},
    Expectation{ErrorCode::unauthenticated, 5, 1},
    Expectation{ErrorCode::forbidden, 5, 1},
    Expectation{ErrorCode::conflict, 5, 1},
    Expectation{ErrorCode::unavailable, 5, 5},
    Expectation{ErrorCode::resource_exhausted, 5, 1},
    Expectation{ErrorCode::bad_data, 5, 1},
    Expectation{ErrorCode::io, 5, 1},
    Expectation{ErrorCode::unsupported, 5, 1},
    Expectation{ErrorCode::closed, 5, 7},
    Expectation{ErrorCode::wrong_process, 5, 7},
    Expectation{ErrorCode::internal, 7, 7},
    Expectation{ErrorCode::reference_invalid, 2, 2},
    Expectation{ErrorCode::connector_unknown, 4, 4},
    Expectation{ErrorCode::connector_ambiguous, 4, 4},
    Expectation{ErrorCode::connector_refused, 4, 4},
    Expectation{ErrorCode::connector_disabled, 4, 4},
    Expectation{ErrorCode::connection_unknown, 4, 4},
    Expectation{ErrorCode::connections_file_missing, 3, 3},
    Expectation{ErrorCode::connections_file_invalid, 3, 3},
    Expectation{ErrorCode::value_unresolved, 3, 3},
    Expectation{ErrorCode::library_not_loadable, 4, 4},
    Expectation{ErrorCode::library_changed, 4, 4},
    Expectation{ErrorCode::abi_too_new, 4, 4},
    Expectation{ErrorCode::abi_too_old, 4, 4},
    Expectation{ErrorCode::identity_mismatch, 4, 4},
    Expectation{ErrorCode::capability_mismatch, 4, 4},
    Expectation{ErrorCode::connector_quarantined, 7, 7},
    Expectation{ErrorCode::broken_rule, 7, 7},
};

} // namespace

TEST_CASE("every error code leads to the agreed exit code", "[command]") {
    for (const auto code : all_error_codes()) {
        INFO(std::string(code_text(code)));
        const auto* const expected =
            std::ranges::find(expectations, code, [](const Expectation& e) { return e.code; });
        REQUIRE(expected != expectations.end());

        CHECK(static_cast<int>(exit_code_of(code, Phase::opening)) == expected->opening);
        CHECK(static_cast<int>(exit_code_of(code, Phase::working)) == expected->working);
    }
}
