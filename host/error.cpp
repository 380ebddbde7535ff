// SPDX-License-Identifier: Apache-2.0
// The names of error codes, and an error as one line.

#include <patchbay/host/error.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace patchbay::host {
namespace {

using enum ErrorCode;

// In the order of the enumeration.
constexpr std::array code_names = {
    std::pair(cancelled, "cancelled"),
    std::pair(deadline, "deadline"),
    std::pair(invalid_settings, "invalid_settings"),
    std::pair(invalid_request, "invalid_request"),
    std::pair(not_found, "not_found"),
    std::pair(unauthenticated, "unauthenticated"),
    std::pair(forbidden, "forbidden"),
    std::pair(conflict, "conflict"),
    std::pair(unavailable, "unavailable"),
    std::pair(resource_exhausted, "resource_exhausted"),
    std::pair(bad_data, "bad_data"),
    std::pair(io, "io"),
    std::pair(unsupported, "unsupported"),
    std::pair(closed, "closed"),
    std::pair(wrong_process, "wrong_process"),
    std::pair(internal, "internal"),
    std::pair(reference_invalid, "reference_invalid"),
    std::pair(connector_unknown, "connector_unknown"),
    std::pair(connector_ambiguous, "connector_ambiguous"),
    std::pair(connector_refused, "connector_refused"),
    std::pair(connector_disabled, "connector_disabled"),
    std::pair(connection_unknown, "connection_unknown"),
    std::pair(connections_file_missing, "connections_file_missing"),
    std::pair(connections_file_invalid, "connections_file_invalid"),
    std::pair(value_unresolved, "value_unresolved"),
    std::pair(library_not_loadable, "library_not_loadable"),
    std::pair(library_changed, "library_changed"),
    std::pair(abi_too_new, "abi_too_new"),
    std::pair(abi_too_old, "abi_too_old"),
    std::pair(identity_mismatch, "identity_mismatch"),
    std::pair(capability_mismatch, "capability_mismatch"),
    std::pair(connector_quarantined, "connector_quarantined"),
    std::pair(broken_rule, "broken_rule"),
};

consteval bool names_stand_in_order() {
    for (std::size_t i = 0; i < code_names.size(); ++i) {
        if (static_cast<std::size_t>(code_names[i].first) != i) return false;
    }
    return code_names.size() == static_cast<std::size_t>(broken_rule) + 1;
}
static_assert(names_stand_in_order());

} // namespace

std::string_view code_text(ErrorCode code) {
    return code_names[static_cast<std::size_t>(code)].second;
}

const std::vector<ErrorCode>& all_error_codes() {
    static const std::vector<ErrorCode> all = [] {
        std::vector<ErrorCode> codes;
        codes.reserve(std::size(code_names));
        for (const auto& name : code_names)
            codes.push_back(name.first);
        return codes;
    }();
    return all;
}

std::string_view retry_text(Retry retry) {
    switch (retry) {
    case Retry::never:
        return "never";
    case Retry::later:
        return "later";
    case Retry::now:
        return "now";
    }
    return "never";
}

std::string describe(const Error& error) {
    std::string line = error.message;
    for (const auto& step : error.trail)
        line += "; while " + step;
    if (!error.hint.empty()) line += " (" + error.hint + ')';
    return line;
}

} // namespace patchbay::host
