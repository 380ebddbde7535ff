// SPDX-License-Identifier: Apache-2.0
// One call of a connector's function, with everything that belongs to it.
#pragma once

#include <host/load/library.hpp>
#include <host/session/bound_parameters.hpp>
#include <host/session/call_frame.hpp>
#include <host/session/connector_error.hpp>
#include <patchbay/abi/patchbay.h>
#include <patchbay/host/error.hpp>
#include <patchbay/sdk/arrow_schema.hpp>

#include <memory>
#include <string>
#include <utility>

namespace patchbay::host {

// Releases what a connector handed out, where it may still be called. Answers false where an
// exception came out of it.
template <class T>
bool release_foreign(const Library& library, sdk::ArrowOwner<T>& owner) noexcept {
    T held{};
    owner.move_to(&held);
    if (held.release == nullptr || library.quarantined) return true;
    return run_foreign(library, [&] { held.release(&held); });
}

// A call that owns its arguments and out-parameters. It may outlive its caller: where a connector
// does not come back in time, the call stays with the thread that makes it, and what it brings home
// in the end is discarded.
class ConnectorCall {
  public:
    ConnectorCall(const Library& library, std::string_view function,
                  std::shared_ptr<CallFrame> frame)
        : library_(library), function_(function), frame_(std::move(frame)), error_(library) {}
    ConnectorCall(const ConnectorCall&) = delete;
    ConnectorCall(ConnectorCall&&) = delete;
    ConnectorCall& operator=(const ConnectorCall&) = delete;
    ConnectorCall& operator=(ConnectorCall&&) = delete;
    virtual ~ConnectorCall() = default;

    // Calls the connector on this thread. May be made again. An exception that comes out of the
    // connector puts its library into quarantine; one of our own, where memory ran out, does not.
    void make() noexcept;

    // Gives back what a call brought home after its caller had left.
    virtual void discard() noexcept {}

    [[nodiscard]] CallFrame& frame() { return *frame_; }
    [[nodiscard]] std::shared_ptr<CallFrame> shared_frame() const { return frame_; }
    [[nodiscard]] std::string_view function() const { return function_; }
    [[nodiscard]] bool succeeded() const { return status_ == PATCHBAY_OK; }

    // Why the call failed.
    [[nodiscard]] Error error(const SecretMasker& masker) const;

  protected:
    [[nodiscard]] virtual patchbay_status run() = 0;

    static constexpr const char* escaped_exception =
        "an exception came out of it; it is not called any more";

    // Calls a function of the connector and answers what it answered. Every call of run() into the
    // connector goes through here, and nothing else.
    template <class Function>
    [[nodiscard]] patchbay_status enter(const Function& function) {
        patchbay_status status = PATCHBAY_OK;
        if (run_foreign(library_, [&] { status = function(); })) return status;
        return break_rule(escaped_exception);
    }

    // Why a function of a stream failed with an errno value; what run() returns then.
    [[nodiscard]] patchbay_status read_stream_failure(ArrowArrayStream& stream, int error_number);

    // The connector answered what the contract forbids; what run() returns then.
    [[nodiscard]] patchbay_status break_rule(std::string what);

    [[nodiscard]] const Library& library() const { return library_; }
    [[nodiscard]] const patchbay_call* call() const { return frame_->call(); }

    // A clean error for the connector to fill. Whatever an earlier call left in it is gone.
    [[nodiscard]] patchbay_error* error_out() {
        error_.reset();
        return error_.get();
    }

