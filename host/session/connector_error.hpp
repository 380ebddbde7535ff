// SPDX-License-Identifier: Apache-2.0
// Turns what a connector says about a failure into an Error, and holds it to the contract's rules.
#pragma once

#include <host/load/library.hpp>
#include <host/log/secret_masker.hpp>
#include <host/session/cancel_source.hpp>
#include <patchbay/abi/error.h>
#include <patchbay/host/error.hpp>

#include <optional>
#include <string_view>

namespace patchbay::host {

// A patchbay_error to be filled by one call, and released.
class ErrorBox {
  public:
    explicit ErrorBox(const Library& library) : library_(library) {
        error_.struct_size = sizeof error_;
    }
    ErrorBox(const ErrorBox&) = delete;
    ErrorBox(ErrorBox&&) = delete;
    ErrorBox& operator=(const ErrorBox&) = delete;
    ErrorBox& operator=(ErrorBox&&) = delete;
    ~ErrorBox() { reset(); }

    void reset() noexcept {
        if (error_.release != nullptr && !library_.quarantined) {
            run_foreign(library_, [&] { error_.release(&error_); });
        }
        error_ = {};
        error_.struct_size = sizeof error_;
    }

    [[nodiscard]] patchbay_error* get() { return &error_; }
    [[nodiscard]] const patchbay_error& operator*() const { return error_; }

  private:
    const Library& library_;
    patchbay_error error_{};
};

// Which connector failed in which of its functions.
struct FailedCall {
    const Library& library;
    std::string_view function; // "open", "get_next"
};

// Reads a failure. Texts that are not UTF-8 are mended, secrets are masked, a trailing newline
// goes.
//
// Answers broken_rule where the connector failed without a message or with a status outside the
// list; closed in place of cancelled where it was close() that cancelled.
[[nodiscard]] Error read_failure(const FailedCall& call, patchbay_status status,
                                 const patchbay_error& error, CancelReason reason,
                                 const SecretMasker& masker);

// The connector did what the contract forbids.
[[nodiscard]] Error broken_rule_error(const FailedCall& call, std::string_view what);

// The connector let an exception out before.
[[nodiscard]] Error quarantined_error(const Library& library);

// The call ended, or did not begin, because somebody wanted it to.
[[nodiscard]] Error interrupted_error(CancelReason reason);
[[nodiscard]] Error deadline_error();
[[nodiscard]] Error closed_error();
[[nodiscard]] Error wrong_process_error();

// The code that stands for a status of the contract; nothing for one that is not on the list.
[[nodiscard]] std::optional<ErrorCode> code_of(patchbay_status status);

} // namespace patchbay::host
