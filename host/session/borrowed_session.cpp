// SPDX-License-Identifier: Apache-2.0
// A session in the hands of one borrower, and the rule that it does one thing at a time.

#include "borrowed_session.hpp"

#include <host/session/process_generation.hpp>
#include <host/session/stream_state.hpp>

#include <utility>

namespace patchbay::host {
namespace {

[[nodiscard]] Error busy_error(bool streaming) {
    return {.code = ErrorCode::conflict,
            .message = streaming ? "a stream of this session is still open"
                                 : "another call of this session is still running",
            .hint = streaming ? "read it to its end or release it first, or use another session"
                              : "wait for it, or use another session"};
}

} // namespace

BorrowedSession::BorrowedSession(std::shared_ptr<ConnectionState> state,
                                 std::unique_ptr<PhysicalSession> session,
                                 std::shared_ptr<CallFrame> operation)
    : generation_(process_generation()), library_(session->library()), handle_(session->handle()),
      state_(std::move(state)), session_(std::move(session)), operation_(std::move(operation)) {}

BorrowedSession::~BorrowedSession() {
    if (generation_ != process_generation()) {
        // The parent's: not closed, not freed, not counted.
        static_cast<void>(session_.release());
        // Leaked on purpose; no memory ends the child, which is the kernel's answer too.
        // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new)
        static_cast<void>(new std::shared_ptr<ConnectionState>(std::move(state_)));
        return;
    }
    if (condemned_) session_.reset();
    if (session_ != nullptr) state_->give_back(std::move(session_), clean_, operation_);
}

Expected<void> BorrowedSession::enter(const std::shared_ptr<CallFrame>& frame) {
    if (generation_ != process_generation()) return std::unexpected(wrong_process_error());
    const std::scoped_lock lock(mutex_);
    if (ended_) return std::unexpected(closed_error());
    if (streaming_) return std::unexpected(busy_error(true));
    if (running_ != nullptr) return std::unexpected(busy_error(false));
    running_ = frame;
    return {};
}

void BorrowedSession::leave() {
    const std::scoped_lock lock(mutex_);
    running_ = nullptr;
    idle_.notify_all();
}

// Leaves the session that was entered, however the call ends.
class BorrowedSession::Visit {
  public:
    explicit Visit(BorrowedSession& session) : session_(session) {}
    Visit(const Visit&) = delete;
    Visit(Visit&&) = delete;
    Visit& operator=(const Visit&) = delete;
    Visit& operator=(Visit&&) = delete;
    ~Visit() { session_.leave(); }

  private:
    BorrowedSession& session_;
};

Expected<void> BorrowedSession::run(const std::shared_ptr<SessionCall>& call) {
    if (auto entered = enter(call->shared_frame()); !entered) return entered;
    const Visit visit(*this);
    return session_->run(call);
}

Expected<Stream> BorrowedSession::run(const std::shared_ptr<StreamCall>& call) {
    const auto frame = call->shared_frame();
    if (auto entered = enter(frame); !entered) return std::unexpected(std::move(entered.error()));
    const Visit visit(*this);
    if (auto opened = session_->run(call); !opened) {
        return std::unexpected(std::move(opened.error()));
    }
    auto stream = StreamState::start(shared_from_this(), *call, frame);
    {
        const std::scoped_lock lock(mutex_);
        streaming_ = true;
        stream_ = StreamState::of(stream.get())->weak_from_this();
    }
    // close() may have come in between: it waits for this call, and then finds the stream.
    return stream;
}

bool BorrowedSession::end_stream(const Error& why, std::chrono::steady_clock::time_point until) {
    if (generation_ != process_generation()) return true;
    std::shared_ptr<StreamState> stream;
    {
        const std::scoped_lock lock(mutex_);
        stream = stream_.lock();
    }
    if (!stream) return true;
    stream->cancel(CancelReason::caller);
    return stream->end(why, until);
}

void BorrowedSession::stream_ended(bool half_read) {
    const std::scoped_lock lock(mutex_);
    streaming_ = false;
    stream_.reset();
    if (half_read) clean_ = false;
}

void BorrowedSession::condemn() {
    if (generation_ != process_generation()) return;
    const std::scoped_lock lock(mutex_);
    condemned_ = true;
}

void BorrowedSession::cancel() {
    std::shared_ptr<CallFrame> running;
    std::shared_ptr<StreamState> stream;
    {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
        running = running_;
        stream = stream_.lock();
    }
    if (running) running->cancel().request(CancelReason::closed);
    if (stream) stream->cancel(CancelReason::closed);
}

void BorrowedSession::end(std::chrono::steady_clock::time_point until, std::int64_t goodbye_ns) {
    std::unique_lock lock(mutex_);
    if (!idle_.wait_until(lock, until, [&] { return running_ == nullptr; })) return;
    if (const auto stream = stream_.lock()) {
        lock.unlock();
        static_cast<void>(stream->end(closed_error(), until, goodbye_ns)); // streaming_ tells
        lock.lock();
    }
    // Nobody enters any more. A stream that is still busy keeps the session until it lets go.
    if (streaming_) return;
    const auto session = std::move(session_);
    lock.unlock();
    if (session != nullptr) session->close(goodbye_ns);
}

} // namespace patchbay::host
