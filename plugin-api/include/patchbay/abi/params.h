// SPDX-License-Identifier: Apache-2.0
// The values bound to the placeholders of a statement.
#pragma once

#include "arrow.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// One Arrow struct array: child i is placeholder i, in the order in which the source counts them.
// A child with a name is bound by that name where the source has named placeholders. A row is one
// set of values: open_stream takes exactly one row; execute takes any number.
//
// A connector accepts at least null, boolean, the integers, float64, utf8 and binary; what it
// cannot bind is PATCHBAY_INVALID_REQUEST with the pointer "/params/<child>".
//
// Owns: the host. Borrowed until the call returns; the connector releases neither.
typedef struct patchbay_params patchbay_params;
struct patchbay_params {
    uint32_t struct_size;
    uint32_t revision;                // 1
    const struct ArrowSchema *schema; // format "+s"
    const struct ArrowArray *array;   // its length is the number of rows
};

#ifdef __cplusplus
}
#endif
