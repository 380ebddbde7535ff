// SPDX-License-Identifier: Apache-2.0
// The host's wish that a running call should end, seen from inside the call.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A token belongs to the host and is passed into every call that may block, opening a session
// included. Once triggered it stays triggered. The call then stops what it does at the source,
// leaves its out-parameters alone and answers PATCHBAY_CANCELLED, within a second.
//
// Why a token and not a cancel function on the session: such a function would have to be called on
// a busy object, it races with the object's end, and it cannot cancel opening one.
//
// A connector looks at the token in one of three ways, whichever fits its client library: it asks
// (a loop), it polls a descriptor (a socket), or it is called back (an interrupt function).
typedef struct patchbay_host_cancel patchbay_host_cancel;
struct patchbay_host_cancel {
    uint32_t struct_size;
    uint32_t revision; // 1
    void *impl;

    // Answers 1 once the call should end, else 0. Costs one atomic load. [any-thread]
    uint32_t (*requested)(const patchbay_host_cancel *self);

    // Answers a descriptor that becomes readable when the token is triggered, or -1 where none can
    // be had (the connector then asks at least every 100 ms).
    //
    // For poll() beside a socket. Never read from, never closed by the connector.
    // Owns:    the host; valid as long as the call. [any-thread]
    int32_t (*fd)(const patchbay_host_cancel *self);

    // Has callback(context) called once when the token is triggered; at once, on this thread, where
    // it is already. Answers a number for unsubscribe, or 0 where memory ran out: nothing is
    // subscribed then, and the connector asks at least every 100 ms instead.
    //
    // The callback runs on the thread that cancels: inside subscribe itself where the token is
    // triggered already, so hold no lock there that the callback takes; and for a stream's token
    // also while no call of the session runs, between two get_next.
    //
    // It must not block and not call into the session
    // in any way that the client library does not allow from another thread: it wakes, with an
    // eventfd or sqlite3_interrupt(). Cancel functions that block (PQcancel, SQLCancel) belong on a
    // thread of the connector's own. [any-thread]
    uint64_t (*subscribe)(const patchbay_host_cancel *self, void (*callback)(void *context),
                          void *context);

    // Ends a subscription. On return the callback is not running and never will be, unless
    // unsubscribe is called from inside the callback itself: the rules of std::stop_callback.
    // A number that is not subscribed, 0 among them, is ignored.
    // Blocks:  until a running callback has returned. [any-thread]
    void (*unsubscribe)(const patchbay_host_cancel *self, uint64_t subscription);
};

#ifdef __cplusplus
}
#endif
