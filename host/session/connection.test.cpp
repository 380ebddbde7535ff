// SPDX-License-Identifier: Apache-2.0
// Connections, sessions, transactions and streams, on a connector that does what it is told.

#include "call_runner.hpp"
#include "connection_impl.hpp"

#include <patchbay/host/connection.hpp>
#include <patchbay/host/host.hpp>
#include <patchbay/registry/discovery.hpp>
#include <patchbay/sdk/array_view.hpp>
#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/test/catch.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <latch>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace patchbay::host;
using namespace std::chrono_literals;
namespace sdk = patchbay::sdk;

namespace {

// What a host lends to its connectors.
struct Props {
    Props()
        : logger({.level = LogLevel::trace,
                  .sink =
                      [this](const LogEntry& entry) {
                          const std::scoped_lock lock(log_mutex);
                          log +=
                              std::string(entry.target) + ": " + std::string(entry.message) + '\n';
                      }},
                 masker) {}

    SecretMasker masker;
    std::mutex log_mutex;
    std::string log;
    Logger logger;
    HostServices services{"puppet", logger, Clock::system()};
};

// A host's part of the work, with a puppet on its strings.
class Stage {
  public:
    struct Options {
        std::string connector = "puppet";
        std::string script = {};
        std::string at_reset = {};
        std::string at_close = {};
        std::string password = "CANARY-puppet";
        int max_sessions = 0;
    };

    Connection connect(const Options& options) {
        ConnectionConfig config;
        config.bundle = patchbay::registry::examine(std::filesystem::path(PUPPET_CONNECTORS) /
                                                    options.connector);
        REQUIRE(config.bundle.state == patchbay::registry::BundleState::usable);
        const auto settings = [&](const std::string& password) {
            return R"({"connection":{"method":"params","script":")" + options.script +
                   R"(","at_reset":")" + options.at_reset + R"(","at_close":")" + options.at_close +
                   R"(","max_sessions":)" + std::to_string(options.max_sessions) +
                   R"(,"password":)" + password + "}}";
        };
        config.reference = "@puppet.test";
        config.settings_json = settings("null");
        config.resolve = [json = settings('"' + options.password + '"'),
                          password = options.password]() -> Expected<ResolvedSettings> {
            return ResolvedSettings{json, {password}};
        };
        config.check_request = [](std::string_view) { return std::vector<Fault>(); };
        config.services = &props_.services;
        config.masker = &props_.masker;
        return Connection(std::make_shared<Connection::Impl>(std::move(config)));
    }
    Connection connect() { return connect(Options{}); }

    std::string log() {
        const std::scoped_lock lock(props_.log_mutex);
        return props_.log;
    }

  private:
    // Left standing until the process ends, as a Host does: a call that was left behind may still
    // look at them.
    static Props& new_props() {
        static auto& all = *new std::vector<std::unique_ptr<Props>>;
        return *all.emplace_back(std::make_unique<Props>());
    }
    Props& props_ = new_props();
};

// What the puppet counted, over all tests of this process.
int counter(const Connection& connection, std::string_view name) {
    const auto answer = connection.ping();
    REQUIRE(answer.has_value());
    const auto at = answer->json.find('"' + std::string(name) + "\":");
    REQUIRE(at != std::string::npos);
    return std::stoi(answer->json.substr(at + name.size() + 3));
}

sdk::UniqueArray next_batch(Stream& stream) {
    sdk::UniqueArray batch;
    const auto more = stream.next(batch.receive());
    REQUIRE(more.has_value());
    return batch;
}

Error next_error(Stream& stream) {
    sdk::UniqueArray batch;
    const auto more = stream.next(batch.receive());
    REQUIRE_FALSE(more.has_value());
    CHECK_FALSE(batch);
    return more.error();
}

// The same for a thread of a test, where Catch2 must not be asked; "no error" where there was none.
Error error_in_thread(Stream& stream) {
    sdk::UniqueArray batch;
    const auto more = stream.next(batch.receive());
    return more ? Error{.message = "no error"} : more.error();
}

std::int64_t count_rows(Stream& stream) {
    std::int64_t rows = 0;
    while (const auto batch = next_batch(stream))
        rows += batch->length;
    return rows;
}

Stream must_read(const Connection& connection, std::string_view query,
                 const CallOptions& options = {}) {
    auto stream = connection.read(Request::query(query), options);
    if (!stream) FAIL(describe(stream.error()));
    return std::move(*stream);
}

template <class T>
Error error_of(const Expected<T>& result) {
    REQUIRE_FALSE(result.has_value());
    return result.error();
}

auto elapsed_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::steady_clock::now() - start;
}

} // namespace

