// SPDX-License-Identifier: Apache-2.0
// A session without a host: calls that are cancelled or late, threads, and batches that stay.

#include "session.hpp"

#include <patchbay/abi/patchbay.h>
#include <patchbay/sdk/array_view.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace patchbay::sqlite;
namespace sdk = patchbay::sdk;

namespace {

// What a host passes into a call, without services.
class FakeCall {
  public:
    FakeCall() {
        host_.struct_size = sizeof host_;
        host_.service = [](const patchbay_host*, const char*) -> const void* { return nullptr; };
        cancel_.struct_size = sizeof cancel_;
        cancel_.impl = this;
        cancel_.requested = [](const patchbay_host_cancel* self) -> std::uint32_t {
            return of(self).source_.stop_requested() ? 1 : 0;
        };
        cancel_.fd = [](const patchbay_host_cancel*) { return -1; };
        cancel_.subscribe = [](const patchbay_host_cancel* self, void (*callback)(void*),
                               void* context) { return of(self).subscribe(callback, context); };
        cancel_.unsubscribe = [](const patchbay_host_cancel* self, std::uint64_t subscription) {
            of(self).unsubscribe(subscription);
        };
        call_.struct_size = sizeof call_;
        call_.host = &host_;
        call_.cancel = &cancel_;
        call_.deadline_ns = PATCHBAY_NO_DEADLINE;
    }

    [[nodiscard]] sdk::Call get() const { return sdk::Call(call_); }
    void cancel() { source_.request_stop(); }
    void end_in(std::chrono::nanoseconds time) {
        call_.deadline_ns = get().now_ns() + time.count();
    }

  private:
    using Callback = std::stop_callback<std::function<void()>>;

    static FakeCall& of(const patchbay_host_cancel* self) {
        return *static_cast<FakeCall*>(self->impl);
    }

    std::uint64_t subscribe(void (*callback)(void*), void* context) {
        auto subscription = std::make_unique<Callback>(source_.get_token(),
                                                       [callback, context] { callback(context); });
        const std::scoped_lock lock(mutex_);
        callbacks_.emplace(++last_, std::move(subscription));
        return last_;
    }

    void unsubscribe(std::uint64_t subscription) {
        std::unique_lock lock(mutex_);
        const auto ended = callbacks_.extract(subscription);
        lock.unlock(); // it may have to be waited for
    }

    patchbay_host host_{};
    patchbay_host_cancel cancel_{};
    patchbay_call call_{};
    std::stop_source source_;
    std::mutex mutex_;
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, std::unique_ptr<Callback>> callbacks_;
};

constexpr std::string_view endless_step =
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";
constexpr std::string_view endless_rows =
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c";

template <class T>
patchbay_status code_of(const sdk::Expected<T>& result) {
    return result ? PATCHBAY_OK : result.error().code;
}

std::unique_ptr<Session> open_session(const std::string& path, const FakeCall& call) {
    Settings settings;
    settings.path = path;
    settings.mode = Mode::create;
    settings.busy_timeout_ms = 60'000;
    settings.journal_mode = settings.is_in_memory() ? JournalMode::keep : JournalMode::wal;
    auto database = Database::open(settings, call.get());
    if (!database) throw std::runtime_error(database.error().message);
    return std::make_unique<Session>(std::move(*database));
}

sdk::Expected<std::unique_ptr<sdk::RecordStream>> read(Session& session, std::string_view sql,
                                                       const FakeCall& call) {
    return session.open_stream("{\"query\":\"" + std::string(sql) + "\"}", {}, call.get());
}

// Without assertions, so that any thread may use it; -1: it failed.
std::int64_t count_rows(Session& session, std::string_view sql, const FakeCall& call) {
    auto stream = read(session, sql, call);
    if (!stream) return -1;
    std::int64_t rows = 0;
    for (;;) {
        sdk::UniqueArray batch;
        const auto more = (*stream)->next(batch.receive());
        if (!more) return -1;
        if (!*more) return rows;
        rows += batch->length;
    }
}

} // namespace

TEST_CASE("the library offers what its manifest promises and nothing else", "[sqlite][library]") {
    const auto* const library = patchbay_connector_entry(PATCHBAY_ABI_MAJOR, PATCHBAY_ABI_MINOR);
    REQUIRE(library != nullptr);
    CHECK(sdk::to_view(library->descriptor->id) == "sqlite|15fadaf1-8a40-429d-881b-759bfca98e1a");
    for (const auto* id : {"patchbay.connector/1", "patchbay.source/1", "patchbay.sql/1",
                           "patchbay.catalog/1", "patchbay.stream-info/1"}) {
        INFO(id);
        CHECK(library->capability(id) != nullptr);
    }
    CHECK(library->capability("patchbay.sink/1") == nullptr);
    CHECK(patchbay_connector_entry(PATCHBAY_ABI_MAJOR + 1, 0) == nullptr);
}

