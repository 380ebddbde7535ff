// SPDX-License-Identifier: Apache-2.0
// What went wrong, for a person to read and for a program to act on.
#pragma once

#include "status.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

// The caller zeroes an error, sets struct_size, and passes its address to one call. It may pass
// NULL where it does not care. A function that succeeds leaves it as it is.
//
// A function that fails fills every member that struct_size covers. A failure without a message is
// a defect of the connector, and is reported as one. All texts are copies that the error owns: they
// outlive the session, the connection and the call.
//
// Owns: whoever received a filled error calls release, once, where it is not NULL. [any-thread]
// Since: ABI 0.1.
typedef struct patchbay_error patchbay_error;
struct patchbay_error {
    uint32_t struct_size;
    uint32_t revision; // 1

    patchbay_status code; // never PATCHBAY_OK
    patchbay_retry retry;

    // Milliseconds to wait where the source said so; 0 where it did not.
    int64_t retry_after_ms;

    // The source's own number and the name of the list it comes from: "errno", "sqlite", "http",
    // "libpq". The domain is empty where there is no number.
    int64_t native_code;
    patchbay_text native_domain;

    // Five characters and a NUL, or a NUL at once where the source has no SQLSTATE.
    char sqlstate[8];

    // One sentence or more for a person, without a trailing newline: what was found, what was
    // expected, what to do next. Never a secret.
    patchbay_text message;

    // JSON Pointer (RFC 6901) to the culprit: into the settings for PATCHBAY_INVALID_SETTINGS, into
    // the request for PATCHBAY_INVALID_REQUEST; "/params/2" names the third parameter. The root is
    // the empty text, which also stands where there is nothing to point to.
    patchbay_text pointer;

    // A JSON object with whatever else is known, or empty. One key is agreed: check_settings lists
    // every further fault as {"faults": [{"pointer": "...", "message": "..."}]}.
    patchbay_text details_json;

    void (*release)(patchbay_error *error); // sets itself to NULL
    void *impl;                             // of whoever filled the error

    // 1: the message may be shown to an end user as it is. 0: it speaks to an operator.
    uint64_t user_message;
};

#ifdef __cplusplus
}
#endif
