// SPDX-License-Identifier: Apache-2.0
// Capability "patchbay.sql/1": statements that are run for their effect, and transactions.
#pragma once

#include "connector.h"
#include "params.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PATCHBAY_SQL_CAPABILITY "patchbay.sql/1"

// What a statement did. The host zeroes it and sets struct_size; the connector fills the members
// that struct_size covers.
typedef struct patchbay_execute_result patchbay_execute_result;
struct patchbay_execute_result {
    uint32_t struct_size;
    uint32_t revision; // 1

    uint32_t rows_affected_known;  // 1: rows_affected holds; 0: the source does not say
    uint32_t last_insert_id_known; // 1: last_insert_id holds; 0: there is none
    int64_t rows_affected;         // the sum over all rows of parameters
    int64_t last_insert_id;        // the source's number for the row that was inserted last
};

// How far a transaction is kept apart from others, in the words of the SQL standard. A connector
// answers PATCHBAY_UNSUPPORTED, with the name, for a value that it does not know or cannot give.
typedef int32_t patchbay_isolation;
enum {
    PATCHBAY_ISOLATION_DEFAULT = 0, // whatever the source does by itself
    PATCHBAY_ISOLATION_READ_UNCOMMITTED = 1,
    PATCHBAY_ISOLATION_READ_COMMITTED = 2,
    PATCHBAY_ISOLATION_REPEATABLE_READ = 3,
    PATCHBAY_ISOLATION_SERIALIZABLE = 4
};

// How to begin a transaction. A wish that the source cannot meet is PATCHBAY_UNSUPPORTED; it is
// never ignored.
//
// Owns: the host; borrowed until begin returns.
typedef struct patchbay_transaction_options patchbay_transaction_options;
struct patchbay_transaction_options {
    uint32_t struct_size;
    uint32_t revision; // 1

    patchbay_isolation isolation;
    uint32_t read_only;  // 1: refuses to write
    uint64_t deferrable; // 1: waits at its begin for a snapshot that cannot fail (PostgreSQL)
};

// Outside begin and commit every statement is a transaction of its own.
//
// Owns: the connector; constant until the process ends.
typedef struct patchbay_sql patchbay_sql;
struct patchbay_sql {
    uint32_t struct_size;
    uint32_t revision; // 1

    // Runs one statement to its end. Rows that it returns are dropped.
    //
    // statement: one statement in the source's own language. A second one behind it is
    //          PATCHBAY_INVALID_REQUEST; nothing of the text is run then.
    // params:  NULL = none, run once. Else the statement runs once for each row, all of them in one
    //          transaction (the open one, or one of their own); after a failure none counts. With
    //          no row at all it does not run, and the call succeeds.
    // Owns:    *out is the host's, and untouched on failure.
    // Blocks:  until the source is done, bounded by call->deadline_ns.
    // Errors:  as for open_stream; PATCHBAY_CONFLICT for a constraint or a lock.
    // Since:   ABI 0.1. [session]
    patchbay_status (*execute)(patchbay_session *session, patchbay_text statement,
                               const patchbay_params *params, const patchbay_call *call,
                               patchbay_execute_result *out, patchbay_error *error);

    // Opens a transaction. options may be NULL: all defaults.
    //
    // Errors:  PATCHBAY_CONFLICT when one is open; PATCHBAY_UNSUPPORTED for an option.
    // Since:   ABI 0.1. [session]
    patchbay_status (*begin)(patchbay_session *session, const patchbay_transaction_options *options,
                             const patchbay_call *call, patchbay_error *error);

    // Makes the transaction's work durable. After a failure the transaction is over if the error
    // says so by any code but PATCHBAY_CONFLICT, which leaves it open to be tried again.
    //
    // Errors:  PATCHBAY_INVALID_REQUEST when none is open.
    // Since:   ABI 0.1. [session]
    patchbay_status (*commit)(patchbay_session *session, const patchbay_call *call,
                              patchbay_error *error);

    // Undoes the transaction's work. With none open it does nothing and succeeds.
    //
    // Errors:  any; the host then closes the session, which undoes it too.
    // Since:   ABI 0.1. [session]
    patchbay_status (*rollback)(patchbay_session *session, const patchbay_call *call,
                                patchbay_error *error);
};

#ifdef __cplusplus
}
#endif
