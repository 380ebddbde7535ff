// SPDX-License-Identifier: Apache-2.0
// The public API of connections: each call borrows a session, does one thing, and lets go.

#include "connection_impl.hpp"

#include <host/session/connector_error.hpp>
#include <host/session/process_generation.hpp>
#include <patchbay/sdk/text.hpp>
#include <registry/strict_json.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds rollback_timeout{5};

[[nodiscard]] Error missing_capability(const Library& library, std::string_view capability,
                                       std::string_view what) {
    return {.code = ErrorCode::unsupported,
            .message = fmt::format("the connector {} cannot {}: it does not offer {}", library.name,
                                   what, capability),
            .connector = library.id};
}

// Every error tells which connection it is about.
template <class T>
[[nodiscard]] Expected<T> with_reference(Expected<T> result, const ConnectionConfig& config) {
    if (!result) {
        if (result.error().reference.empty()) result.error().reference = config.reference;
        if (result.error().connector.empty()) {
            result.error().connector = config.bundle.manifest->id.text();
        }
    }
    return result;
}

[[nodiscard]] Expected<void> check_request(const ConnectionConfig& config,
                                           const std::string& request_json) {
    auto faults = config.check_request(request_json);
    if (faults.empty()) return {};
    Error error{.code = ErrorCode::invalid_request,
                .message =
                    fmt::format("the request does not fit the connector {}: {}{}",
                                config.bundle.manifest->id.name,
                                faults.front().pointer.empty() ? "" : faults.front().pointer + ": ",
                                faults.front().message),
                .pointer = faults.front().pointer};
    error.faults = std::move(faults);
    return std::unexpected(std::move(error));
}

[[nodiscard]] Expected<Stream> read(BorrowedSession& session, Request request,
                                    const std::shared_ptr<CallFrame>& frame) {
    if (session.library().source == nullptr) {
        return std::unexpected(
            missing_capability(session.library(), PATCHBAY_SOURCE_CAPABILITY, "read rows"));
    }
    if (auto fits = check_request(session.config(), request.json); !fits) {
        return std::unexpected(std::move(fits.error()));
    }
    const auto call = session.prepare<OpenStreamCall>("open_stream", frame);
    call->request_json = std::move(request.json);
    if (auto bound = call->parameters.bind(std::move(request.parameters)); !bound) {
        return std::unexpected(std::move(bound.error()));
    }
    if (call->parameters.get() != nullptr && call->parameters.row_count() != 1) {
        return std::unexpected(
            Error{.code = ErrorCode::invalid_request,
                  .message = fmt::format("reading takes one row of parameters; these have {}",
                                         call->parameters.row_count()),
                  .pointer = "/params"});
    }
    return session.run(std::static_pointer_cast<StreamCall>(call));
}

[[nodiscard]] Expected<ExecuteResult> execute(BorrowedSession& session, std::string_view statement,
                                              Parameters parameters,
                                              const std::shared_ptr<CallFrame>& frame) {
    if (session.library().sql == nullptr) {
        return std::unexpected(
            missing_capability(session.library(), PATCHBAY_SQL_CAPABILITY, "run statements"));
    }
    if (const auto good = sdk::valid_utf8_prefix(statement); good < statement.size()) {
        return std::unexpected(Error{
            .code = ErrorCode::invalid_request,
            .message = fmt::format("the statement is not UTF-8 text from byte {} on", good + 1)});
    }
    const auto call = session.prepare<ExecuteCall>("execute", frame);
    call->statement = statement;
    if (auto bound = call->parameters.bind(std::move(parameters)); !bound) {
        return std::unexpected(std::move(bound.error()));
    }
    if (auto done = session.run(call); !done) return std::unexpected(std::move(done.error()));
    ExecuteResult result;
    if (call->result.rows_affected_known != 0) result.rows_affected = call->result.rows_affected;
    if (call->result.last_insert_id_known != 0) result.last_insert_id = call->result.last_insert_id;
    return result;
}

