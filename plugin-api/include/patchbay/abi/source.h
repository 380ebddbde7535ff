// SPDX-License-Identifier: Apache-2.0
// Capability "patchbay.source/1": reading rows as a stream of Arrow record batches.
#pragma once

#include "arrow.h"
#include "connector.h"
#include "params.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PATCHBAY_SOURCE_CAPABILITY "patchbay.source/1"

// A request is a JSON object that the host has validated against the bundle's request.schema.json.
// Its words are the source's own; two forms are common to sources with tables:
//
//     {"query": "SELECT ..."}
//     {"table": "sales.orders", "columns": ["id", "total"], "where": "total > 10", "limit": 100}
//
// The name of a table is one text. Dots separate its parts; a part in double quotes may hold dots,
// and "" for a quote; a part without quotes is taken as it is, blanks and capitals included.
//
// The stream
// - delivers batches of struct type, one child per column, bounded in rows and in bytes, so that
//   memory stays flat whatever the size of the result;
// - answers a batch with release == NULL at its end, and again when asked again;
// - is asked for its schema once, right after open_stream and as a part of that call: get_schema
//   neither waits nor reads from the source. It may fail as get_next may;
// - never passes an error off as an end: get_next then answers an errno value, the text follows
//   from get_last_error, and the structured error from "patchbay.stream-info/1"
//   (PATCHBAY_CANCELLED is ECANCELED, PATCHBAY_DEADLINE is ETIMEDOUT, others are for the connector
//   to choose, EIO where nothing fits better). The text of get_last_error lives until the stream's
//   next function is called. After a failure the host asks for no further batch, only for the error
//   and the release;
// - belongs to its session: its functions count as [session]. A session carries one stream at a
//   time.
// - Released before its end, it cancels at the source and returns at once. What is left to drain is
//   drained by the session's next call, under that call's deadline.
//
// Its schema
// - is a struct ("+s") of the columns, at most 32 levels deep below it;
// - has these Arrow formats: null "n"; boolean "b"; integers "c", "C", "s", "S", "i", "I",
//   "l", "L"; floating point "e", "f", "g"; decimals "d:..."; utf8 "u", "U"; binary "z", "Z",
//   "w:..."; dates, times, timestamps, durations and intervals "t..."; lists "+l",
//   "+L", "+w:..."; maps "+m"; structs "+s";
// - has no others. Views, unions, run-end encoding and dictionaries are not carried by this
//   contract; a schema that has one, or a format string that is none, is a broken rule.
//
// Its batches
// - have a length and an offset of at most INT32_MAX each, and so have their columns;
// - have what the schema says, which the host looks at for each of them: numbers of buffers and
//   children, lengths, null counts, no buffer missing, the first and the last offset. It does not
//   look at contents; those are the connector's word;
// - outlive the stream, the session and the connection; the library stays mapped until the
//   process ends;
// - may be released on any thread, in any order;
// - own their buffers child by child, because a consumer may move a child out of its parent and
//   release the parent first.
// - Buffers may be used again once they are released, in a pool that belongs to the one stream and
//   holds at most four batches; never across streams, where they would carry another reader's
//   bytes.
//
// Owns: the connector; constant until the process ends.
typedef struct patchbay_source patchbay_source;
struct patchbay_source {
    uint32_t struct_size;
    uint32_t revision; // 1

    // Starts a read and hands the host a stream of Arrow record batches.
    //
    // request_json: as above; copied where it is needed for longer.
    // params:  values bound to the query's placeholders, exactly one row; NULL = none.
    // call:    stays valid until the stream is released; get_next obeys its token and deadline.
    // Owns:    the host owns *out and calls out->release before it closes the session. On failure
    //          *out is untouched.
    // Blocks:  until the schema is known, bounded by call->deadline_ns.
    // Errors:  PATCHBAY_INVALID_REQUEST when the source rejects the request;
    //          PATCHBAY_NOT_FOUND when the table does not exist;
    //          PATCHBAY_CONFLICT while another stream of this session is not finished;
    //          PATCHBAY_UNAVAILABLE when a retry may help; PATCHBAY_CANCELLED; PATCHBAY_DEADLINE.
    // Since:   ABI 0.1. [session]
    patchbay_status (*open_stream)(patchbay_session *session, patchbay_text request_json,
                                   const patchbay_params *params, const patchbay_call *call,
                                   struct ArrowArrayStream *out, patchbay_error *error);
};

#ifdef __cplusplus
}
#endif