  private:
    const Library& library_;
    std::string_view function_; // a literal
    std::shared_ptr<CallFrame> frame_;
    patchbay_status status_ = PATCHBAY_OK;
    std::string broken_rule_;
    std::string fallback_text_; // what error_ may point into
    ErrorBox error_;
};

// The calls, one struct for each function of the contract. Inputs are set before make(), outputs
// hold afterwards where it succeeded.

struct CheckSettingsCall final : ConnectorCall {
    using ConnectorCall::ConnectorCall;
    std::string settings_json;
    patchbay_settings_facts facts{.struct_size = sizeof(patchbay_settings_facts)};
    patchbay_status run() override;
};

struct OpenCall final : ConnectorCall {
    using ConnectorCall::ConnectorCall;
    std::string settings_json;
    patchbay_session* session = nullptr;
    patchbay_status run() override;
    void discard() noexcept override;
};

// What is done to a session that exists.
struct SessionCall : ConnectorCall {
    SessionCall(const Library& library, std::string_view function, std::shared_ptr<CallFrame> frame,
                patchbay_session* target)
        : ConnectorCall(library, function, std::move(frame)), session(target) {}
    patchbay_session* session;
};

struct PingCall final : SessionCall {
    using SessionCall::SessionCall;
    std::string answer;
    patchbay_status run() override;
};

struct ResetCall final : SessionCall {
    using SessionCall::SessionCall;
    patchbay_status run() override;
};

struct CloseCall final : SessionCall {
    using SessionCall::SessionCall;
    patchbay_status run() override;
};

// Opens a stream of rows or of objects, and asks for its schema.
struct StreamCall : SessionCall {
    using SessionCall::SessionCall;
    sdk::UniqueStream stream;
    sdk::Field schema;
    void discard() noexcept override { release_foreign(library(), stream); }

  protected:
    // Looks at a stream that was just opened and reads its schema.
    [[nodiscard]] patchbay_status accept(patchbay_status opened, ArrowArrayStream&& fresh);

  private:
    [[nodiscard]] patchbay_status read_schema();
    [[nodiscard]] patchbay_status import_columns(const sdk::UniqueSchema& columns);
};

struct OpenStreamCall final : StreamCall {
    using StreamCall::StreamCall;
    std::string request_json;
    BoundParameters parameters;
    patchbay_status run() override;
};

struct ObjectsCall final : StreamCall {
    using StreamCall::StreamCall;
    patchbay_status run() override;
};

// A stream, and with it the frame that its connector may look at until its release.
[[nodiscard]] std::shared_ptr<sdk::UniqueStream> keep_with_frame(sdk::UniqueStream&& stream,
                                                                 std::shared_ptr<CallFrame> frame);

// What is done to a stream that is open. The call holds the stream, so that it can outlive whoever
// reads it.
struct OpenedStreamCall : ConnectorCall {
    OpenedStreamCall(const Library& library, std::string_view function,
                     std::shared_ptr<CallFrame> frame, std::shared_ptr<sdk::UniqueStream> target)
        : ConnectorCall(library, function, std::move(frame)), stream(std::move(target)) {}
    std::shared_ptr<sdk::UniqueStream> stream;
};

// Asks for the next batch; made once for each.
struct NextCall final : OpenedStreamCall {
    using OpenedStreamCall::OpenedStreamCall;
    sdk::UniqueArray batch; // empty at the end
    patchbay_status run() override;
    void discard() noexcept override;
};

struct ProgressCall final : OpenedStreamCall {
    using OpenedStreamCall::OpenedStreamCall;
    patchbay_progress progress{.struct_size = sizeof(patchbay_progress), .total_rows = -1};
    patchbay_status run() override;
    void discard() noexcept override { stream->reset(); }
};

struct ReleaseStreamCall final : OpenedStreamCall {
    using OpenedStreamCall::OpenedStreamCall;
    patchbay_status run() override;
};

struct DescribeCall final : SessionCall {
    using SessionCall::SessionCall;
    std::string object;
    sdk::UniqueSchema schema;
    patchbay_status run() override;
    void discard() noexcept override { release_foreign(library(), schema); }
};

struct ExecuteCall final : SessionCall {
    using SessionCall::SessionCall;
    std::string statement;
    BoundParameters parameters;
    patchbay_execute_result result{.struct_size = sizeof(patchbay_execute_result)};
    patchbay_status run() override;
};

struct BeginCall final : SessionCall {
    using SessionCall::SessionCall;
    patchbay_transaction_options options{.struct_size = sizeof options, .revision = 1};
    patchbay_status run() override;
};

struct CommitCall final : SessionCall {
    using SessionCall::SessionCall;
    patchbay_status run() override;
};

struct RollbackCall final : SessionCall {
    using SessionCall::SessionCall;
    patchbay_status run() override;
};

} // namespace patchbay::host
