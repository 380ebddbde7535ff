// SPDX-License-Identifier: Apache-2.0
// Errors as values, and the way they cross the border.
#pragma once

#include <patchbay/abi/covers.h>
#include <patchbay/abi/error.h>
#include <patchbay/sdk/text.hpp>

#include <cstdint>
#include <cstring>
#include <expected>
#include <memory>
#include <new>
#include <string>
#include <utility>

namespace patchbay::sdk {

// What went wrong; see patchbay_error for the meaning of each member.
struct Error {
    patchbay_status code = PATCHBAY_INTERNAL;
    std::string message;
    std::string pointer = {};
    patchbay_retry retry = PATCHBAY_RETRY_NEVER;
    std::int64_t retry_after_ms = 0;
    std::string sqlstate = {}; // five characters, or empty
    std::int64_t native_code = 0;
    std::string native_domain = {};
    std::string details_json = {};
    bool user_message = false;
};

template <class T>
using Expected = std::expected<T, Error>;

namespace detail {

// The texts of a filled patchbay_error.
struct ErrorTexts {
    std::string message;
    std::string pointer;
    std::string native_domain;
    std::string details_json;
};

// Moves the texts over; a text that is not UTF-8 is mended. Answers false where memory ran out.
[[nodiscard]] inline bool take_texts(ErrorTexts& texts, Error& error) noexcept {
    const auto take = [](std::string& text) {
        const bool is_good = is_utf8(text) && text.find('\0') == std::string::npos;
        return is_good ? std::move(text) : to_utf8(text);
    };
    try {
        texts.message = take(error.message);
        texts.pointer = take(error.pointer);
        texts.native_domain = take(error.native_domain);
        texts.details_json = take(error.details_json);
        return true;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

inline void release_error(patchbay_error* error) {
    const std::unique_ptr<ErrorTexts> texts(static_cast<ErrorTexts*>(error->impl));
    error->release = nullptr;
    error->impl = nullptr;
}

} // namespace detail

// Hands an error to the caller of a function of the contract, in as much of its struct as there is.
// Does nothing where it passed none. Texts may hold what a source sent: they become UTF-8 here.
//
// Owns: the caller releases what was filled. Where memory runs out it gets the code and a message
//       that needs no release.
inline void fill_error(patchbay_error* out, Error&& error) noexcept {
    // A caller of the first revision has all of these; one that has less cannot take anything.
    if (out == nullptr || !PATCHBAY_COVERS(out, impl)) return;
    out->revision = 1;
    out->code = error.code;
    out->retry = error.retry;
    out->retry_after_ms = error.retry_after_ms;
    out->native_code = error.native_code;
    std::memset(out->sqlstate, 0, sizeof out->sqlstate);
    error.sqlstate.copy(out->sqlstate, 5);
    out->pointer = out->native_domain = out->details_json = patchbay_text{nullptr, 0};
    if (PATCHBAY_COVERS(out, user_message)) out->user_message = error.user_message ? 1 : 0;
    auto texts = std::unique_ptr<detail::ErrorTexts>(new (std::nothrow) detail::ErrorTexts);
    if (!texts || !detail::take_texts(*texts, error)) {
        out->message = to_text("memory ran out while an error was reported");
        return;
    }
    out->message = to_text(texts->message);
    out->pointer = to_text(texts->pointer);
    out->native_domain = to_text(texts->native_domain);
    out->details_json = to_text(texts->details_json);
    out->release = detail::release_error;
    out->impl = texts.release();
}

} // namespace patchbay::sdk
