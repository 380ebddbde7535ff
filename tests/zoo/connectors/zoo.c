// SPDX-License-Identifier: Apache-2.0
// A small connector that keeps the contract, compiled once for each thing that one can do wrong.
//
// Without a macro it delivers three rows. ZOO_X is the misdeed x of README.md; those of the load
// and of a call stand in at_load and in_call, those of a stream where the stream is made.

#define _GNU_SOURCE

#include <patchbay/abi/patchbay.h>

#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#define TEXT(literal) {(literal), sizeof(literal) - 1}
#define ROWS 3

// In throwing.cpp and inline_state.cpp.
void zoo_throw(void);
const char* zoo_who(void);

// ---- what some misdeeds are made of ----

static inline void sleep_for_ever(void) {
    for (;;)
        pause();
}

static inline void* thread_that_stays(void* unused) {
    (void)unused;
    sleep_for_ever();
    return NULL;
}

static inline void leave_a_thread(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, thread_that_stays, NULL) == 0) pthread_detach(thread);
}

static inline void write_to_nowhere(void) {
    volatile int* volatile nowhere = NULL; // a store that no compiler may leave out
    *nowhere = 1;
}

static inline int descend(const volatile char* above) {
    volatile char frame[4096];
    frame[0] = *above;
    return frame[0] == 1 ? 0 : descend(frame) + frame[0];
}

// As -ffast-math does it, by way of a constructor.
static inline void switch_denormals_off(void) {
#if defined(__SSE__)
    _mm_setcsr(_mm_getcsr() | 0x8040);
#else
    fesetround(FE_UPWARD);
#endif
}

// Whether the caller still waits.
static inline patchbay_status look_at_call(const patchbay_call* call) {
    if (call->cancel->requested(call->cancel)) return PATCHBAY_CANCELLED;
    const patchbay_host_clock* clock = call->host->service(call->host, PATCHBAY_CLOCK_SERVICE);
    return clock->monotonic_ns(clock) >= call->deadline_ns ? PATCHBAY_DEADLINE : PATCHBAY_OK;
}

// ---- misdeeds of the load ----

__attribute__((constructor)) static void at_load(void) {
#if defined(ZOO_CTOR_EXIT)
    exit(7);
#elif defined(ZOO_CTOR_ABORT)
    abort();
#elif defined(ZOO_CTOR_SEGV)
    write_to_nowhere();
#elif defined(ZOO_CTOR_HANG)
    sleep_for_ever();
#elif defined(ZOO_CTOR_SLEEP2S)
    sleep(2);
#elif defined(ZOO_CTOR_PRINT)
    puts("the zoo is open");
    fflush(stdout);
#elif defined(ZOO_CTOR_THREAD)
    leave_a_thread();
#elif defined(ZOO_MUTATE_FPU)
    switch_denormals_off();
#endif
}

// ---- misdeeds of a call ----

