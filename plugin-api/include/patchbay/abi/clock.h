// SPDX-License-Identifier: Apache-2.0
// Host service "patchbay.clock/1": the time that deadlines are measured in.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PATCHBAY_CLOCK_SERVICE "patchbay.clock/1"

// Every time-out of a connector is measured with this clock, so that a test can turn its hands.
//
// Owns: the host; lives until the process ends.
typedef struct patchbay_host_clock patchbay_host_clock;
struct patchbay_host_clock {
    uint32_t struct_size;
    uint32_t revision; // 1
    void *impl;

    // Nanoseconds since some fixed moment; never goes back. The scale of patchbay_call.deadline_ns.
    // [any-thread]
    int64_t (*monotonic_ns)(const patchbay_host_clock *self);

    // Nanoseconds since 1970-01-01T00:00:00Z. May jump. [any-thread]
    int64_t (*unix_ns)(const patchbay_host_clock *self);
};

#ifdef __cplusplus
}
#endif
