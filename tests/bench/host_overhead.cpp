// SPDX-License-Identifier: Apache-2.0
// What the host adds to each batch, against one uncontended mutex and two clock reads.
//
//     bench_host_overhead --rounds N --bundle DIR
//
// The difference is between reading batches of a connector that does nothing through the host, and
// calling the same connector's table.

#include "host_access.hpp"
#include "rounds.hpp"

#include <patchbay/abi/patchbay.h>

#include <dlfcn.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace {

namespace bench = patchbay::bench;
namespace host = patchbay::host;

// A turn takes some milliseconds, so that most turns meet nobody else on the processor; a round is
// the median of several.
constexpr std::size_t batches = 50'000;
constexpr int turns_per_round = 11;

constexpr std::string_view request = R"({"table":"batches"})";

// ---- the table, called without a host ----

const void* no_service(const patchbay_host* /*self*/, const char* /*id*/) {
    return nullptr;
}
std::uint32_t not_requested(const patchbay_host_cancel* /*self*/) {
    return 0;
}
std::int32_t no_fd(const patchbay_host_cancel* /*self*/) {
    return -1;
}
std::uint64_t no_subscription(const patchbay_host_cancel* /*self*/, void (* /*callback*/)(void*),
                              void* /*context*/) {
    return 0;
}
void nothing_to_unsubscribe(const patchbay_host_cancel* /*self*/, std::uint64_t /*number*/) {}

constexpr patchbay_host no_host{
    .struct_size = sizeof(patchbay_host), .revision = 1, .impl = nullptr, .service = no_service};
constexpr patchbay_host_cancel no_cancel{.struct_size = sizeof(patchbay_host_cancel),
                                         .revision = 1,
                                         .impl = nullptr,
                                         .requested = not_requested,
                                         .fd = no_fd,
                                         .subscribe = no_subscription,
                                         .unsubscribe = nothing_to_unsubscribe};
constexpr patchbay_call bare_call{.struct_size = sizeof(patchbay_call),
                                  .revision = 1,
                                  .host = &no_host,
                                  .cancel = &no_cancel,
                                  .deadline_ns = PATCHBAY_NO_DEADLINE,
                                  .trace_parent = {}};

// A stream of the connector itself, which is never released: it holds nothing.
[[nodiscard]] ArrowArrayStream open_bare_stream(const std::filesystem::path& library_file) {
    void* const handle = ::dlopen(library_file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) bench::stop(::dlerror());
    const auto entry = reinterpret_cast<decltype(&patchbay_connector_entry)>(
        ::dlsym(handle, PATCHBAY_CONNECTOR_ENTRY_SYMBOL));
    const auto* const library = entry(PATCHBAY_ABI_MAJOR, PATCHBAY_ABI_MINOR);
    const auto* const connector =
        static_cast<const patchbay_connector*>(library->capability(PATCHBAY_CONNECTOR_CAPABILITY));
    const auto* const source =
        static_cast<const patchbay_source*>(library->capability(PATCHBAY_SOURCE_CAPABILITY));
    patchbay_session* session = nullptr;
    ArrowArrayStream stream{};
    patchbay_error error{};
    error.struct_size = sizeof error;
    if (connector->open({"{}", 2}, &bare_call, &session, &error) != PATCHBAY_OK ||
        source->open_stream(session, {request.data(), request.size()}, nullptr, &bare_call, &stream,
                            &error) != PATCHBAY_OK) {
        bench::stop("the connector does not open");
    }
    return stream;
}

// ---- the works ----

void read_batches(host::Stream& stream) {
    ArrowArray batch{};
    for (std::size_t i = 0; i < batches; ++i) {
        if (!bench::value_or_stop(stream.next(&batch))) bench::stop("the stream ended");
        batch.release(&batch);
    }
}

void call_table(ArrowArrayStream& stream) {
    ArrowArray batch{};
    for (std::size_t i = 0; i < batches; ++i) {
        if (stream.get_next(&stream, &batch) != 0) bench::stop("the stream failed");
        batch.release(&batch);
    }
}

void lock_and_read_clock(std::mutex& mutex) {
    timespec first{};
    timespec second{};
    for (std::size_t i = 0; i < batches; ++i) {
        ::clock_gettime(CLOCK_MONOTONIC, &first);
        const std::scoped_lock lock(mutex);
        ::clock_gettime(CLOCK_MONOTONIC, &second);
    }
}

// Nanoseconds for one batch, by rounds.
[[nodiscard]] bench::Samples per_batch(const bench::Samples& turns) {
    bench::Samples rounds;
    for (auto turn = turns.begin(); turn != turns.end(); turn += turns_per_round)
        rounds.push_back(bench::median({turn, turn + turns_per_round}) / batches);
    return rounds;
}

void compare(const bench::Arguments& arguments, const std::filesystem::path& bundle,
             std::string_view name, std::optional<std::chrono::nanoseconds> timeout) {
    const auto host = bench::make_host({bundle.parent_path()});
    auto session = bench::open_session(host, "null", "{}");
    auto stream =
        bench::value_or_stop(session.read({.json = std::string(request)}, {.timeout = timeout}));
    auto bare_stream = open_bare_stream(bundle / "null.so");
    std::mutex mutex;

    const auto times =
        bench::measure_in_turns(arguments.rounds() * turns_per_round,
                                {[&] { read_batches(stream); }, [&] { call_table(bare_stream); },
                                 [&] { lock_and_read_clock(mutex); }});
    bench::Samples added(times[0].size());
    std::ranges::transform(times[0], times[1], added.begin(), std::minus<>());
    bench::print_time(name, 2, per_batch(added), per_batch(times[2]));
}

} // namespace

int main(int count, char** words) {
    const bench::Arguments arguments(count, words);
    const auto bundle = std::filesystem::canonical(arguments.text("bundle"));
    compare(arguments, bundle, "host overhead per batch", std::nullopt);
    compare(arguments, bundle, "host overhead per batch, with a deadline", std::chrono::hours(1));
}