[[nodiscard]] Error no_catalog(const Library& library) {
    return missing_capability(library, PATCHBAY_CATALOG_CAPABILITY, "list what there is to read");
}

[[nodiscard]] Expected<Stream> objects(BorrowedSession& session,
                                       const std::shared_ptr<CallFrame>& frame) {
    if (session.library().catalog == nullptr) {
        return std::unexpected(no_catalog(session.library()));
    }
    return session.run(
        std::static_pointer_cast<StreamCall>(session.prepare<ObjectsCall>("objects", frame)));
}

[[nodiscard]] Expected<void> describe_object(BorrowedSession& session, std::string_view object,
                                             ArrowSchema* out,
                                             const std::shared_ptr<CallFrame>& frame) {
    if (session.library().catalog == nullptr) {
        return std::unexpected(no_catalog(session.library()));
    }
    const auto call = session.prepare<DescribeCall>("describe", frame);
    call->object = object;
    auto done = session.run(call);
    if (done) call->schema.move_to(out);
    return done;
}

[[nodiscard]] std::string text_member(const json::object& object, std::string_view key) {
    const auto* const value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

[[nodiscard]] Expected<PingAnswer> ping(BorrowedSession& session,
                                        const std::shared_ptr<CallFrame>& frame) {
    auto& clock = frame->services().clock();
    const auto call = session.prepare<PingCall>("ping", frame);
    const auto started_ns = clock.monotonic_ns();
    if (auto done = session.run(call); !done) return std::unexpected(std::move(done.error()));

    PingAnswer answer;
    answer.latency = std::chrono::nanoseconds(clock.monotonic_ns() - started_ns);
    answer.json = session.config().masker->mask(call->answer);
    const auto document = registry::read_strict_json(answer.json, registry::settings_limits);
    if (!document || !document->is_object()) {
        return std::unexpected(
            broken_rule_error({session.library(), "ping"}, "its answer is not a JSON object"));
    }
    const auto& object = document->get_object();
    answer.server_version = text_member(object, "server_version");
    answer.database = text_member(object, "database");
    answer.user = text_member(object, "user");
    answer.tls = text_member(object, "tls");
    return answer;
}

[[nodiscard]] Error transaction_over() {
    return {.code = ErrorCode::invalid_request,
            .message = "the transaction is over: it was committed or rolled back",
            .hint = "begin another one"};
}

[[nodiscard]] patchbay_isolation isolation_of(Isolation isolation) {
    switch (isolation) {
    case Isolation::read_uncommitted:
        return PATCHBAY_ISOLATION_READ_UNCOMMITTED;
    case Isolation::read_committed:
        return PATCHBAY_ISOLATION_READ_COMMITTED;
    case Isolation::repeatable_read:
        return PATCHBAY_ISOLATION_REPEATABLE_READ;
    case Isolation::serializable:
        return PATCHBAY_ISOLATION_SERIALIZABLE;
    case Isolation::source_default:
        break;
    }
    return PATCHBAY_ISOLATION_DEFAULT;
}

[[nodiscard]] std::shared_ptr<CallFrame> frame_of(const ConnectionConfig& config,
                                                  const CallOptions& options) {
    return std::make_shared<CallFrame>(*config.services, options);
}

// Borrows a session of the connection for one piece of work.
template <class Work>
[[nodiscard]] auto on_any_session(Connection::Impl& connection, const CallOptions& options,
                                  const Work& work)
    -> decltype(work(std::declval<BorrowedSession&>(), std::shared_ptr<CallFrame>())) {
    const auto frame = frame_of(connection.config(), options);
    using Result = decltype(work(std::declval<BorrowedSession&>(), frame));
    auto session = connection.state()->borrow(frame);
    if (!session) {
        return with_reference(Result(std::unexpected(std::move(session.error()))),
                              connection.config());
    }
    return with_reference(work(**session, frame), connection.config());
}

// Does a piece of work on a session that somebody holds.
template <class Work>
[[nodiscard]] auto on_session(BorrowedSession& session, const CallOptions& options,
                              const Work& work) {
    return with_reference(work(session, frame_of(session.config(), options)), session.config());
}

} // namespace

