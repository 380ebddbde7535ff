// SPDX-License-Identifier: Apache-2.0
// Cancelling, closing, threads and forks.

#include "stage.hpp"

#include <fmt/format.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

using namespace patchbay::host;
using namespace patchbay::test;
using namespace std::chrono_literals;

namespace {

using Rows = std::vector<std::string>;

// Works for ever in one step, and for ever row by row.
constexpr const char* endless_step =
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";
constexpr const char* endless_rows =
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c";

constexpr const char* numbers =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);"
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000)"
    "INSERT INTO t SELECT x, 'name ' || x FROM c;";

} // namespace

TEST_CASE("a cancelled query frees its session", "[sqlite][cancel]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    auto session = value_of(connection.session());

    for (const auto* sql : {endless_step, endless_rows}) {
        std::stop_source source;
        std::jthread canceller([&] { source.request_stop(); });
        const auto start = std::chrono::steady_clock::now();
        const auto error =
            error_of_stream(session.read(Request::query(sql), {.cancel = source.get_token()}));
        CHECK(error.code == ErrorCode::cancelled);
        CHECK(std::chrono::steady_clock::now() - start < 1s);
        CHECK(query(session, "SELECT count(*) FROM t").rows == Rows{"20000"});
    }
}

TEST_CASE("a query ends at its deadline", "[sqlite][deadline]") {
    const Stage stage(numbers);
    auto session = value_of(stage.connect().session());

    for (const auto* sql : {endless_step, endless_rows}) {
        const auto error = error_of_stream(session.read(Request::query(sql), {.timeout = 20ms}));
        CHECK(error.code == ErrorCode::deadline);
        CHECK(query(session, "SELECT count(*) FROM t").rows == Rows{"20000"});
    }
}

TEST_CASE("a stream that is released early frees its session at once", "[sqlite][cancel]") {
    const Stage stage;
    auto session = value_of(stage.connect().session());
    {
        auto stream = value_of(session.read(Request::query(endless_rows)));
        CHECK(next_batch(stream)->length > 0);
        CHECK(error_of(session.execute("SELECT 1")).code == ErrorCode::conflict);
    }
    CHECK(query(session, "SELECT 1").rows == Rows{"1"});
}

TEST_CASE("closing ends a running read in under a second", "[sqlite][close]") {
    const Stage stage;
    for (const auto* sql : {endless_step, endless_rows}) {
        const auto connection = stage.connect();
        std::atomic<bool> runs = false;
        std::optional<Error> error;
        std::thread reader([&] { // without assertions, which are for one thread
            runs = true;
            auto stream = connection.read(Request::query(sql));
            if (!stream) error = stream.error();
            while (!error) {
                patchbay::sdk::UniqueArray batch;
                const auto more = stream->next(batch.receive());
                if (!more) error = more.error();
            }
        });
        while (!runs)
            std::this_thread::yield();

        const auto start = std::chrono::steady_clock::now();
        connection.close();
        CHECK(std::chrono::steady_clock::now() - start < 1s);
        reader.join();
        CHECK(error->code == ErrorCode::closed);
        CHECK(error_of(connection.ping()).code == ErrorCode::closed);
    }
}

TEST_CASE("sixteen threads share one connection", "[sqlite][threads]") {
    const Stage stage(std::string("PRAGMA journal_mode = wal;") + numbers);
    const auto connection = stage.connect("busy_timeout_ms: 60000");
    constexpr int threads = 16;
    constexpr int rounds = 10;
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                for (int round = 0; round < rounds; ++round) {
                    const auto id = 100'000 + worker * rounds + round;
                    const auto done = connection.execute(
                        fmt::format("INSERT INTO t VALUES ({}, 'thread {}')", id, worker));
                    if (!done || done->last_insert_id != id) continue;
                    auto stream = connection.read(
                        Request::query(fmt::format("SELECT id FROM t WHERE id = {}", id)));
                    patchbay::sdk::UniqueArray batch;
                    if (stream && stream->next(batch.receive()).value_or(false) &&
                        batch->length == 1) {
                        ++good;
                    }
                }
            });
        }
    }
    CHECK(good == threads * rounds);
    CHECK(query(connection, "SELECT count(*) FROM t WHERE id >= 100000").rows ==
          Rows{std::to_string(threads * rounds)});
}

TEST_CASE("a forked child exits, and its parent reads on", "[sqlite][fork]") {
    const Stage stage(numbers);
    const auto connection = stage.connect();
    auto stream = value_of(connection.read(Request::query("SELECT id FROM t")));
    const auto first = next_batch(stream)->length;

    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        int faults = 0;
        {
            patchbay::sdk::UniqueArray batch;
            auto inherited = std::move(stream);
            const auto more = inherited.next(batch.receive());
            if (more || more.error().code != ErrorCode::wrong_process) faults |= 1;
        }
        const auto fresh = connection.read(Request::query("SELECT count(*) FROM t"));
        if (!fresh) faults |= 2;
#ifdef __SANITIZE_ADDRESS__
        ::_exit(faults); // what is the parent's is leaked on purpose, which would be reported
#else
        std::exit(faults);
#endif
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);

    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    std::int64_t rows = first;
    while (const auto batch = next_batch(stream))
        rows += batch->length;
    CHECK(rows == 20000);
    CHECK(connection.execute("DELETE FROM t").has_value());
}