TEST_CASE("a connection touches nothing until it is used", "[host][connection]") {
    Stage stage;
    const auto other = stage.connect();
    const int before = counter(other, "opened");

    const auto connection = stage.connect();
    CHECK(counter(other, "opened") == before);
    CHECK(count_rows(*std::make_unique<Stream>(must_read(connection, "rows 1"))) == 1);

    CHECK(counter(other, "opened") == before + 1);
}

TEST_CASE("a read delivers every row once", "[host][connection]") {
    Stage stage;
    const auto connection = stage.connect();

    auto stream = must_read(connection, "rows 25");
    sdk::UniqueSchema schema;
    REQUIRE(stream.schema(schema.receive()).has_value());
    CHECK(sdk::import_schema(*schema.get()).children.at(1).name == "text");
    std::int64_t expected = 0;
    while (const auto batch = next_batch(stream)) {
        const sdk::ArrayView numbers(*sdk::read_arrow_format("l"), *batch->children[0]);
        for (std::int64_t row = 0; row < batch->length; ++row)
            CHECK(numbers.integer_at(row) == expected++);
    }

    CHECK(expected == 25);
    CHECK_FALSE(next_batch(stream)); // the end stays
    CHECK(progress(stream.get()).rows == 25);
}

TEST_CASE("batches outlive stream and connection", "[host][connection]") {
    Stage stage;
    sdk::UniqueArray batch;
    {
        const auto connection = stage.connect();
        auto stream = must_read(connection, "rows 5");
        batch = next_batch(stream);
        connection.close();
    }

    const sdk::ArrayView texts(*sdk::read_arrow_format("u"), *batch->children[1]);
    CHECK(texts.bytes_at(4) == "row 4");
}

TEST_CASE("a stream outlives the Connection object that it came from", "[host][connection]") {
    Stage stage;

    auto stream = must_read(stage.connect(), "rows 25");

    CHECK(count_rows(stream) == 25);
}

TEST_CASE("an error keeps everything that the connector said", "[host][connection]") {
    Stage stage;
    const auto connection = stage.connect();

    const auto error = error_of(connection.read(Request::query("fail 5")));

    CHECK(error.code == ErrorCode::not_found);
    CHECK(error.message == "told to fail"); // without the newline
    CHECK(error.pointer == "/query");
    CHECK(error.retry == Retry::later);
    CHECK(error.retry_after_ms == 7);
    CHECK(error.sqlstate == "57014");
    CHECK(error.native_code == 42);
    CHECK(error.native_domain == "puppet");
    CHECK(error.reference == "@puppet.test");
    CHECK(error.connector.starts_with("puppet|"));
}

TEST_CASE("an error in the middle of a stream is no end and stays", "[host][stream]") {
    Stage stage;
    const auto connection = stage.connect();

    auto stream = must_read(connection, "rows 10 end fail 11");
    CHECK(next_batch(stream)->length == 10);
    const auto error = next_error(stream);

    CHECK(error.code == ErrorCode::bad_data);
    CHECK(error.sqlstate == "57014");
    CHECK(error.reference == "@puppet.test");
    CHECK(next_error(stream).code == ErrorCode::bad_data);
    REQUIRE(last_error(stream.get()).has_value());
    CHECK(last_error(stream.get())->message == "told to fail");
    ArrowArray batch{};
    CHECK(stream.get()->get_next(stream.get(), &batch) == EIO);
    CHECK(std::string_view(stream.get()->get_last_error(stream.get())) == "told to fail");
}

TEST_CASE("a failure without a message is a broken rule of the connector", "[host][rules]") {
    Stage stage;
    const auto connection = stage.connect();

    const auto at_open = error_of(connection.read(Request::query("silent")));
    auto stream = must_read(connection, "next silent");
    const auto at_next = next_error(stream);

    CHECK(at_open.code == ErrorCode::broken_rule);
    CHECK(at_open.message.contains("the connector puppet broke a rule of the ABI in open_stream"));
    CHECK(at_next.code == ErrorCode::broken_rule);
    CHECK(at_next.message.contains("get_next"));
}

TEST_CASE("a status outside the list is a broken rule of the connector", "[host][rules]") {
    Stage stage;
    const auto connection = stage.connect();

    const auto error = error_of(connection.read(Request::query("fail 99")));

    CHECK(error.code == ErrorCode::broken_rule);
    CHECK(error.message.contains("status 99"));
}

TEST_CASE("a secret shows in no error, no answer and no log", "[host][mask]") {
    Stage stage;
    const auto connection = stage.connect();
    const auto failing = stage.connect({.script = "leak"});

    const auto from_open = error_of(failing.ping());
    const auto from_read = error_of(connection.read(Request::query("leak")));
    auto stream = must_read(connection, "next leak");
    const auto from_next = next_error(stream);
    REQUIRE(connection.execute("log").has_value());

    for (const auto& error : {from_open, from_read, from_next})
        CHECK(error.message == "no such password: ***");
    CHECK(stage.log().contains("puppet.script: password=***"));
    CHECK_FALSE(stage.log().contains("CANARY"));
}