Request Request::query(std::string_view text, Parameters parameters) {
    return {json::serialize(json::object{{"query", text}}), std::move(parameters)};
}

Request Request::table(std::string_view name, const TableOptions& options) {
    json::object request{{"table", name}};
    if (!options.columns.empty()) {
        request["columns"] = json::array(options.columns.begin(), options.columns.end());
    }
    if (!options.where.empty()) request["where"] = options.where;
    if (options.limit) request["limit"] = *options.limit;
    return {json::serialize(request), {}};
}

Connection::Impl::Impl(ConnectionConfig settings)
    : config_(std::make_shared<const ConnectionConfig>(std::move(settings))),
      cell_(new Cell{process_generation(), std::make_shared<ConnectionState>(config_)}) {}

Connection::Impl::~Impl() {
    const std::unique_ptr<Cell> cell(cell_.load(std::memory_order_acquire));
    if (cell->generation == process_generation()) return;
    // The parent's sessions are left alone. No memory ends the child, which is the kernel's answer
    // too. NOLINTNEXTLINE(bugprone-unhandled-exception-at-new)
    static_cast<void>(new std::shared_ptr<ConnectionState>(std::move(cell->state)));
}

std::shared_ptr<ConnectionState> Connection::Impl::state() {
    Cell* cell = cell_.load(std::memory_order_acquire);
    if (cell->generation == process_generation()) return cell->state;
    auto fresh = std::make_unique<Cell>(
        Cell{process_generation(), std::make_shared<ConnectionState>(config_)});
    if (closed()) fresh->state->close(); // what the parent closed stays closed
    // The parent's cell is leaked: nothing of his is freed here.
    if (cell_.compare_exchange_strong(cell, fresh.get(), std::memory_order_acq_rel)) {
        cell = fresh.release();
    }
    return cell->state;
}

void Connection::Impl::close() {
    closed_.store(true, std::memory_order_release);
    state()->close();
}

