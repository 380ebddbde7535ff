// SPDX-License-Identifier: Apache-2.0
// Connections to a source, and the sessions and transactions on them.
#pragma once

#include <patchbay/abi/arrow.h>
#include <patchbay/host/error.hpp>
#include <patchbay/host/export.hpp>
#include <patchbay/host/parameters.hpp>
#include <patchbay/host/stream.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// How long a caller waits, and how the wait is given up.
struct CallOptions {
    // For the whole operation: connecting, running, and reading its stream, the reader's own pauses
    // left out. Nothing = no limit.
    std::optional<std::chrono::nanoseconds> timeout = {};
    std::stop_token cancel = {};
    std::string trace_parent = {}; // W3C trace context, for sources that carry one
};

// What else to say about a table that is read.
struct TableOptions {
    std::vector<std::string> columns = {}; // all where empty
    std::string where = {};                // a condition in the source's own terms
    std::optional<std::uint64_t> limit = {};
};

// What to read: a JSON object by the connector's request.schema.json, and values for its
// placeholders.
struct Request {
    std::string json;
    Parameters parameters = {};

    // {"query": ...}
    [[nodiscard]] PATCHBAY_HOST_API static Request query(std::string_view text,
                                                         Parameters parameters = {});

    // {"table": ...} and what else is given.
    [[nodiscard]] PATCHBAY_HOST_API static Request table(std::string_view name,
                                                         const TableOptions& options = {});
};

struct ExecuteResult {
    std::optional<std::int64_t> rows_affected; // nothing where the source does not say
    std::optional<std::int64_t> last_insert_id;
};

enum class Isolation {
    source_default,
    read_uncommitted,
    read_committed,
    repeatable_read,
    serializable,
};

struct TransactionOptions {
    Isolation isolation = Isolation::source_default;
    bool read_only = false;
    bool deferrable = false;
};

// What a source says about itself; empty where it has no such thing.
struct PingAnswer {
    std::string server_version;
    std::string database;
    std::string user;
    std::string tls;
    std::string json; // everything the connector said
    std::chrono::nanoseconds latency{};
};

class Session;

// A transaction on a session. Destroying it rolls back.
class PATCHBAY_HOST_API Transaction {
  public:
    Transaction(const Transaction&) = delete;
    Transaction(Transaction&&) noexcept;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) noexcept;
    ~Transaction();

    // Makes its work durable. Ends the transaction unless the error is conflict.
    //
    // Errors: conflict while a stream of the session is open.
    [[nodiscard]] Expected<void> commit(const CallOptions& options = {});

    // Undoes its work; a stream that is open on the session is ended first.
    [[nodiscard]] Expected<void> rollback(const CallOptions& options = {});

  private:
    friend class Session;
    struct PATCHBAY_HOST_HIDDEN Impl;
    explicit Transaction(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// One physical session, kept for its owner alone. Destroying it gives the session back: what its
// owner left open is undone first.
//
// One stream at a time: while one is neither at its end nor released, everything else on the
// session is conflict. Not for use by two threads at once; a second call while one runs is conflict
// too.
class PATCHBAY_HOST_API Session {
  public:
    Session(const Session&) = delete;
    Session(Session&&) noexcept;
    Session& operator=(const Session&) = delete;
    Session& operator=(Session&&) noexcept;
    ~Session();

    [[nodiscard]] Expected<Stream> read(Request request, const CallOptions& options = {});
    [[nodiscard]] Expected<ExecuteResult> execute(std::string_view statement,
                                                  Parameters parameters = {},
                                                  const CallOptions& options = {});
    [[nodiscard]] Expected<Transaction> begin(const TransactionOptions& transaction = {},
                                              const CallOptions& options = {});
    [[nodiscard]] Expected<Stream> objects(const CallOptions& options = {});
    [[nodiscard]] Expected<void> describe(std::string_view object, ArrowSchema* out,
                                          const CallOptions& options = {});
    [[nodiscard]] Expected<PingAnswer> ping(const CallOptions& options = {});

  private:
    friend class Connection;
    struct PATCHBAY_HOST_HIDDEN Impl;
    explicit Session(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

// A source as an application holds it: made without touching anything, connected on first use, used
// by any number of threads, closed once and for all. Copies are the same connection.
//
// Each call takes whichever session is free, or opens one; two calls see the same transaction only
// inside a Session. Sessions are cleaned before the next borrower gets them.
//
// After fork() a connection opens fresh sessions in the child; sessions, transactions and streams
// of the parent answer wrong_process there.
class PATCHBAY_HOST_API Connection {
  public:
    // Reads rows.
    //
    // Blocks:  until the columns are known, bounded by options.timeout.
    // Errors:  what the source says (invalid_request, not_found, unavailable, ...); invalid_request
    //          with a pointer where the request does not fit the connector's schema; unsupported
    //          where the connector does not read; conflict where the settings allow no further
    //          session; closed; cancelled; deadline.
    [[nodiscard]] Expected<Stream> read(Request request, const CallOptions& options = {}) const;

    // Runs one statement for its effect. With parameters of several rows it runs once for each, all
    // in one transaction.
    [[nodiscard]] Expected<ExecuteResult> execute(std::string_view statement,
                                                  Parameters parameters = {},
                                                  const CallOptions& options = {}) const;

    // Streams what there is to read: catalog, schema, name, kind, comment.
    [[nodiscard]] Expected<Stream> objects(const CallOptions& options = {}) const;

    // Fills *out with the columns of an object (named as in a request's "table"); the receiver
    // releases it. Field metadata: see patchbay/abi/catalog.h.
    [[nodiscard]] Expected<void> describe(std::string_view object, ArrowSchema* out,
                                          const CallOptions& options = {}) const;

    // Connects where it has not yet, and asks who is there.
    [[nodiscard]] Expected<PingAnswer> ping(const CallOptions& options = {}) const;

    // Takes a session for the caller alone.
    [[nodiscard]] Expected<Session> session(const CallOptions& options = {}) const;

    // Ends everything: running calls answer closed, streams too, sessions are closed. Further calls
    // answer closed. Closing again does nothing.
    //
    // Blocks: until running calls have noticed, at most a second; what does not notice by then is
    //         left behind and ends by itself. (So is a session whose connector did not come back
    //         in time; until it ends it counts among those that the settings allow.)
    void close() const;
    [[nodiscard]] bool closed() const;

    // The full ID of its connector.
    [[nodiscard]] std::string connector_id() const;

    struct PATCHBAY_HOST_HIDDEN Impl;
    explicit Connection(std::shared_ptr<Impl> impl); // for libpatchbay itself
    [[nodiscard]] const std::shared_ptr<Impl>& impl() const { return impl_; }

  private:
    std::shared_ptr<Impl> impl_;
};

} // namespace patchbay::host
