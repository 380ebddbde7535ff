// SPDX-License-Identifier: Apache-2.0
// A complete connector in one C file: a table "numbers" that counts from 1. Copy it and change it.
//
// It shows everything that a read-only connector has to do: say who it is, check settings, open and
// close a session, deliver batches whose columns live on their own, obey the cancel token and the
// deadline, and fail with a message. The rules stand in the headers of patchbay/abi.

#include <patchbay/abi/patchbay.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_PER_BATCH 4096

// A literal as a text.
#define TEXT(literal) {(literal), sizeof(literal) - 1}

// ---- errors ----

static void release_error(patchbay_error *error) {
    free(error->impl);
    error->release = NULL;
    error->impl = NULL;
}

// Fills the caller's error, if he passed one, and answers the code. The message is a copy.
static patchbay_status fail(patchbay_error *error, patchbay_status code, const char *pointer,
                            const char *format, ...) {
    if (error == NULL) return code;
    char *message = malloc(512);
    if (message != NULL) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(message, 512, format, arguments);
        va_end(arguments);
    }
    error->revision = 1;
    error->code = code;
    error->retry = PATCHBAY_RETRY_NEVER;
    error->message.data = message != NULL ? message : "memory ran out";
    error->message.size = strlen(error->message.data);
    error->pointer.data = pointer;
    error->pointer.size = strlen(pointer);
    error->release = release_error;
    error->impl = message;
    return code;
}

// ---- settings and requests ----

// Finds the integer member of a JSON object that the host has validated: compact, so that a key is
// followed by a colon at once, and no string can hold an unescaped quote. Real connectors use a
// JSON library.
static bool find_integer(patchbay_text json, const char *name, int64_t *out) {
    char key[64];
    const int key_size = snprintf(key, sizeof key, "\"%s\":", name);
    for (uint64_t i = 0; i + (uint64_t)key_size < json.size; ++i) {
        if (memcmp(json.data + i, key, (size_t)key_size) != 0) continue;
        // The object's closing brace stands behind the digits, so strtoll finds an end.
        char *end = NULL;
        *out = strtoll(json.data + i + key_size, &end, 10);
        return end != json.data + i + key_size;
    }
    return false;
}

// ---- batches ----

// Each column owns its buffers alone: the host's consumer may take a column out of its batch and
// release the batch first.
struct column {
    const void *buffers[2]; // validity (none: no nulls), values
    int64_t values[ROWS_PER_BATCH];
};

static void release_column(struct ArrowArray *array) {
    free(array->private_data);
    array->release = NULL;
}

struct batch {
    const void *buffers[1];
    struct ArrowArray *children[1];
    struct ArrowArray column;
};

static void release_batch(struct ArrowArray *array) {
    struct batch *batch = array->private_data;
    if (batch->column.release != NULL) batch->column.release(&batch->column); // not moved out
    free(batch);
    array->release = NULL;
}

// Builds a batch of consecutive numbers; false where memory ran out.
static bool make_batch(int64_t first, int64_t rows, struct ArrowArray *out) {
    struct batch *batch = calloc(1, sizeof *batch);
    struct column *column = malloc(sizeof *column);
    if (batch == NULL || column == NULL) {
        free(batch);
        free(column);
        return false;
    }
    for (int64_t i = 0; i < rows; ++i)
        column->values[i] = first + i;
    column->buffers[0] = NULL;
    column->buffers[1] = column->values;
    batch->column = (struct ArrowArray){.length = rows,
                                        .n_buffers = 2,
                                        .buffers = column->buffers,
                                        .release = release_column,
                                        .private_data = column};
    batch->children[0] = &batch->column;
    *out = (struct ArrowArray){.length = rows,
                               .n_buffers = 1,
                               .buffers = batch->buffers,
                               .n_children = 1,
                               .children = batch->children,
                               .release = release_batch,
                               .private_data = batch};
    return true;
}

// ---- schema ----

struct schema {
    struct ArrowSchema *children[1];
    struct ArrowSchema column;
};

static void release_column_schema(struct ArrowSchema *schema) {
    schema->release = NULL; // its texts are literals
}

static void release_schema(struct ArrowSchema *schema) {
    struct schema *owned = schema->private_data;
    if (owned->column.release != NULL) owned->column.release(&owned->column);
    free(owned);
    schema->release = NULL;
}

