// SPDX-License-Identifier: Apache-2.0
// Capability "patchbay.connector/1": checking settings, and the life of a session.
#pragma once

#include "call.h"
#include "error.h"
#include "sink.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PATCHBAY_CONNECTOR_CAPABILITY "patchbay.connector/1"

// One physical connection to the source: a socket, an open file. Defined by the connector.
typedef struct patchbay_session patchbay_session;

// What a connector says about settings that it finds good. The host zeroes it and sets struct_size;
// the connector fills the members that struct_size covers.
typedef struct patchbay_settings_facts patchbay_settings_facts;
struct patchbay_settings_facts {
    uint32_t struct_size;
    uint32_t revision; // 1

    // How many sessions these settings allow at the same time; 0 = any number. A database that
    // lives in the memory of its session allows 1.
    uint64_t max_sessions;
};

// Every connector has this capability.
//
// Of this and every other table: arguments that a function fills (out, answer) and those without
// which it could not work (session, call) are never NULL; what may be NULL says so.
//
// Settings are a JSON object, compact, at most 1 MiB, that the host has validated against the
// bundle's settings.schema.json and completed with its defaults. A secret that the host has not
// resolved yet stands as null in check_settings, and means "will be given"; open gets it in full.
//
// Owns: the connector; constant until the process ends.
typedef struct patchbay_connector patchbay_connector;
struct patchbay_connector {
    uint32_t struct_size;
    uint32_t revision; // 1

    // Says whether settings that satisfy the schema can work, as far as that can be seen without
    // touching anything: a URL that does not parse, two options that exclude each other.
    //
    // Blocks:  no; does no I/O and reads no environment.
    // Errors:  PATCHBAY_INVALID_SETTINGS with a pointer to the first fault; further ones in
    //          error.details_json.
    // Since:   ABI 0.1. [any-thread]
    patchbay_status (*check_settings)(patchbay_text settings_json, const patchbay_call *call,
                                      patchbay_settings_facts *out, patchbay_error *error);

    // Connects and signs in.
    //
    // Owns:    the host owns *out and ends it with close. On failure *out is untouched and nothing
    //          is left behind.
    // Blocks:  until the source answers, bounded by call->deadline_ns.
    // Errors:  PATCHBAY_INVALID_SETTINGS as for check_settings; PATCHBAY_UNAUTHENTICATED;
    //          PATCHBAY_FORBIDDEN; PATCHBAY_NOT_FOUND when the database or file does not exist;
    //          PATCHBAY_UNAVAILABLE when nobody answers; PATCHBAY_CANCELLED; PATCHBAY_DEADLINE.
    // Since:   ABI 0.1. [any-thread]
    patchbay_status (*open)(patchbay_text settings_json, const patchbay_call *call,
                            patchbay_session **out, patchbay_error *error);

    // Asks the source for a sign of life and says who is there.
    //
    // answer: one JSON object with the keys "server_version", "database", "user" and "tls", each
    //         a text, or null where the source has no such thing. A connector may add keys.
    // Blocks:  for one round trip, bounded by call->deadline_ns.
    // Errors:  PATCHBAY_UNAVAILABLE when the session is dead.
    // Since:   ABI 0.1. [session]
    patchbay_status (*ping)(patchbay_session *session, const patchbay_call *call,
                            patchbay_host_sink *answer, patchbay_error *error);

    // Makes the session as it was after open, for its next borrower: open transactions are rolled
    // back, temporary objects, session settings and locks are gone.
    //
    // Blocks:  bounded by call->deadline_ns.
    // Errors:  any; the host then closes the session.
    // Since:   ABI 0.1. [session]
    patchbay_status (*reset)(patchbay_session *session, const patchbay_call *call,
                             patchbay_error *error);

    // Ends the session and frees it, whatever the answer: an error tells only that the source was
    // not left in order. All streams of the session have been released before. Batches that were
    // handed out stay valid.
    //
    // Blocks:  for a polite goodbye, bounded by call->deadline_ns.
    // Since:   ABI 0.1. [session]
    patchbay_status (*close)(patchbay_session *session, const patchbay_call *call,
                             patchbay_error *error);
};

#ifdef __cplusplus
}
#endif
