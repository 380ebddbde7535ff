// SPDX-License-Identifier: Apache-2.0
// Capability "patchbay.stream-info/1": what an Arrow stream cannot say about itself.
#pragma once

#include "arrow.h"
#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PATCHBAY_STREAM_INFO_CAPABILITY "patchbay.stream-info/1"

// How far a stream has come. The host zeroes it and sets struct_size; the connector fills the
// members that struct_size covers.
typedef struct patchbay_progress patchbay_progress;
struct patchbay_progress {
    uint32_t struct_size;
    uint32_t revision; // 1

    uint64_t rows;      // delivered so far
    uint64_t bytes;     // received from the source or handed out, whichever the connector knows
    int64_t total_rows; // an estimate for the whole stream, or -1
};

// Both functions take a stream that this connector made and that is not released.
//
// Owns: the connector; constant until the process ends.
typedef struct patchbay_stream_info patchbay_stream_info;
struct patchbay_stream_info {
    uint32_t struct_size;
    uint32_t revision; // 1

    // Fills *out with the error behind the last failure of this stream and answers its code; or
    // answers PATCHBAY_OK and leaves *out alone where the stream has not failed. It may be asked
    // any number of times.
    //
    // Owns:    the host releases *out.
    // Blocks:  no.
    // Since:   ABI 0.1. [session]
    patchbay_status (*last_error)(struct ArrowArrayStream *stream, patchbay_error *out);

    // Fills *out. Blocks: no. Since: ABI 0.1. [session]
    void (*progress)(struct ArrowArrayStream *stream, patchbay_progress *out);
};

#ifdef __cplusplus
}
#endif