// ---- the stream ----

struct stream {
    const patchbay_call *call; // valid until release
    int64_t next;
    int64_t last;
    patchbay_status failed; // PATCHBAY_OK until it has
};

static const char *message_of(patchbay_status status) {
    switch (status) {
    case PATCHBAY_CANCELLED:
        return "counting was cancelled";
    case PATCHBAY_DEADLINE:
        return "the deadline passed while counting";
    case PATCHBAY_RESOURCE_EXHAUSTED:
        return "memory ran out while counting";
    default:
        return NULL;
    }
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out) {
    struct stream *stream = self->private_data;
    struct schema *schema = calloc(1, sizeof *schema);
    if (schema == NULL) {
        stream->failed = PATCHBAY_RESOURCE_EXHAUSTED; // last_error says so
        return ENOMEM;
    }
    schema->column =
        (struct ArrowSchema){.format = "l", .name = "n", .release = release_column_schema};
    schema->children[0] = &schema->column;
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = 1,
                                .children = schema->children,
                                .release = release_schema,
                                .private_data = schema};
    return 0;
}

// Whether the call should go on: asked once a batch, which takes far less than a second.
static patchbay_status look_at_call(const patchbay_call *call) {
    if (call->cancel->requested(call->cancel)) return PATCHBAY_CANCELLED;
    if (call->deadline_ns == PATCHBAY_NO_DEADLINE) return PATCHBAY_OK;
    const patchbay_host_clock *clock = call->host->service(call->host, PATCHBAY_CLOCK_SERVICE);
    if (clock != NULL && clock->monotonic_ns(clock) >= call->deadline_ns) return PATCHBAY_DEADLINE;
    return PATCHBAY_OK;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out) {
    struct stream *stream = self->private_data;
    if (stream->failed == PATCHBAY_OK) stream->failed = look_at_call(stream->call);
    if (stream->failed == PATCHBAY_OK) {
        int64_t rows = stream->last - stream->next + 1;
        if (rows > ROWS_PER_BATCH) rows = ROWS_PER_BATCH;
        if (rows <= 0) {
            *out = (struct ArrowArray){.release = NULL}; // the end
            return 0;
        }
        if (make_batch(stream->next, rows, out)) {
            stream->next += rows;
            return 0;
        }
        stream->failed = PATCHBAY_RESOURCE_EXHAUSTED;
    }
    switch (stream->failed) {
    case PATCHBAY_CANCELLED:
        return ECANCELED;
    case PATCHBAY_DEADLINE:
        return ETIMEDOUT;
    default:
        return ENOMEM;
    }
}

static const char *get_last_error(struct ArrowArrayStream *self) {
    const struct stream *stream = self->private_data;
    return message_of(stream->failed);
}

static void release_stream(struct ArrowArrayStream *self) {
    free(self->private_data);
    self->release = NULL;
}

static patchbay_status last_error(struct ArrowArrayStream *self, patchbay_error *out) {
    const struct stream *stream = self->private_data;
    if (stream->failed == PATCHBAY_OK) return PATCHBAY_OK;
    return fail(out, stream->failed, "", "%s", message_of(stream->failed));
}

static void progress(struct ArrowArrayStream *self, patchbay_progress *out) {
    const struct stream *stream = self->private_data;
    const uint64_t rows = (uint64_t)(stream->next - 1);
    out->revision = 1;
    if (PATCHBAY_COVERS(out, rows)) out->rows = rows;
    if (PATCHBAY_COVERS(out, bytes)) out->bytes = rows * sizeof(int64_t);
    if (PATCHBAY_COVERS(out, total_rows)) out->total_rows = stream->last;
}

// ---- the session ----

struct patchbay_session {
    int64_t rows;
};

static patchbay_status check_settings(patchbay_text settings_json, const patchbay_call *call,
                                      patchbay_settings_facts *out, patchbay_error *error) {
    (void)call;
    int64_t rows = 0;
    if (!find_integer(settings_json, "rows", &rows) || rows < 0) {
        return fail(error, PATCHBAY_INVALID_SETTINGS, "/connection/rows",
                    "needs a number of rows that is not negative");
    }
    out->revision = 1;
    if (PATCHBAY_COVERS(out, max_sessions)) out->max_sessions = 0; // any number
    return PATCHBAY_OK;
}

