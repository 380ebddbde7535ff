// SPDX-License-Identifier: Apache-2.0
// What a connector's shared library says of itself, and the one symbol that it exports.
#pragma once

#include "text.h"
#include "version.h"

#ifdef __cplusplus
extern "C" {
#endif

// How many calls at once a connector bears. The host enforces it.
typedef int32_t patchbay_threading;
enum {
    // Functions tagged [session] may run at once on one session.
    PATCHBAY_THREADING_FREE = 1,
    // Never two [session] functions at once on one session; sessions are independent of each
    // other, and a session may move between threads.
    PATCHBAY_THREADING_SESSION = 2,
    // One call at a time in the whole library. Reserved: a host refuses it by name.
    PATCHBAY_THREADING_LIBRARY = 3,
    // All calls of a session on the thread that opened it. Reserved: a host refuses it by name.
    PATCHBAY_THREADING_AFFINE = 4
};

// Bits of patchbay_descriptor.flags. A host refuses a bit that it does not know.
enum {
    // The client library may block without regard to cancel token and deadline. The host then
    // makes the calls of each session on a thread of that session, and leaves the thread behind
    // where it does not come back in time.
    PATCHBAY_CONNECTOR_MAY_IGNORE_CANCEL = 1
};

// Who this is. What the manifest (connector.json) says as well must be equal, byte for byte.
//
// Owns: the connector; constant until the process ends.
typedef struct patchbay_descriptor patchbay_descriptor;
struct patchbay_descriptor {
    uint32_t struct_size;
    uint32_t revision; // 1

    patchbay_text id;      // "name|uuid", the immutable identity
    patchbay_text version; // Semantic Versioning 2.0.0

    uint32_t abi_major; // PATCHBAY_ABI_MAJOR of the headers it was compiled with
    uint32_t abi_minor; // PATCHBAY_ABI_MINOR of the same

    patchbay_threading threading;
    uint32_t flags;
};

// Owns: the connector; constant until the process ends.
typedef struct patchbay_library patchbay_library;
struct patchbay_library {
    uint32_t struct_size;
    uint32_t revision; // 1
    const patchbay_descriptor *descriptor;

    // Finds a capability by its ID, such as "patchbay.source/1": a pointer to the table that the
    // capability's header declares, or NULL where this connector does not have it. What answers
    // here and what the manifest lists under "provides" must be the same.
    //
    // id: a NUL-terminated text of any content, matched byte for byte. The answer for one id never
    // changes. [load]
    const void *(*capability)(const char *id);
};

// Answers the library, or NULL where this connector cannot serve that major version.
//
// The only exported symbol of a connector. Pure: no I/O, no thread, no call to anything of the
// host, the same pointer each time. A connector starts nothing before its first open. [load]
typedef const patchbay_library *(*patchbay_connector_entry_function)(uint32_t host_abi_major,
                                                                     uint32_t host_abi_minor);

#if defined(__GNUC__)
#define PATCHBAY_CONNECTOR_EXPORT __attribute__((visibility("default")))
#else
#define PATCHBAY_CONNECTOR_EXPORT
#endif

PATCHBAY_CONNECTOR_EXPORT const patchbay_library *patchbay_connector_entry(uint32_t host_abi_major,
                                                                           uint32_t host_abi_minor);

#define PATCHBAY_CONNECTOR_ENTRY_SYMBOL "patchbay_connector_entry"

#ifdef __cplusplus
}
#endif
