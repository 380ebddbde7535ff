// SPDX-License-Identifier: Apache-2.0
// The closed list of outcomes that every fallible function of this contract answers with.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The list is short on purpose: it holds what a program can act on. Detail for people and for
// machines that know the source travels in patchbay_error (SQLSTATE, native code).
//
// A host treats a value that it does not know as PATCHBAY_INTERNAL.
typedef int32_t patchbay_status;
enum {
    PATCHBAY_OK = 0,
    PATCHBAY_CANCELLED = 1,           // the call's token was triggered
    PATCHBAY_DEADLINE = 2,            // the call's deadline passed
    PATCHBAY_INVALID_SETTINGS = 3,    // the settings cannot work; error.pointer says which
    PATCHBAY_INVALID_REQUEST = 4,     // the request, statement or a parameter is wrong
    PATCHBAY_NOT_FOUND = 5,           // what the request names does not exist
    PATCHBAY_UNAUTHENTICATED = 6,     // the source does not accept who we say we are
    PATCHBAY_FORBIDDEN = 7,           // the source knows us and does not allow it
    PATCHBAY_CONFLICT = 8,            // something else is in the way: a lock, a running stream
    PATCHBAY_UNAVAILABLE = 9,         // the source cannot be reached or is going down
    PATCHBAY_RESOURCE_EXHAUSTED = 10, // memory, disk, connections or a quota ran out
    PATCHBAY_BAD_DATA = 11,           // the data cannot be delivered as promised
    PATCHBAY_IO = 12,                 // reading or writing failed underneath
    PATCHBAY_UNSUPPORTED = 13,        // a valid wish that this source or connector cannot meet
    PATCHBAY_CLOSED = 14,             // the connection was closed by its owner
    PATCHBAY_WRONG_PROCESS = 15,      // the session belongs to the parent of this forked process
    PATCHBAY_INTERNAL = 16            // a defect of the connector or the host
};

// Whether the same call may succeed when repeated.
//
// A host treats a value that it does not know as PATCHBAY_RETRY_NEVER.
typedef int32_t patchbay_retry;
enum {
    PATCHBAY_RETRY_NEVER = 0, // not until somebody changes something
    PATCHBAY_RETRY_LATER = 1, // after a pause; error.retry_after_ms may say how long
    PATCHBAY_RETRY_NOW = 2    // at once: this was lost to a race, such as a serialisation failure
};

#ifdef __cplusplus
}
#endif