Connection::Connection(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Expected<Stream> Connection::read(Request request, const CallOptions& options) const {
    return on_any_session(*impl_, options, [&](BorrowedSession& session, const auto& frame) {
        return host::read(session, std::move(request), frame);
    });
}

Expected<ExecuteResult> Connection::execute(std::string_view statement, Parameters parameters,
                                            const CallOptions& options) const {
    return on_any_session(*impl_, options, [&](BorrowedSession& session, const auto& frame) {
        return host::execute(session, statement, std::move(parameters), frame);
    });
}

Expected<Stream> Connection::objects(const CallOptions& options) const {
    return on_any_session(*impl_, options, [](BorrowedSession& session, const auto& frame) {
        return host::objects(session, frame);
    });
}

Expected<void> Connection::describe(std::string_view object, ArrowSchema* out,
                                    const CallOptions& options) const {
    return on_any_session(*impl_, options, [&](BorrowedSession& session, const auto& frame) {
        return describe_object(session, object, out, frame);
    });
}

Expected<PingAnswer> Connection::ping(const CallOptions& options) const {
    return on_any_session(*impl_, options, [](BorrowedSession& session, const auto& frame) {
        return host::ping(session, frame);
    });
}

Expected<Session> Connection::session(const CallOptions& options) const {
    const auto frame = frame_of(impl_->config(), options);
    auto session = impl_->state()->borrow(frame);
    if (!session) {
        return with_reference(Expected<Session>(std::unexpected(std::move(session.error()))),
                              impl_->config());
    }
    (*session)->keep();
    return Session(std::make_shared<Session::Impl>(std::move(*session)));
}

void Connection::close() const {
    impl_->close();
}

bool Connection::closed() const {
    return impl_->closed();
}

std::string Connection::connector_id() const {
    return impl_->config().bundle.manifest->id.text();
}

Session::Session(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Expected<Stream> Session::read(Request request, const CallOptions& options) {
    return on_session(*impl_->session, options, [&](BorrowedSession& session, const auto& frame) {
        return host::read(session, std::move(request), frame);
    });
}

Expected<ExecuteResult> Session::execute(std::string_view statement, Parameters parameters,
                                         const CallOptions& options) {
    return on_session(*impl_->session, options, [&](BorrowedSession& session, const auto& frame) {
        return host::execute(session, statement, std::move(parameters), frame);
    });
}

Expected<Transaction> Session::begin(const TransactionOptions& transaction,
                                     const CallOptions& options) {
    return on_session(*impl_->session, options,
                      [&](BorrowedSession& session, const auto& frame) -> Expected<Transaction> {
                          if (session.library().sql == nullptr) {
                              return std::unexpected(missing_capability(session.library(),
                                                                        PATCHBAY_SQL_CAPABILITY,
                                                                        "begin a transaction"));
                          }
                          const auto call = session.prepare<BeginCall>("begin", frame);
                          call->options.isolation = isolation_of(transaction.isolation);
                          call->options.read_only = transaction.read_only ? 1 : 0;
                          call->options.deferrable = transaction.deferrable ? 1 : 0;
                          if (auto begun = session.run(call); !begun) {
                              return std::unexpected(std::move(begun.error()));
                          }
                          return Transaction(std::make_unique<Transaction::Impl>(impl_->session));
                      });
}

Expected<Stream> Session::objects(const CallOptions& options) {
    return on_session(*impl_->session, options, [](BorrowedSession& session, const auto& frame) {
        return host::objects(session, frame);
    });
}

Expected<void> Session::describe(std::string_view object, ArrowSchema* out,
                                 const CallOptions& options) {
    return on_session(*impl_->session, options, [&](BorrowedSession& session, const auto& frame) {
        return describe_object(session, object, out, frame);
    });
}

Expected<PingAnswer> Session::ping(const CallOptions& options) {
    return on_session(*impl_->session, options, [](BorrowedSession& session, const auto& frame) {
        return host::ping(session, frame);
    });
}

Transaction::Transaction(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Transaction::Transaction(Transaction&&) noexcept = default;

Transaction& Transaction::operator=(Transaction&& other) noexcept {
    if (this != &other) {
        Transaction ended(std::move(*this)); // rolls back
        impl_ = std::move(other.impl_);
    }
    return *this;
}

Transaction::~Transaction() {
    if (impl_ == nullptr || !impl_->open) return;
    // Where it fails the session is not clean, and is closed when it goes back: that rolls back
    // too.
    static_cast<void>(rollback({.timeout = rollback_timeout}));
}

Expected<void> Transaction::commit(const CallOptions& options) {
    if (!impl_->open) return std::unexpected(transaction_over());
    auto& session = *impl_->session;
    auto done = on_session(session, options, [](BorrowedSession& borrowed, const auto& frame) {
        return borrowed.run(borrowed.prepare<CommitCall>("commit", frame));
    });
    if (done || done.error().code != ErrorCode::conflict) impl_->open = false;
    return done;
}

Expected<void> Transaction::rollback(const CallOptions& options) {
    if (!impl_->open) return std::unexpected(transaction_over());
    impl_->open = false;
    auto& session = *impl_->session;
    auto done = on_session(
        session, options, [](BorrowedSession& borrowed, const auto& frame) -> Expected<void> {
            const Error why{.code = ErrorCode::conflict,
                            .message =
                                "the transaction that this stream was read in was rolled back"};
            if (!borrowed.end_stream(why, end_of(*frame))) {
                return std::unexpected(deadline_error());
            }
            return borrowed.run(borrowed.prepare<RollbackCall>("rollback", frame));
        });
    if (!done) session.condemn();
    return done;
}

} // namespace patchbay::host
