// SPDX-License-Identifier: Apache-2.0
// What the host says along with each call: who calls, until when, and how it can be stopped.
#pragma once

#include "cancel.h"
#include "host.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

// A deadline that is never reached.
#define PATCHBAY_NO_DEADLINE INT64_MAX

// Borrowed until the call returns. The one given to a function that opens a stream (open_stream of
// source.h, objects of catalog.h) is borrowed until the stream's release, and serves every get_next
// of that stream.
//
// Owns: the host.
typedef struct patchbay_call patchbay_call;
struct patchbay_call {
    uint32_t struct_size;
    uint32_t revision; // 1

    const patchbay_host *host;          // never NULL
    const patchbay_host_cancel *cancel; // never NULL

    // The moment, in nanoseconds of the host's monotonic clock ("patchbay.clock/1"), after which
    // the caller does not wait any more; PATCHBAY_NO_DEADLINE where it waits for ever. A call
    // that reaches it stops what it does at the source and answers PATCHBAY_DEADLINE.
    //
    // Read only inside a call, and anew in each: between two get_next the host moves a stream's
    // deadline, so that a consumer's pauses do not use it up, and a thread of the connector's own
    // would read it just then. It never moves while a call of the session runs.
    int64_t deadline_ns;

    // The W3C trace context "traceparent" of the caller, or empty. For sources that carry one.
    patchbay_text trace_parent;
};

#ifdef __cplusplus
}
#endif