TEST_CASE("settings that the connector refuses are an error with its pointer",
          "[host][connection]") {
    Stage stage;

    const auto error = error_of(stage.connect({.max_sessions = 13}).ping());

    CHECK(error.code == ErrorCode::invalid_settings);
    CHECK(error.pointer == "/connection/max_sessions");
    CHECK(error.message == "13 is unlucky");
}

TEST_CASE("every blocking call can be cancelled", "[host][cancel]") {
    Stage stage;
    for (const auto* connector : {"puppet", "stubborn"}) {
        INFO(connector);
        const auto waits_at_open = stage.connect({.connector = connector, .script = "wait"});
        const auto connection = stage.connect({.connector = connector});
        auto stream = must_read(connection, "next wait");

        const auto cancelled = [](const auto& work) {
            std::stop_source source;
            std::thread canceller([&] { source.request_stop(); });
            const auto start = std::chrono::steady_clock::now();
            const auto error = work(CallOptions{.cancel = source.get_token()});
            canceller.join();
            CHECK(elapsed_since(start) < 1s);
            CHECK(error.code == ErrorCode::cancelled);
        };
        cancelled(
            [&](const CallOptions& options) { return error_of(waits_at_open.ping(options)); });
        cancelled([&](const CallOptions& options) {
            return error_of(connection.read(Request::query("wait"), options));
        });
        cancelled([&](const CallOptions& options) {
            return error_of(connection.execute("wait", {}, options));
        });
        cancelled([&](const CallOptions& options) {
            auto waiting = connection.read(Request::query("next wait"), options);
            // Cancelled before it was open, or while it is read: both are fine, waiting is not.
            return waiting ? next_error(*waiting) : waiting.error();
        });
    }
}

TEST_CASE("every blocking call ends at its deadline", "[host][deadline]") {
    Stage stage;
    for (const auto* connector : {"puppet", "stubborn"}) {
        INFO(connector);
        const CallOptions soon{.timeout = 20ms};
        const auto connection = stage.connect({.connector = connector});

        const auto start = std::chrono::steady_clock::now();
        CHECK(error_of(stage.connect({.connector = connector, .script = "wait"}).ping(soon)).code ==
              ErrorCode::deadline);
        CHECK(error_of(connection.read(Request::query("wait"), soon)).code == ErrorCode::deadline);
        CHECK(error_of(connection.execute("wait", {}, soon)).code == ErrorCode::deadline);
        auto stream = must_read(connection, "next wait", soon);
        CHECK(next_error(stream).code == ErrorCode::deadline);

        CHECK(elapsed_since(start) < 1s);
    }
}

TEST_CASE("a reader's pauses do not use the deadline up", "[host][deadline]") {
    Stage stage;
    const auto connection = stage.connect();

    auto stream = must_read(connection, "rows 30", {.timeout = 400ms});
    next_batch(stream).reset();
    std::this_thread::sleep_for(500ms); // the pause itself is what is tested
    const auto second = next_batch(stream);

    CHECK(second->length == 10);
}

TEST_CASE("the longest timeout there is does not end a read", "[host][deadline]") {
    Stage stage;
    for (const auto* connector : {"puppet", "stubborn"}) {
        INFO(connector);
        const auto connection = stage.connect({.connector = connector});

        auto stream =
            must_read(connection, "rows 25", {.timeout = std::chrono::nanoseconds::max()});

        CHECK(count_rows(stream) == 25);
    }
}

TEST_CASE("a call is not begun after its deadline or its cancelling", "[host][cancel]") {
    Stage stage;
    const auto connection = stage.connect();
    const int before = counter(connection, "streams_opened");
    std::stop_source cancelled;
    cancelled.request_stop();

    CHECK(error_of(connection.read(Request::query("rows 1"), {.cancel = cancelled.get_token()}))
              .code == ErrorCode::cancelled);
    CHECK(error_of(connection.read(Request::query("rows 1"), {.timeout = 0s})).code ==
          ErrorCode::deadline);

    CHECK(counter(connection, "streams_opened") == before);
}

TEST_CASE("a connector that ignores its deadline is left behind with its session",
          "[host][abandon]") {
    Stage stage;
    const auto connection = stage.connect({.connector = "stubborn"});
    const auto abandoned_before = abandoned_session_count();
    const int closed_before = counter(connection, "closed");

    const auto start = std::chrono::steady_clock::now();
    const auto error = error_of(connection.execute("stubborn 1500", {}, {.timeout = 50ms}));
    const auto took = elapsed_since(start);

    CHECK(error.code == ErrorCode::deadline);
    CHECK(describe(error).contains("did not come back from execute"));
    CHECK(took < 1s);
    CHECK(abandoned_session_count() == abandoned_before + 1);
    // The connection goes on with a session of its own, and the other is closed in the end.
    CHECK(connection.execute("rows 1").has_value());
    while (counter(connection, "closed") == closed_before)
        std::this_thread::yield();
}