static patchbay_status in_call(const patchbay_call* call) {
    (void)call;
#if defined(ZOO_CALL_EXIT)
    exit(7);
#elif defined(ZOO_CALL_ABORT)
    abort();
#elif defined(ZOO_CALL_SEGV)
    write_to_nowhere();
#elif defined(ZOO_CALL_STACK_OVERFLOW)
    const volatile char top = 0;
    return descend(&top);
#elif defined(ZOO_CALL_HANG)
    patchbay_status status = PATCHBAY_OK;
    while (status == PATCHBAY_OK) {
        usleep(1000);
        status = look_at_call(call);
    }
    return status;
#elif defined(ZOO_CALL_HANG_IGNORING_CANCEL) || defined(ZOO_CALL_HANG_UNDECLARED)
    sleep_for_ever();
#elif defined(ZOO_CALL_THROW)
    zoo_throw();
#elif defined(ZOO_CALL_UNSUBSCRIBE_ZERO)
    call->cancel->unsubscribe(call->cancel, 0);
#elif defined(ZOO_CALL_FORK)
    if (fork() == 0) _exit(0);
#elif defined(ZOO_CALL_RAISE_SIGTERM)
    raise(SIGTERM);
#elif defined(ZOO_LEAK_MEM)
    static void* volatile leaked;
    leaked = malloc((size_t)64 << 20);
    if (leaked != NULL) memset(leaked, 1, (size_t)64 << 20);
#elif defined(ZOO_LEAK_FD)
    (void)!open("/dev/null", O_RDONLY);
#elif defined(ZOO_LEAK_THREAD)
    leave_a_thread();
#elif defined(ZOO_MUTATE_LOCALE)
    const char* locale = getenv("ZOO_LOCALE");
    setlocale(LC_ALL, locale != NULL ? locale : "C.UTF-8");
#elif defined(ZOO_MUTATE_ENV)
    setenv("ZOO_WAS_HERE", "1", 1);
#elif defined(ZOO_MUTATE_CWD)
    (void)!chdir("/proc");
#elif defined(ZOO_MUTATE_UMASK)
    umask(0123);
#elif defined(ZOO_MUTATE_SIGNAL)
    signal(SIGUSR1, SIG_IGN);
#elif defined(ZOO_MUTATE_SIGMASK)
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
#elif defined(ZOO_MUTATE_FPU)
    switch_denormals_off();
    fesetround(FE_UPWARD);
#elif defined(ZOO_MUTATE_STDIO_CLOSE)
    for (int fd = 0; fd <= 2; ++fd)
        close(fd);
#elif defined(ZOO_MUTATE_FD_CLOSE)
    for (int fd = 3; fd < 256; ++fd)
        close(fd);
#endif
    return PATCHBAY_OK;
}

// ---- batches ----

static void release_owned(struct ArrowArray* array) {
    free(array->private_data);
    array->release = NULL;
}

struct column {
    const void* buffers[3]; // validity (none: no nulls), values or offsets, characters
    int64_t numbers[ROWS];
    int32_t offsets[ROWS + 1];
    char characters[3 * ROWS];
};

static void make_column(int64_t buffer_count, struct ArrowArray* out) {
    struct column* column = calloc(1, sizeof *column);
    if (column == NULL) abort();
    for (int i = 0; i < ROWS; ++i) {
        column->numbers[i] = i + 1;
        column->offsets[i + 1] = 3 * (i + 1);
    }
    memset(column->characters, 'x', sizeof column->characters);
    column->buffers[1] = buffer_count == 2 ? (const void*)column->numbers : column->offsets;
    column->buffers[2] = column->characters;
    *out = (struct ArrowArray){.length = ROWS,
                               .n_buffers = buffer_count,
                               .buffers = column->buffers,
                               .release = release_owned,
                               .private_data = column};
#if defined(ZOO_STREAM_OFFSET_OOB)
    column->offsets[ROWS] = 1 << 30;
#elif defined(ZOO_STREAM_OFFSET_DECREASING)
    for (int i = 0; i <= ROWS; ++i)
        column->offsets[i] = 3 * (ROWS - i);
#elif defined(ZOO_STREAM_OFFSET_DIP)
    column->offsets[1] = 9;
#elif defined(ZOO_STREAM_NULL_BUFFER)
    column->buffers[1] = NULL;
#elif defined(ZOO_STREAM_NULL_CHARACTERS)
    column->buffers[2] = NULL;
#elif defined(ZOO_STREAM_GIANT_BATCH)
    out->length = INT64_MAX;
#endif
}

struct batch {
    const void* buffers[1];
    struct ArrowArray* children[2];
    struct ArrowArray columns[2];
};

static void release_batch(struct ArrowArray* array) {
    struct batch* batch = array->private_data;
    for (int i = 0; i < 2; ++i) {
        if (batch->columns[i].release != NULL) batch->columns[i].release(&batch->columns[i]);
    }
    void* volatile owned = batch;
    free(owned);
#if defined(ZOO_STREAM_RELEASE_TWICE)
    free(owned);
#endif
    array->release = NULL;
}

