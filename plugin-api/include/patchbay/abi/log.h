// SPDX-License-Identifier: Apache-2.0
// Host service "patchbay.log/1": the only way for a connector to say something.
#pragma once

#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PATCHBAY_LOG_SERVICE "patchbay.log/1"

typedef int32_t patchbay_log_level;
enum {
    PATCHBAY_LOG_TRACE = 0,
    PATCHBAY_LOG_DEBUG = 1,
    PATCHBAY_LOG_INFO = 2,
    PATCHBAY_LOG_WARNING = 3,
    PATCHBAY_LOG_ERROR = 4,
    PATCHBAY_LOG_HOST_MISUSE = 5,     // the host broke a rule of this contract
    PATCHBAY_LOG_CONNECTOR_MISUSE = 6 // the connector noticed that it broke one itself
};

// One entry. Everything in it is borrowed until write returns. Never a secret: the host masks the
// ones that it knows, and cannot know those that a server made up.
typedef struct patchbay_log_record patchbay_log_record;
struct patchbay_log_record {
    uint32_t struct_size;
    uint32_t revision; // 1

    patchbay_log_level level;
    uint32_t line; // of file, or 0

    patchbay_text target;  // the part of the connector that speaks: "session", "tls"
    patchbay_text message; // one line, no formatting to be done
    patchbay_text file;    // source file, or empty

    // Pairs of key and value, one after the other: 2 * field_count texts.
    const patchbay_text *fields;
    uint64_t field_count;
};

// Owns: the host; lives until the process ends.
typedef struct patchbay_host_log patchbay_host_log;
struct patchbay_host_log {
    uint32_t struct_size;
    uint32_t revision; // 1
    void *impl;

    // Answers 1 where an entry of this level would be kept, else 0. To be asked before a message
    // is put together. [any-thread]
    uint32_t (*enabled)(const patchbay_host_log *self, patchbay_log_level level,
                        patchbay_text target);

    // Takes an entry. Does not fail. [any-thread]
    void (*write)(const patchbay_host_log *self, const patchbay_log_record *record);
};

#ifdef __cplusplus
}
#endif