TEST_CASE("a stream whose connector ignores cancelling is left behind", "[host][abandon]") {
    Stage stage;
    const auto connection = stage.connect({.connector = "stubborn"});
    const int released_before = counter(connection, "streams_released");
    auto stream = must_read(connection, "next stubborn 1500", {.timeout = 50ms});

    const auto start = std::chrono::steady_clock::now();
    const auto error = next_error(stream);

    CHECK(error.code == ErrorCode::deadline);
    CHECK(elapsed_since(start) < 1s);
    while (counter(connection, "streams_released") == released_before)
        std::this_thread::yield();
}

TEST_CASE("a session whose close is left behind is closed once", "[host][abandon]") {
    Stage stage;
    const auto watcher = stage.connect({.connector = "stubborn"});
    const int closed = counter(watcher, "closed");
    const auto connection =
        stage.connect({.connector = "stubborn", .at_close = "stubborn 1800 log"});
    REQUIRE(connection.ping().has_value());

    connection.close();
    CHECK_FALSE(stage.log().contains("password=***")); // it was left behind
    while (!stage.log().contains("password=***"))
        std::this_thread::yield();
    std::this_thread::sleep_for(50ms); // for a second close, which would follow at once

    CHECK(counter(watcher, "closed") == closed + 1);
}

TEST_CASE("a session that was given up answers further calls", "[host][abandon]") {
    Stage stage;
    const auto connection = stage.connect({.connector = "stubborn"});
    auto session = connection.session();
    REQUIRE(session.has_value());

    CHECK(error_of(session->execute("stubborn 900", {}, {.timeout = 10ms})).code ==
          ErrorCode::deadline);
    const auto error = error_of(session->execute("rows 1"));

    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.message.contains("session of the connector stubborn was given up"));
    CHECK(error_of(session->read(Request::query("rows 1"))).code == ErrorCode::unavailable);
    CHECK(error_of(session->begin()).code == ErrorCode::unavailable);
    CHECK(connection.session().has_value());
}

TEST_CASE("a transaction outlives the session that was given up under it", "[host][abandon]") {
    Stage stage;
    auto session = stage.connect({.connector = "stubborn"}).session();
    REQUIRE(session.has_value());
    {
        auto transaction = session->begin();
        REQUIRE(transaction.has_value());
        CHECK(error_of(session->execute("stubborn 900", {}, {.timeout = 10ms})).code ==
              ErrorCode::deadline);
        CHECK(error_of(transaction->commit()).code == ErrorCode::unavailable);
    }
    {
        auto other = stage.connect({.connector = "stubborn"}).session();
        REQUIRE(other.has_value());
        auto transaction = other->begin();
        REQUIRE(transaction.has_value());
        auto stream = other->read(Request::query("next stubborn 900"), {.timeout = 10ms});
        REQUIRE(stream.has_value());
        CHECK(next_error(*stream).code == ErrorCode::deadline);
    } // rolls back
}

TEST_CASE("a stream is released on a session that said it is dead", "[host][stream]") {
    Stage stage;
    const auto connection = stage.connect();
    const int released = counter(connection, "streams_released");

    auto stream = must_read(connection, "next fail 9");

    CHECK(next_error(stream).code == ErrorCode::unavailable);
    CHECK(counter(connection, "streams_released") == released + 1);
}

TEST_CASE("close ends running work in other threads within a second", "[host][close]") {
    Stage stage;
    for (const auto* connector : {"puppet", "stubborn"}) {
        INFO(connector);
        const auto connection = stage.connect({.connector = connector});
        const auto opening = stage.connect({.connector = connector, .script = "wait"});
        auto stream = must_read(connection, "next wait");
        auto session = connection.session();
        REQUIRE(session.has_value());
        std::latch started(4);
        std::vector<ErrorCode> codes(4);
        const auto keep = [&](std::size_t slot, const auto& work) {
            return std::thread([&, slot, work] {
                started.count_down();
                codes[slot] = work().code;
            });
        };
        std::vector<std::thread> threads;
        threads.push_back(keep(0, [&] {
            sdk::UniqueArray batch;
            return stream.next(batch.receive()).error();
        }));
        threads.push_back(keep(1, [&] { return connection.execute("wait").error(); }));
        threads.push_back(keep(2, [&] { return session->execute("wait").error(); }));
        threads.push_back(keep(3, [&] { return opening.ping().error(); }));
        started.wait();

        const auto start = std::chrono::steady_clock::now();
        connection.close();
        opening.close();
        for (auto& thread : threads)
            thread.join();

        CHECK(elapsed_since(start) < 1s);
        for (const auto code : codes)
            CHECK(code == ErrorCode::closed);
        CHECK(next_error(stream).code == ErrorCode::closed);
        CHECK(error_of(connection.ping()).code == ErrorCode::closed);
        CHECK(error_of(connection.ping()).message.contains("closed"));
        CHECK(error_of(session->ping()).code == ErrorCode::closed);
        connection.close();
        CHECK(connection.closed());
    }
}

