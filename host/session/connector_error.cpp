// SPDX-License-Identifier: Apache-2.0
// Turns what a connector says about a failure into an Error, and holds it to the contract's rules.

#include "connector_error.hpp"

#include <patchbay/sdk/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace patchbay::host {
namespace {

// Bytes that are not UTF-8 become U+FFFD: a server may say anything, our messages are text.
[[nodiscard]] std::string mend_utf8(std::string_view text) {
    std::string mended;
    for (;;) {
        const auto valid = sdk::valid_utf8_prefix(text);
        mended += text.substr(0, valid);
        if (valid == text.size()) return mended;
        mended += "\xEF\xBF\xBD";
        text.remove_prefix(valid + 1);
    }
}

[[nodiscard]] std::string read_text(patchbay_text text, const SecretMasker& masker) {
    std::string read = masker.mask(mend_utf8(sdk::to_view(text)));
    while (!read.empty() && (read.back() == '\n' || read.back() == '\r'))
        read.pop_back();
    return read;
}

[[nodiscard]] Retry read_retry(patchbay_retry retry) {
    switch (retry) {
    case PATCHBAY_RETRY_LATER:
        return Retry::later;
    case PATCHBAY_RETRY_NOW:
        return Retry::now;
    default:
        return Retry::never;
    }
}

} // namespace

std::optional<ErrorCode> code_of(patchbay_status status) {
    switch (status) {
    case PATCHBAY_CANCELLED:
        return ErrorCode::cancelled;
    case PATCHBAY_DEADLINE:
        return ErrorCode::deadline;
    case PATCHBAY_INVALID_SETTINGS:
        return ErrorCode::invalid_settings;
    case PATCHBAY_INVALID_REQUEST:
        return ErrorCode::invalid_request;
    case PATCHBAY_NOT_FOUND:
        return ErrorCode::not_found;
    case PATCHBAY_UNAUTHENTICATED:
        return ErrorCode::unauthenticated;
    case PATCHBAY_FORBIDDEN:
        return ErrorCode::forbidden;
    case PATCHBAY_CONFLICT:
        return ErrorCode::conflict;
    case PATCHBAY_UNAVAILABLE:
        return ErrorCode::unavailable;
    case PATCHBAY_RESOURCE_EXHAUSTED:
        return ErrorCode::resource_exhausted;
    case PATCHBAY_BAD_DATA:
        return ErrorCode::bad_data;
    case PATCHBAY_IO:
        return ErrorCode::io;
    case PATCHBAY_UNSUPPORTED:
        return ErrorCode::unsupported;
    case PATCHBAY_CLOSED:
        return ErrorCode::closed;
    case PATCHBAY_WRONG_PROCESS:
        return ErrorCode::wrong_process;
    case PATCHBAY_INTERNAL:
        return ErrorCode::internal;
    default:
        return std::nullopt;
    }
}

Error read_failure(const FailedCall& call, patchbay_status status, const patchbay_error& error,
                   CancelReason reason, const SecretMasker& masker) {
    const auto code = code_of(status);
    if (!code) {
        return broken_rule_error(
            call, fmt::format("it answered the status {}, which does not exist", status));
    }
    if (*code == ErrorCode::cancelled && reason != CancelReason::none) {
        return interrupted_error(reason);
    }
    std::string message = read_text(error.message, masker);
    if (message.empty()) {
        return broken_rule_error(
            call, fmt::format("it failed with \"{}\" and without a message", code_text(*code)));
    }
    Error read{.code = *code, .message = std::move(message)};
    read.pointer = read_text(error.pointer, masker);
    read.retry = read_retry(error.retry);
    read.retry_after_ms = std::max<std::int64_t>(error.retry_after_ms, 0);
    const std::string_view sqlstate(error.sqlstate, sizeof error.sqlstate);
    read.sqlstate = mend_utf8(sqlstate.substr(0, std::min<std::size_t>(5, sqlstate.find('\0'))));
    read.native_domain = read_text(error.native_domain, masker);
    if (!read.native_domain.empty()) read.native_code = error.native_code;
    read.details_json = read_text(error.details_json, masker);
    read.user_message = error.user_message != 0;
    read.connector = call.library.id;
    return read;
}

Error broken_rule_error(const FailedCall& call, std::string_view what) {
    return {.code = ErrorCode::broken_rule,
            .message = fmt::format("the connector {} broke a rule of the ABI in {}: {}",
                                   call.library.name, call.function, what),
            .hint = "report this to the connector's author",
            .connector = call.library.id};
}

Error quarantined_error(const Library& library) {
    return {.code = ErrorCode::connector_quarantined,
            .message = fmt::format("an exception came out of the connector {} before; it is not "
                                   "called any more in this process",
                                   library.name),
            .hint = "report this to the connector's author",
            .connector = library.id};
}

Error interrupted_error(CancelReason reason) {
    if (reason == CancelReason::closed) return closed_error();
    return {.code = ErrorCode::cancelled, .message = "the call was cancelled"};
}

Error deadline_error() {
    return {.code = ErrorCode::deadline,
            .message = "the time allowed for the operation is up",
            .hint = "allow more time, or look why the source is slow",
            .retry = Retry::later};
}

Error closed_error() {
    return {.code = ErrorCode::closed,
            .message = "the connection is closed",
            .hint = "open a new connection"};
}

Error wrong_process_error() {
    return {.code = ErrorCode::wrong_process,
            .message = "this session or stream belongs to the parent of this forked process",
            .hint = "use the connection again in the child: it opens a session of its own"};
}

} // namespace patchbay::host
