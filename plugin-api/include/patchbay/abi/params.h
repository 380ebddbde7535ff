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
// set of values: open_stream takes exactly one row; execute takes any number, 0 among them.
//
// The host has looked at the structure, as at that of a batch (see source.h). The struct's offset,
// and a child's own, may be other than 0: value r of child i is child i's value number
// array->offset + r. No row of the struct is null; a value may be.
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
