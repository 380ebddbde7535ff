// SPDX-License-Identifier: Apache-2.0
// How far a struct of this contract reaches, for whoever reads or fills one that is not their own.
#pragma once

#include <stddef.h>

// Whether the struct that pointer points to is large enough to hold the member, by its struct_size:
// whoever made it may know an older version of the contract, which ends sooner. struct_size and
// revision are always there.
//
//     if (PATCHBAY_COVERS(out, total_rows)) out->total_rows = -1;
//
// Ask for each member, never for sizeof *out: that is the size in your version, and an older caller
// would get nothing at all.
#ifdef __cplusplus
#define PATCHBAY_COVERS(pointer, member)                                                           \
    ((pointer)->struct_size >=                                                                     \
     static_cast<size_t>(reinterpret_cast<const char *>(&(pointer)->member + 1) -                  \
                         reinterpret_cast<const char *>(pointer)))
#else
#define PATCHBAY_COVERS(pointer, member)                                                           \
    ((pointer)->struct_size >=                                                                     \
     (size_t)((const char *)(&(pointer)->member + 1) - (const char *)(pointer)))
#endif
