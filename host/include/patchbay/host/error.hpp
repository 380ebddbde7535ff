// SPDX-License-Identifier: Apache-2.0
// Errors of libpatchbay: a stable code, a sentence for a person, and the trail that led there.
#pragma once

#include <patchbay/host/export.hpp>
#include <patchbay/host/fault.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// What a program can act on. The first group is the contract's own list (patchbay/abi/status.h):
// a connector says it, or the host in its place.
enum class ErrorCode {
    cancelled,
    deadline,
    invalid_settings,
    invalid_request,
    not_found,
    unauthenticated,
    forbidden,
    conflict,
    unavailable,
    resource_exhausted,
    bad_data,
    io,
    unsupported,
    closed,
    wrong_process,
    internal,

    // Finding out what is meant.
    reference_invalid,        // neither @name.alias nor a URL
    connector_unknown,        // no root holds a connector of that name
    connector_ambiguous,      // two installed connectors share the name or the URL scheme
    connector_refused,        // it is there, and breaks a rule of the registry
    connector_disabled,       // it is there, and the operator does not want it
    connection_unknown,       // the connections file has no such connector or alias
    connections_file_missing, //
    connections_file_invalid, //
    value_unresolved,         // a ${...} that stands for nothing

    // Loading a connector.
    library_not_loadable,  // the system's loader refused it
    library_changed,       // it is not the file that was examined
    abi_too_new,           // it was built for a newer contract than this host's
    abi_too_old,           //
    identity_mismatch,     // the library does not say what its manifest says
    capability_mismatch,   // it does not offer what its manifest promises, or offers more
    connector_quarantined, // it let an exception out, and is not called any more

    // A connector that does not keep the contract: reported against it.
    broken_rule,
};

// "not_found" and so on: the enumerator's name, as it stands in JSON.
[[nodiscard]] PATCHBAY_HOST_API std::string_view code_text(ErrorCode code);

// Every code there is, for documentation and tests.
[[nodiscard]] PATCHBAY_HOST_API const std::vector<ErrorCode>& all_error_codes();

// Whether the same call may succeed when repeated.
enum class Retry { never, later, now };

[[nodiscard]] PATCHBAY_HOST_API std::string_view retry_text(Retry retry);

// A failed operation. Texts hold no secret: those of the connection are masked.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;      // what was found, what was expected
    std::string hint = {};    // the next step, or empty
    std::string pointer = {}; // JSON Pointer into settings or request, or empty
    Retry retry = Retry::never;
    std::int64_t retry_after_ms = 0;
    std::string sqlstate = {};
    std::optional<std::int64_t> native_code = {};
    std::string native_domain = {};
    std::string details_json = {};
    bool user_message = false;           // the message may be shown to an end user as it is
    std::string connector = {};          // the full ID, where one was involved
    std::string reference = {};          // what the caller named, such as "@sqlite.shop"
    std::vector<Fault> faults = {};      // all of them, where settings or a document are at fault
    std::vector<std::string> trail = {}; // what we were doing, innermost first
    std::source_location where = std::source_location::current();
};

template <class T>
using Expected = std::expected<T, Error>;

// The message with its hint and trail, on one line, as a log or terminal shows it.
[[nodiscard]] PATCHBAY_HOST_API std::string describe(const Error& error);

} // namespace patchbay::host