TEST_CASE("close closes every session, idle or kept, and ends open streams", "[host][close]") {
    Stage stage;
    const auto watcher = stage.connect();
    const int opened = counter(watcher, "opened");
    const int closed = counter(watcher, "closed");
    const auto connection = stage.connect();
    auto kept = connection.session();
    auto stream = must_read(connection, "rows 25");
    REQUIRE(connection.ping().has_value());
    CHECK(counter(watcher, "opened") == opened + 3);

    connection.close();

    CHECK(counter(watcher, "closed") == closed + 3);
    CHECK(next_error(stream).code == ErrorCode::closed);
}

TEST_CASE("sessions are used again, after a reset", "[host][pool]") {
    Stage stage;
    const auto connection = stage.connect();
    const int opened = counter(connection, "opened");
    const int resets = counter(connection, "resets");

    for (int i = 0; i < 5; ++i)
        REQUIRE(connection.execute("rows 1").has_value());

    CHECK(counter(connection, "opened") == opened);
    CHECK(counter(connection, "resets") == resets + 7); // five, and two for the questions
}

TEST_CASE("a half-read stream's session is reset before anybody else gets it", "[host][pool]") {
    Stage stage;
    const auto connection = stage.connect();
    const int released = counter(connection, "streams_released");
    const int resets = counter(connection, "resets");
    {
        auto stream = must_read(connection, "rows 100");
        next_batch(stream).reset();
    }

    CHECK(counter(connection, "streams_released") == released + 1);
    CHECK(counter(connection, "resets") > resets);
    CHECK(counter(connection, "opened") == counter(connection, "opened"));
}

TEST_CASE("a session that says it is dead is not used again", "[host][pool]") {
    Stage stage;
    const auto connection = stage.connect();
    const int opened = counter(connection, "opened");

    CHECK(error_of(connection.execute("fail 9")).code == ErrorCode::unavailable);

    CHECK(counter(connection, "opened") == opened + 1);
}

TEST_CASE("settings may limit the number of sessions", "[host][pool]") {
    Stage stage;
    const auto connection = stage.connect({.max_sessions = 1});

    auto stream = must_read(connection, "rows 25");
    const auto error = error_of(connection.ping());
    CHECK(error.code == ErrorCode::conflict);
    CHECK(error.message.contains("1 session at a time"));
    CHECK(count_rows(stream) == 25);

    // At its end the stream has given the session back, released or not.
    CHECK(connection.ping().has_value());
}

TEST_CASE("a session does one thing at a time", "[host][session]") {
    Stage stage;
    auto session = stage.connect().session();
    REQUIRE(session.has_value());

    auto stream = session->read(Request::query("rows 25"));
    REQUIRE(stream.has_value());
    const auto second = error_of(session->read(Request::query("rows 1")));
    CHECK(second.code == ErrorCode::conflict);
    CHECK(second.message.contains("a stream of this session is still open"));
    CHECK(error_of(session->execute("rows 1")).code == ErrorCode::conflict);
    CHECK(count_rows(*stream) == 25);
    CHECK(session->execute("rows 1").has_value());

    auto released = session->read(Request::query("rows 25"));
    REQUIRE(released.has_value());
    *released = Stream();
    CHECK(session->execute("rows 1").has_value());
}

TEST_CASE("a second call while one runs on a session is a conflict", "[host][session]") {
    const auto* const connector = GENERATE("puppet", "stubborn", "free");
    INFO(connector);
    Stage stage;
    const auto connection = stage.connect({.connector = connector});
    auto session = connection.session();
    REQUIRE(session.has_value());
    std::stop_source stop;
    auto first_code = ErrorCode::internal;
    std::thread first([&] {
        do { // until it is the one that gets in
            first_code = session->execute("wait", {}, {.cancel = stop.get_token()}).error().code;
        } while (first_code == ErrorCode::conflict);
    });

    // Until the first is in, the second goes through.
    for (;;) {
        const auto second = session->execute("rows 1");
        if (second) {
            std::this_thread::yield();
            continue;
        }
        CHECK(second.error().code == ErrorCode::conflict);
        break;
    }
    stop.request_stop();
    first.join();
    CHECK(first_code == ErrorCode::cancelled);
}

