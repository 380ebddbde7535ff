// SPDX-License-Identifier: Apache-2.0
// The program that loaded the connector, as a place to ask for services.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Reached through patchbay_call. Two hosts may live in one process, so a connector keeps the host
// with the session and never in a global.
//
// Owns: the host. A host, its services and their tables live until the process ends.
typedef struct patchbay_host patchbay_host;
struct patchbay_host {
    uint32_t struct_size;
    uint32_t revision; // 1
    void *impl;

    // Finds a service by its ID, such as "patchbay.log/1": a pointer to the struct that the
    // service's header declares, or NULL where this host does not offer it. A connector copes
    // without, or its open fails with a message that names what is missing.
    //
    // id: a NUL-terminated text, matched byte for byte. [any-thread]
    const void *(*service)(const patchbay_host *self, const char *id);
};

#ifdef __cplusplus
}
#endif