static void make_batch(struct ArrowArray* out) {
    struct batch* batch = calloc(1, sizeof *batch);
    if (batch == NULL) abort();
    make_column(2, &batch->columns[0]);
    make_column(3, &batch->columns[1]);
    batch->children[0] = &batch->columns[0];
    batch->children[1] = &batch->columns[1];
    *out = (struct ArrowArray){.length = batch->columns[0].length,
                               .n_buffers = 1,
                               .buffers = batch->buffers,
                               .n_children = 2,
                               .children = batch->children,
                               .release = release_batch,
                               .private_data = batch};
#if defined(ZOO_STREAM_BAD_CHILD_COUNT)
    out->n_children = 1;
#elif defined(ZOO_STREAM_CHILD_RELEASED)
    release_owned(&batch->columns[1]);
#elif defined(ZOO_STREAM_GIANT_BATCH)
    out->offset = 1;
#endif
}

// ---- the stream ----

struct stream {
    int batches_left;
    char* error_text; // owned
};

// ---- its schema ----

static void release_static(struct ArrowSchema* schema) {
    schema->release = NULL; // its texts are literals
}

struct schema {
    struct ArrowSchema* children[2];
    struct ArrowSchema columns[2];
};

static void release_schema(struct ArrowSchema* schema) {
    free(schema->private_data);
    schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream* self, struct ArrowSchema* out) {
    (void)self;
#if defined(ZOO_SCHEMA_OUT_OF_MEMORY)
    struct stream* stream = self->private_data;
    stream->error_text = strdup("no memory was left for the schema");
    return ENOMEM;
#endif
    struct schema* schema = calloc(1, sizeof *schema);
    if (schema == NULL) return ENOMEM;
    schema->columns[0] =
        (struct ArrowSchema){.format = "l", .name = "number", .release = release_static};
    schema->columns[1] =
        (struct ArrowSchema){.format = "u", .name = "text", .release = release_static};
    schema->children[0] = &schema->columns[0];
    schema->children[1] = &schema->columns[1];
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = 2,
                                .children = schema->children,
                                .release = release_schema,
                                .private_data = schema};
#if defined(ZOO_SCHEMA_NULL_CHILDREN)
    out->children = NULL;
#elif defined(ZOO_SCHEMA_NEGATIVE_CHILDREN)
    out->n_children = -1;
#elif defined(ZOO_SCHEMA_BAD_FORMAT)
    schema->columns[1].format = "utf8";
#elif defined(ZOO_SCHEMA_DICTIONARY)
    schema->columns[0].dictionary = &schema->columns[1];
#endif
    return 0;
}

// ---- its batches ----

static int get_next(struct ArrowArrayStream* self, struct ArrowArray* out) {
    struct stream* stream = self->private_data;
#if defined(ZOO_STREAM_ERROR_WITHOUT_TEXT)
    return EIO;
#elif defined(ZOO_STREAM_DANGLING_ERROR)
    stream->error_text = strdup("the wire was cut");
    return EIO;
#elif defined(ZOO_STREAM_INFINITE)
    stream->batches_left = 1;
#endif
    if (stream->batches_left-- > 0) {
        make_batch(out);
    } else {
        stream->batches_left = 0;
        *out = (struct ArrowArray){.release = NULL};
    }
    return 0;
}

static const char* get_last_error(struct ArrowArrayStream* self) {
    const struct stream* stream = self->private_data;
    return stream->error_text;
}

static void release_stream(struct ArrowArrayStream* self) {
    struct stream* stream = self->private_data;
    if (stream->error_text != NULL) {
        memset(stream->error_text, '#', strlen(stream->error_text));
        free(stream->error_text);
    }
    free(stream);
    self->release = NULL;
#if defined(ZOO_STREAM_RELEASE_THROWS)
    zoo_throw();
#endif
}

static patchbay_status open_stream(patchbay_session* session, patchbay_text request_json,
                                   const patchbay_params* params, const patchbay_call* call,
                                   struct ArrowArrayStream* out, patchbay_error* error) {
    (void)session;
    (void)request_json;
    (void)params;
    (void)call;
    (void)error;
    struct stream* stream = calloc(1, sizeof *stream);
    if (stream == NULL) abort();
    stream->batches_left = 1;
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = stream};
#if defined(ZOO_STREAM_RELEASE_NULL)
    out->release = NULL;
#endif
    return PATCHBAY_OK;
}

// ---- the session ----

struct patchbay_session {
    char unused;
};