TEST_CASE("a transaction is rolled back when it is dropped", "[host][transaction]") {
    Stage stage;
    auto session = stage.connect().session();
    REQUIRE(session.has_value());
    {
        auto transaction = session->begin();
        REQUIRE(transaction.has_value());
        CHECK(error_of(session->begin()).code == ErrorCode::conflict);
    }
    auto transaction = session->begin({.isolation = Isolation::serializable});
    REQUIRE(transaction.has_value());
    CHECK(transaction->commit().has_value());
    CHECK(error_of(transaction->commit()).code == ErrorCode::invalid_request);
    CHECK(error_of(session->begin({.isolation = Isolation::read_uncommitted})).code ==
          ErrorCode::unsupported);
}

TEST_CASE("rollback ends the transaction's open stream, commit refuses", "[host][transaction]") {
    Stage stage;
    auto session = stage.connect().session();
    REQUIRE(session.has_value());
    auto transaction = session->begin();
    REQUIRE(transaction.has_value());
    auto stream = session->read(Request::query("rows 25"));
    REQUIRE(stream.has_value());

    CHECK(error_of(transaction->commit()).code == ErrorCode::conflict);
    CHECK(transaction->rollback().has_value());

    CHECK(next_error(*stream).message.contains("rolled back"));
    CHECK(session->begin().has_value());
}

TEST_CASE("parameters reach the connector, one row for reading", "[host][parameters]") {
    Stage stage;
    const auto connection = stage.connect();
    Parameters three;
    three.add(3).add("unused").add_null().add(1.5).add(true);

    auto stream = connection.read(Request::query("rows 1", std::move(three)));
    REQUIRE(stream.has_value());
    CHECK(count_rows(*stream) == 3);

    Parameters one;
    one.add(1);
    const auto executed = connection.execute("rows 9", std::move(one));
    REQUIRE(executed.has_value());
    CHECK(executed->rows_affected == 1);
    CHECK_FALSE(executed->last_insert_id.has_value());
}

TEST_CASE("ping tells who is there", "[host][connection]") {
    Stage stage;

    const auto answer = stage.connect().ping();

    REQUIRE(answer.has_value());
    CHECK(answer->server_version == "1.0");
    CHECK(answer->database == "stage");
    CHECK(answer->user.empty());
    CHECK(answer->latency >= 0ns);
}

TEST_CASE("columns of an object come with their metadata", "[host][catalog]") {
    Stage stage;
    const auto connection = stage.connect();
    sdk::UniqueSchema schema;

    REQUIRE(connection.describe("stage", schema.receive()).has_value());
    CHECK(sdk::import_schema(*schema.get()).children.at(0).metadata ==
          sdk::Metadata{{"patchbay.type", "int"}});

    const auto error = error_of(connection.describe("nowhere", schema.receive()));
    CHECK(error.code == ErrorCode::not_found);
    CHECK(error.message.contains("nowhere"));
}

TEST_CASE("sixteen threads use one connection", "[host][threads]") {
    Stage stage;
    const auto connection = stage.connect();
    std::atomic<std::int64_t> rows = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 20; ++round) {
                auto stream = connection.read(Request::query("rows 35"));
                if (!stream) continue;
                sdk::UniqueArray batch;
                while (stream->next(batch.receive()).value_or(false))
                    rows += batch->length;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();

    CHECK(rows == 16 * 20 * 35);
    CHECK(counter(connection, "opened") - counter(connection, "closed") <= 20);
}

TEST_CASE("close may race with everything", "[host][close][threads]") {
    Stage stage;
    for (int round = 0; round < 20; ++round) {
        const auto connection = stage.connect();
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (;;) {
                    auto stream = connection.read(Request::query("rows 35"));
                    if (!stream) break;
                    sdk::UniqueArray batch;
                    while (stream->next(batch.receive()).value_or(false)) {
                    }
                }
            });
        }
        connection.close();
        for (auto& thread : threads)
            thread.join();
        CHECK(error_of(connection.ping()).code == ErrorCode::closed);
    }
}

TEST_CASE("a stream may be released on another thread while it is read", "[host][stream]") {
    Stage stage;
    const auto connection = stage.connect();
    auto stream = must_read(connection, "next wait");
    ArrowArrayStream raw{};
    stream.move_to(&raw);
    ArrowArrayStream readers_copy = raw; // both threads hold the struct, as careless callers do

    int answer = 0;
    std::thread reader([&] {
        ArrowArray batch{};
        answer = readers_copy.get_next(&readers_copy, &batch);
    });
    // Until the reader is in, a release would end the stream under him.
    while (last_error(&raw) == std::nullopt)
        std::this_thread::yield();
    raw.release(&raw);
    reader.join();

    CHECK(answer == ECANCELED);
    CHECK(connection.ping().has_value());
}

