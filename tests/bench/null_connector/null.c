// SPDX-License-Identifier: Apache-2.0
// A connector that costs nothing: one batch of four columns, prepared once and handed out for ever.
//
// Not a model for others: its batches share their columns, so that they must be released one by one
// and nothing may be moved out of them.

#include <patchbay/abi/patchbay.h>

#include <string.h>

// A literal as a text.
#define TEXT(literal) {(literal), sizeof(literal) - 1}

enum { COLUMN_COUNT = 4 };

// ---- the batch ----

static void forget_array(struct ArrowArray *array) {
    array->release = NULL;
}

static void keep_array(struct ArrowArray *array) {
    (void)array;
}

static const int64_t values[1] = {42};
static const void *column_buffers[2] = {NULL, values};
static const void *batch_buffers[1] = {NULL};

#define COLUMN {.length = 1, .n_buffers = 2, .buffers = column_buffers, .release = keep_array}
static struct ArrowArray columns[COLUMN_COUNT] = {COLUMN, COLUMN, COLUMN, COLUMN};
static struct ArrowArray *children[COLUMN_COUNT] = {&columns[0], &columns[1], &columns[2],
                                                    &columns[3]};
static const struct ArrowArray batch = {.length = 1,
                                        .n_buffers = 1,
                                        .buffers = batch_buffers,
                                        .n_children = COLUMN_COUNT,
                                        .children = children,
                                        .release = forget_array};

// ---- the stream ----

static void forget_schema(struct ArrowSchema *schema) {
    schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out) {
    (void)self;
    // Each asker gets the same columns; the host asks once for each stream.
    static struct ArrowSchema fields[COLUMN_COUNT];
    static struct ArrowSchema *field_pointers[COLUMN_COUNT];
    static const char *const names[COLUMN_COUNT] = {"a", "b", "c", "d"};
    for (int i = 0; i < COLUMN_COUNT; ++i) {
        fields[i] = (struct ArrowSchema){.format = "l", .name = names[i], .release = forget_schema};
        field_pointers[i] = &fields[i];
    }
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = COLUMN_COUNT,
                                .children = field_pointers,
                                .release = forget_schema};
    return 0;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out) {
    (void)self;
    *out = batch;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *self) {
    (void)self;
    return NULL;
}

static void release_stream(struct ArrowArrayStream *self) {
    self->release = NULL;
}

static patchbay_status open_stream(patchbay_session *session, patchbay_text request_json,
                                   const patchbay_params *params, const patchbay_call *call,
                                   struct ArrowArrayStream *out, patchbay_error *error) {
    (void)session;
    (void)request_json;
    (void)params;
    (void)call;
    (void)error;
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream};
    return PATCHBAY_OK;
}

// ---- the session, one for all ----

struct patchbay_session {
    int unused;
};

static struct patchbay_session only_session;

static patchbay_status check_settings(patchbay_text settings_json, const patchbay_call *call,
                                      patchbay_settings_facts *out, patchbay_error *error) {
    (void)settings_json;
    (void)call;
    (void)error;
    out->revision = 1;
    out->max_sessions = 1;
    return PATCHBAY_OK;
}

static patchbay_status open_session(patchbay_text settings_json, const patchbay_call *call,
                                    patchbay_session **out, patchbay_error *error) {
    (void)settings_json;
    (void)call;
    (void)error;
    *out = &only_session;
    return PATCHBAY_OK;
}

static patchbay_status ping(patchbay_session *session, const patchbay_call *call,
                            patchbay_host_sink *answer, patchbay_error *error) {
    (void)session;
    (void)call;
    (void)error;
    static const patchbay_text here =
        TEXT("{\"server_version\":null,\"database\":null,\"user\":null,\"tls\":null}");
    answer->write(answer, here);
    return PATCHBAY_OK;
}

static patchbay_status do_nothing(patchbay_session *session, const patchbay_call *call,
                                  patchbay_error *error) {
    (void)session;
    (void)call;
    (void)error;
    return PATCHBAY_OK;
}

// ---- the library ----

static const patchbay_connector connector_table = {.struct_size = sizeof connector_table,
                                                   .revision = 1,
                                                   .check_settings = check_settings,
                                                   .open = open_session,
                                                   .ping = ping,
                                                   .reset = do_nothing,
                                                   .close = do_nothing};

static const patchbay_source source_table = {
    .struct_size = sizeof source_table, .revision = 1, .open_stream = open_stream};

static const void *capability(const char *id) {
    if (strcmp(id, PATCHBAY_CONNECTOR_CAPABILITY) == 0) return &connector_table;
    if (strcmp(id, PATCHBAY_SOURCE_CAPABILITY) == 0) return &source_table;
    return NULL;
}

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
