// SPDX-License-Identifier: Apache-2.0
// Hands streams of the public host to Python, through the C data interface.

#include <patchbay/host/host.hpp>

#include <cstdint>
#include <cstring>
#include <string>

namespace {

using namespace patchbay::host;

// The text of a failure, until the next call of this thread.
const char* fail(const Error& error) {
    thread_local std::string text;
    text = describe(error);
    return text.c_str();
}

Expected<Stream> read(const char* connectors, const char* settings, const char* request) {
    const Host host(HostOptions{.connector_dirs = {connectors}, .use_environment = false});
    const auto connection =
        host.connect(Reference::of_connector("sqlite", settings, "settings of the test"));
    if (!connection) return std::unexpected(connection.error());
    return connection->read(Request{.json = request});
}

} // namespace

// Both answer NULL, or what went wrong.

extern "C" [[gnu::visibility("default")]] const char* bridge_read(const char* connectors,
                                                                  const char* settings,
                                                                  const char* request,
                                                                  ArrowArrayStream* out) {
    auto stream = read(connectors, settings, request);
    if (!stream) return fail(stream.error());
    stream->move_to(out);
    return nullptr;
}

// Moves one column out of the first batch, and releases the batch, the stream and the connection
// before it is handed over.
extern "C" [[gnu::visibility("default")]] const char*
bridge_read_child(const char* connectors, const char* settings, const char* request,
                  std::int64_t column, ArrowArray* array, ArrowSchema* schema) {
    auto stream = read(connectors, settings, request);
    if (!stream) return fail(stream.error());
    ArrowSchema record{};
    ArrowArray batch{};
    if (const auto done = stream->schema(&record); !done) return fail(done.error());
    const auto more = stream->next(&batch);
    if (!more) return fail(more.error());
    if (!*more) return "the stream has no batch";
    *array = *batch.children[column];
    batch.children[column]->release = nullptr;
    batch.release(&batch);
    *schema = *record.children[column];
    record.children[column]->release = nullptr;
    record.release(&record);
    return nullptr;
}