TEST_CASE("a connection that was closed stays closed in a forked child", "[host][fork]") {
    Stage stage;
    const auto connection = stage.connect();
    REQUIRE(connection.ping().has_value());
    connection.close();

    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto answer = connection.ping();
        ::_exit(!answer && answer.error().code == ErrorCode::closed ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);

    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a stream whose progress does not come back is over", "[host][abandon]") {
    Stage stage;
    const auto connection = stage.connect({.connector = "stubborn"});
    const int closed = counter(connection, "closed");
    const int released = counter(connection, "streams_released");
    auto stream = must_read(connection, "rows 25 progress stubborn 1200");

    static_cast<void>(progress(stream.get()));

    while (counter(connection, "closed") == closed)
        std::this_thread::yield();
    CHECK(counter(connection, "streams_released") == released + 1); // before its session
    const auto error = next_error(stream);
    CHECK(error.code == ErrorCode::deadline);
    CHECK(error.message.contains("time allowed"));
    CHECK(error.reference == "@puppet.test");
}

TEST_CASE("a reader waits for somebody who only asks for progress", "[host][stream]") {
    Stage stage;
    const auto connection = stage.connect();
    auto stream = must_read(connection, "rows 25 progress log stubborn 100");

    StreamProgress told;
    std::thread asker([&] { told = progress(stream.get()); });
    while (!stage.log().contains("password="))
        std::this_thread::yield();
    CHECK(last_error(stream.get()) == std::nullopt);
    CHECK(next_batch(stream)->length == 10);

    asker.join();
    CHECK(told.total_rows == 25);
}

TEST_CASE("what ends a stream while its progress is asked for ends it", "[host][stream]") {
    Stage stage;
    const auto watcher = stage.connect();
    const int released = counter(watcher, "streams_released");
    const auto connection = stage.connect();
    auto stream = must_read(connection, "rows 25 progress log stubborn 100");
    ArrowArrayStream raw{};
    stream.move_to(&raw);
    std::thread asker([copy = raw]() mutable { static_cast<void>(progress(&copy)); });
    while (!stage.log().contains("password="))
        std::this_thread::yield();

    SECTION("close") {
        const int closed = counter(watcher, "closed");
        connection.close();
        asker.join();
        CHECK(counter(watcher, "closed") == closed + 1);
        REQUIRE(last_error(&raw).has_value());
        CHECK(last_error(&raw)->code == ErrorCode::closed);
        raw.release(&raw);
    }
    SECTION("release") {
        raw.release(&raw);
        asker.join();
        CHECK(connection.ping().has_value());
    }

    CHECK(counter(watcher, "streams_released") == released + 1);
}

TEST_CASE("rollback cancels a get_next on another thread", "[host][transaction]") {
    Stage stage;
    auto session = stage.connect().session();
    REQUIRE(session.has_value());
    auto transaction = session->begin();
    REQUIRE(transaction.has_value());
    auto stream = session->read(Request::query("next wait"));
    REQUIRE(stream.has_value());
    Error told;
    std::thread reader([&] { told = error_in_thread(*stream); });
    while (last_error(stream->get()) == std::nullopt)
        std::this_thread::yield();

    CHECK(transaction->rollback().has_value());

    reader.join();
    CHECK(told.message.contains("rolled back"));
    CHECK(session->begin().has_value());
}

TEST_CASE("rollback waits for a get_next on another thread until its deadline",
          "[host][transaction]") {
    Stage stage;
    const auto connection = stage.connect();
    auto session = connection.session();
    REQUIRE(session.has_value());
    auto transaction = session->begin();
    REQUIRE(transaction.has_value());
    auto stream = session->read(Request::query("next stubborn 4000"));
    REQUIRE(stream.has_value());
    Error told;
    std::thread reader([&] { told = error_in_thread(*stream); });
    while (last_error(stream->get()) == std::nullopt)
        std::this_thread::yield();

    const auto start = std::chrono::steady_clock::now();
    const auto error = error_of(transaction->rollback({.timeout = 50ms}));

    CHECK(elapsed_since(start) < 3s);
    CHECK(error.code == ErrorCode::deadline);
    reader.join();
    CHECK(told.message.contains("rolled back"));
}

TEST_CASE("close says all its goodbyes within a second", "[host][close]") {
    Stage stage;
    for (const auto* connector : {"puppet", "stubborn"}) {
        INFO(connector);
        const auto connection = stage.connect({.connector = connector, .at_close = "wait"});
        std::vector<Session> sessions;
        for (int i = 0; i < 5; ++i) {
            auto session = connection.session();
            REQUIRE(session.has_value());
            sessions.push_back(std::move(*session));
        }
        sessions.erase(sessions.begin() + 2, sessions.end()); // these are idle then

        const auto start = std::chrono::steady_clock::now();
        connection.close();

        CHECK(elapsed_since(start) < 1s);
    }
    const auto hanging = stage.connect({.connector = "stubborn", .at_close = "stubborn 1500"});
    REQUIRE(hanging.ping().has_value());
    const auto start = std::chrono::steady_clock::now();
    hanging.close();
    CHECK(elapsed_since(start) < 1s);
}

