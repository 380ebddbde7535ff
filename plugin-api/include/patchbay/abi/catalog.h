// SPDX-License-Identifier: Apache-2.0
// Capability "patchbay.catalog/1": what there is to read, and of which columns it consists.
#pragma once

#include "arrow.h"
#include "connector.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PATCHBAY_CATALOG_CAPABILITY "patchbay.catalog/1"

// Keys of the metadata that describe puts on each field; a key is left out where it does not apply.

// The source's own name of the type: "numeric(10,2)". Always there.
#define PATCHBAY_FIELD_TYPE "patchbay.type"
// What the column is to keys, joined by commas: "primary:1" (the first column of the primary key),
// "unique", "foreign".
#define PATCHBAY_FIELD_KEY "patchbay.key"
// The source's own expression for a value that is not given.
#define PATCHBAY_FIELD_DEFAULT "patchbay.default"
// What somebody wrote about the column.
#define PATCHBAY_FIELD_COMMENT "patchbay.comment"

// Owns: the connector; constant until the process ends.
typedef struct patchbay_catalog patchbay_catalog;
struct patchbay_catalog {
    uint32_t struct_size;
    uint32_t revision; // 1

    // Streams every object that can be read: tables, views and what else the source has, its own
    // internals left out.
    //
    // The columns, all utf8: "catalog", "schema", "name" (never null), "kind" ("table", "view",
    // "materialized view", "virtual table", ... in lower case), "comment". Ordered by catalog,
    // schema and name, bytewise, nulls first. The rules of patchbay_source's streams hold.
    //
    // call:    stays valid until the stream is released.
    // Owns:    the host owns *out; on failure it is untouched.
    // Blocks:  bounded by call->deadline_ns.
    // Since:   ABI 0.1. [session]
    patchbay_status (*objects)(patchbay_session *session, const patchbay_call *call,
                               struct ArrowArrayStream *out, patchbay_error *error);

    // Tells the columns of one object, in the source's order, as open_stream of that object would
    // deliver them as far as that is known before reading.
    //
    // object:  a name as in the member "table" of a request (see source.h).
    // out:     a struct schema whose fields carry the metadata above; the rules of a stream's
    //          schema hold.
    // Owns:    the host owns *out and releases it; on failure it is untouched.
    // Blocks:  bounded by call->deadline_ns.
    // Errors:  PATCHBAY_NOT_FOUND when there is no such object.
    // Since:   ABI 0.1. [session]
    patchbay_status (*describe)(patchbay_session *session, patchbay_text object,
                                const patchbay_call *call, struct ArrowSchema *out,
                                patchbay_error *error);
};

#ifdef __cplusplus
}
#endif