static patchbay_status fail(patchbay_error* error, patchbay_status code, patchbay_text message) {
    if (error == NULL) return code;
    error->revision = 1;
    error->code = code;
    error->message = message;
    return code;
}

// The default of settings.schema.json, with a point whatever the locale.
static patchbay_status check_settings(patchbay_text settings_json, const patchbay_call* call,
                                      patchbay_settings_facts* out, patchbay_error* error) {
    (void)call;
    (void)out;
    static const char ratio[] = "\"ratio\":2.5";
    if (memmem(settings_json.data, settings_json.size, ratio, sizeof ratio - 1) != NULL) {
        return PATCHBAY_OK;
    }
    return fail(error, PATCHBAY_INVALID_SETTINGS, (patchbay_text)TEXT("the ratio is not 2.5"));
}

static patchbay_status open_session(patchbay_text settings_json, const patchbay_call* call,
                                    patchbay_session** out, patchbay_error* error) {
    (void)call;
    const patchbay_status status = check_settings(settings_json, call, NULL, error);
    if (status == PATCHBAY_OK) *out = calloc(1, sizeof **out);
    return status;
}

static patchbay_status ping(patchbay_session* session, const patchbay_call* call,
                            patchbay_host_sink* answer, patchbay_error* error) {
    (void)session;
    const patchbay_status status = in_call(call);
    if (status != PATCHBAY_OK) {
        return fail(error, status, (patchbay_text)TEXT("stopped on the caller's wish"));
    }
#if defined(ZOO_INLINE)
    const char* const who = zoo_who();
#else
    const char* const who = "nobody";
#endif
    char json[256];
    const int size = snprintf(json, sizeof json,
                              "{\"server_version\":null,\"database\":\"%s\",\"user\":null,"
                              "\"tls\":null}",
                              who);
    answer->write(answer, (patchbay_text){json, (uint64_t)size});
    return PATCHBAY_OK;
}

static patchbay_status reset(patchbay_session* session, const patchbay_call* call,
                             patchbay_error* error) {
    (void)session;
    (void)call;
    (void)error;
    return PATCHBAY_OK;
}

static patchbay_status close_session(patchbay_session* session, const patchbay_call* call,
                                     patchbay_error* error) {
    (void)call;
    (void)error;
    free(session);
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

static const void* capability(const char* id) {
    if (strcmp(id, PATCHBAY_CONNECTOR_CAPABILITY) == 0) return &connector_table;
    if (strcmp(id, PATCHBAY_SOURCE_CAPABILITY) == 0) return &source_table;
    return NULL;
}

static const patchbay_descriptor descriptor = {.struct_size = sizeof descriptor,
                                               .revision = 1,
#if defined(ZOO_ELF_ID_MISMATCH)
                                               .id = TEXT("else|" ZOO_UUID),
#else
                                               .id = TEXT(ZOO_NAME "|" ZOO_UUID),
#endif
                                               .version = TEXT("1.0.0"),
                                               .abi_major = PATCHBAY_ABI_MAJOR,
#if defined(ZOO_ELF_WRONG_ABI)
                                               .abi_minor = PATCHBAY_ABI_MINOR + 1,
#else
                                               .abi_minor = PATCHBAY_ABI_MINOR,
#endif
#if defined(ZOO_CALL_HANG_IGNORING_CANCEL)
                                               .flags = PATCHBAY_CONNECTOR_MAY_IGNORE_CANCEL,
#endif
                                               .threading = PATCHBAY_THREADING_SESSION};

static const patchbay_library library = {.struct_size = sizeof library,
                                         .revision = 1,
                                         .descriptor = &descriptor,
                                         .capability = capability};

#if defined(ZOO_ELF_UNDEFINED_SYM)
void zoo_function_of_a_newer_client_library(void);
#endif

const patchbay_library* patchbay_connector_entry(uint32_t host_abi_major, uint32_t host_abi_minor) {
    (void)host_abi_minor;
#if defined(ZOO_ELF_UNDEFINED_SYM)
    zoo_function_of_a_newer_client_library();
#endif
    return host_abi_major == PATCHBAY_ABI_MAJOR ? &library : NULL;
}
