// SPDX-License-Identifier: Apache-2.0
// A borrowed piece of UTF-8 text: how every text crosses the border, in either direction.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// UTF-8 without a terminating NUL, and without a NUL inside.
//
// The only struct of this contract that is passed by value; its layout is frozen for ever. The
// bytes belong to whoever handed them over. How long they live is said where the text is used;
// where nothing is said they live until the call returns, and whoever needs them longer copies.
//
// data may be NULL where size is 0. A file path is text too: a path that is not UTF-8 cannot be
// named in settings.
typedef struct patchbay_text {
    const char *data;
    uint64_t size;
} patchbay_text;

#ifdef __cplusplus
}
#endif