TEST_CASE("while a stream is open, its session does nothing else", "[sqlite][session]") {
    const FakeCall call;
    const auto session = open_session(":memory:", call);
    auto stream = read(*session, endless_rows, call);
    REQUIRE(stream.has_value());

    CHECK(code_of(session->execute("SELECT 1", {}, call.get())) == PATCHBAY_CONFLICT);
    CHECK(code_of(session->ping(call.get())) == PATCHBAY_CONFLICT);
    CHECK(code_of(session->commit(call.get())) == PATCHBAY_CONFLICT);
    CHECK(code_of(session->objects(call.get())) == PATCHBAY_CONFLICT);

    REQUIRE(session->reset(call.get()).has_value());
    sdk::UniqueArray batch;
    const auto more = (*stream)->next(batch.receive());
    REQUIRE_FALSE(more.has_value());
    CHECK(more.error().message.contains("ended before its last row"));
    CHECK(session->ping(call.get()).has_value());
}

TEST_CASE("a call that ends in the middle of a step is noticed", "[sqlite][session]") {
    FakeCall call;
    const FakeCall other;
    const auto session = open_session(":memory:", other);

    SECTION("cancelled") {
        std::jthread canceller([&] { call.cancel(); });
        CHECK(code_of(read(*session, endless_step, call)) == PATCHBAY_CANCELLED);
    }
    SECTION("late") {
        call.end_in(std::chrono::milliseconds(5));
        CHECK(code_of(read(*session, endless_step, call)) == PATCHBAY_DEADLINE);
    }
    CHECK(count_rows(*session, "SELECT 1", other) == 1);
}

TEST_CASE("batches keep their values when stream and session are gone", "[sqlite][session]") {
    const FakeCall call;
    sdk::UniqueArray batch;
    sdk::UniqueArray child;
    {
        const auto session = open_session(":memory:", call);
        auto stream = read(*session, "SELECT 7 AS n, 'kept' AS t, 'moved' AS m", call);
        REQUIRE(stream.has_value());
        REQUIRE((*stream)->next(batch.receive()).value_or(false));
    }
    child = sdk::UniqueArray(std::move(*batch->children[2]));
    CHECK(sdk::ArrayView(*sdk::read_arrow_format("u"), *batch->children[1]).bytes_at(0) == "kept");
    batch.reset();

    CHECK(sdk::ArrayView(*sdk::read_arrow_format("u"), *child.get()).bytes_at(0) == "moved");
}

TEST_CASE("sessions on one file work on many threads at once", "[sqlite][session]") {
    const patchbay::test::TempDir dir;
    const auto file = (dir.path() / "shared.db").string();
    const FakeCall call;
    const auto session = open_session(file, call);
    REQUIRE(session->execute("CREATE TABLE t (n INTEGER)", {}, call.get()).has_value());
    constexpr int threads = 16;
    constexpr int rounds = 5;
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&] {
                const FakeCall own;
                const auto mine = open_session(file, own);
                for (int round = 0; round < rounds; ++round) {
                    if (!mine->execute("INSERT INTO t VALUES (1)", {}, own.get())) continue;
                    if (count_rows(*mine, "SELECT n FROM t", own) > round) ++good;
                }
            });
        }
    }

    CHECK(good == threads * rounds);
    CHECK(count_rows(*session, "SELECT n FROM t", call) == threads * rounds);
}

TEST_CASE("a cleaned database in memory keeps its tables and nothing else", "[sqlite][session]") {
    const FakeCall call;
    const auto session = open_session(":memory:", call);
    for (const auto* sql : {"CREATE TABLE kept (n INTEGER)", "INSERT INTO kept VALUES (1), (2)",
                            "CREATE TEMP TABLE gone (n)"}) {
        REQUIRE(session->execute(sql, {}, call.get()).has_value());
    }

    REQUIRE(session->reset(call.get()).has_value());

    CHECK(count_rows(*session, "SELECT * FROM kept", call) == 2);
    CHECK(code_of(read(*session, "SELECT * FROM gone", call)) == PATCHBAY_NOT_FOUND);
}