TEST_CASE("a reset takes no longer than the operation before it may", "[host][pool]") {
    Stage stage;
    const auto connection = stage.connect({.at_reset = "wait"});

    const auto start = std::chrono::steady_clock::now();
    CHECK(connection.execute("rows 1", {}, {.timeout = 100ms}).has_value());

    CHECK(elapsed_since(start) < 1s);
}

TEST_CASE("close reaches a reset", "[host][close]") {
    Stage stage;
    const auto connection = stage.connect({.at_reset = "log wait"});
    std::thread worker([&] {
        auto session = connection.session();
        CHECK(session.has_value());
    });
    while (!stage.log().contains("password="))
        std::this_thread::yield();

    const auto start = std::chrono::steady_clock::now();
    connection.close();
    worker.join();

    CHECK(elapsed_since(start) < 1s);
}

TEST_CASE("a session that was left behind counts until it is gone", "[host][abandon]") {
    Stage stage;
    const auto connection = stage.connect({.connector = "stubborn", .max_sessions = 1});

    CHECK(error_of(connection.execute("stubborn 900", {}, {.timeout = 10ms})).code ==
          ErrorCode::deadline);

    CHECK(error_of(connection.ping()).code == ErrorCode::conflict);
    while (!connection.ping())
        std::this_thread::yield();
}

TEST_CASE("a call that was left behind keeps its secrets masked", "[host][abandon][mask]") {
    Stage stage;
    CHECK(error_of(stage.connect({.connector = "stubborn"})
                       .execute("stubborn 700 log", {}, {.timeout = 10ms}))
              .code == ErrorCode::deadline);

    while (!stage.log().contains("password="))
        std::this_thread::yield();

    CHECK(stage.log().contains("password=***"));
    CHECK_FALSE(stage.log().contains("CANARY"));
}

TEST_CASE("no thread for a session is an error, and no place is lost", "[host][pool]") {
    Stage stage;
    // The limit counts all processes of a user and does not hold for root; hence a child of nobody.
    const auto connection = stage.connect({.connector = "stubborn", .max_sessions = 1});
    REQUIRE(patchbay::host::load_library(connection.impl()->config().bundle).has_value());
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const rlimit none{0, 0};
        if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(2);
        if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(3);
        const auto first = connection.ping();
        const auto second = connection.ping();
        const bool told = !first && first.error().code == ErrorCode::resource_exhausted &&
                          first.error().message.contains("thread");
        const bool again = !second && second.error().code == ErrorCode::resource_exhausted;
        ::_exit(told && again ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);

    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("the log tells what becomes of sessions and streams", "[host][log]") {
    Stage stage;
    {
        const auto connection = stage.connect();
        CHECK(count_rows(*std::make_unique<Stream>(must_read(connection, "rows 25"))) == 25);
        CHECK(error_of(connection.execute("wait", {}, {.timeout = 1ms})).code ==
              ErrorCode::deadline);
        connection.close();
    }

    const auto log = stage.log();
    for (const auto* line :
         {"host: @puppet.test: a session was opened\n", "host: @puppet.test: a stream was opened\n",
          "host: @puppet.test: a stream ended after 25 rows\n",
          "host: @puppet.test: a session was reset\n",
          "host: @puppet.test: execute answered deadline\n",
          "host: @puppet.test: a session was closed\n"})
        CHECK((log.contains(line) ? "" : line) == std::string());
}

TEST_CASE("a forked child leaves the parent's sessions alone and opens its own", "[host][fork]") {
    Stage stage;
    const auto connection = stage.connect();
    auto session = connection.session();
    REQUIRE(session.has_value());
    auto transaction = session->begin();
    REQUIRE(transaction.has_value());
    auto stream = must_read(connection, "rows 25");
    next_batch(stream).reset();
    const int opened = counter(connection, "opened");
    const int closed = counter(connection, "closed");
    const int released = counter(connection, "streams_released");

    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        int faults = 0;
        {
            sdk::UniqueArray batch;
            auto inherited = std::move(stream);
            const auto more = inherited.next(batch.receive());
            if (more || more.error().code != ErrorCode::wrong_process) faults |= 1;
            const auto begun = session->execute("rows 1");
            if (begun || begun.error().code != ErrorCode::wrong_process) faults |= 2;
            auto dropped = std::move(*transaction);
        }
        if (counter(connection, "opened") != opened + 1) faults |= 4;
        if (counter(connection, "closed") != closed) faults |= 8;
        if (counter(connection, "streams_released") != released) faults |= 16;
        connection.close();
        ::_exit(faults);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);

    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(count_rows(stream) == 15);
    CHECK(transaction->commit().has_value());
}
