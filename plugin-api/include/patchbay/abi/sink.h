// SPDX-License-Identifier: Apache-2.0
// Where a connector writes a text of any length, so that no string changes its owner.
#pragma once

#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

// Owns: the host; valid until the call returns.
typedef struct patchbay_host_sink patchbay_host_sink;
struct patchbay_host_sink {
    uint32_t struct_size;
    uint32_t revision; // 1
    void *impl;

    // Appends a piece, which is copied. What was written counts only if the call succeeds. All
    // pieces together have at most 1 MiB; more is a broken rule.
    // [session]
    void (*write)(patchbay_host_sink *self, patchbay_text piece);
};

#ifdef __cplusplus
}
#endif