static patchbay_status open_session(patchbay_text settings_json, const patchbay_call *call,
                                    patchbay_session **out, patchbay_error *error) {
    patchbay_settings_facts facts = {.struct_size = sizeof facts};
    patchbay_status status = check_settings(settings_json, call, &facts, error);
    if (status != PATCHBAY_OK) return status;
    patchbay_session *session = malloc(sizeof *session);
    if (session == NULL) {
        return fail(error, PATCHBAY_RESOURCE_EXHAUSTED, "", "memory ran out");
    }
    find_integer(settings_json, "rows", &session->rows);
    *out = session;
    return PATCHBAY_OK;
}

static patchbay_status ping(patchbay_session *session, const patchbay_call *call,
                            patchbay_host_sink *answer, patchbay_error *error) {
    (void)session;
    (void)call;
    (void)error;
    static const patchbay_text here =
        TEXT("{\"server_version\":null,\"database\":\"numbers\",\"user\":null,\"tls\":null}");
    answer->write(answer, here);
    return PATCHBAY_OK;
}

static patchbay_status reset(patchbay_session *session, const patchbay_call *call,
                             patchbay_error *error) {
    (void)session;
    (void)call;
    (void)error;
    return PATCHBAY_OK; // a session keeps nothing
}

static patchbay_status close_session(patchbay_session *session, const patchbay_call *call,
                                     patchbay_error *error) {
    (void)call;
    (void)error;
    free(session);
    return PATCHBAY_OK;
}

static patchbay_status open_stream(patchbay_session *session, patchbay_text request_json,
                                   const patchbay_params *params, const patchbay_call *call,
                                   struct ArrowArrayStream *out, patchbay_error *error) {
    if (params != NULL && params->array->n_children > 0) {
        return fail(error, PATCHBAY_INVALID_REQUEST, "/params/0", "numbers take no parameters");
    }
    int64_t limit = session->rows;
    if (find_integer(request_json, "limit", &limit) && limit < 0) {
        return fail(error, PATCHBAY_INVALID_REQUEST, "/limit",
                    "must not be negative; it is %" PRId64, limit);
    }
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return fail(error, PATCHBAY_RESOURCE_EXHAUSTED, "", "memory ran out");
    }
    stream->call = call;
    stream->next = 1;
    stream->last = limit < session->rows ? limit : session->rows;
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = stream};
    return PATCHBAY_OK;
}

// ---- the library ----

static const patchbay_connector connector_table = {.struct_size = sizeof connector_table,
                                                   .revision = 1,
                                                   .check_settings = check_settings,
                                                   .open = open_session,
                                                   .ping = ping,
                                                   .reset = reset,
                                                   .close = close_session};

static const patchbay_source source_table = {
    .struct_size = sizeof source_table, .revision = 1, .open_stream = open_stream};

static const patchbay_stream_info stream_info_table = {.struct_size = sizeof stream_info_table,
                                                       .revision = 1,
                                                       .last_error = last_error,
                                                       .progress = progress};

static const void *capability(const char *id) {
    if (strcmp(id, PATCHBAY_CONNECTOR_CAPABILITY) == 0) return &connector_table;
    if (strcmp(id, PATCHBAY_SOURCE_CAPABILITY) == 0) return &source_table;
    if (strcmp(id, PATCHBAY_STREAM_INFO_CAPABILITY) == 0) return &stream_info_table;
    return NULL;
}

// The macros come from connector.json by way of patchbay_add_connector().
static const patchbay_descriptor descriptor = {.struct_size = sizeof descriptor,
                                               .revision = 1,
                                               .id = TEXT(PATCHBAY_CONNECTOR_ID),
                                               .version = TEXT(PATCHBAY_CONNECTOR_VERSION),
                                               .abi_major = PATCHBAY_ABI_MAJOR,
                                               .abi_minor = PATCHBAY_ABI_MINOR,
                                               .threading = PATCHBAY_THREADING_SESSION};

static const patchbay_library library = {.struct_size = sizeof library,
                                         .revision = 1,
                                         .descriptor = &descriptor,
                                         .capability = capability};

const patchbay_library *patchbay_connector_entry(uint32_t host_abi_major, uint32_t host_abi_minor) {
    (void)host_abi_minor;
    return host_abi_major == PATCHBAY_ABI_MAJOR ? &library : NULL;
}
