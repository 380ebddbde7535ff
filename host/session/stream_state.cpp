// SPDX-License-Identifier: Apache-2.0
// What stands behind every stream that the host hands out.

#include "stream_state.hpp"

#include <host/session/process_generation.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <exception>
#include <new>
#include <utility>

namespace patchbay::host {
namespace {

// The text for a reader who reads while another thread does; nobody stores it.
constexpr const char* busy_text = "another thread is reading from this stream";
constexpr const char* wrong_process_text =
    "this stream belongs to the parent of this forked process";

[[nodiscard]] int errno_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::cancelled:
    case ErrorCode::closed:
        return ECANCELED;
    case ErrorCode::deadline:
        return ETIMEDOUT;
    case ErrorCode::invalid_request:
        return EINVAL;
    case ErrorCode::resource_exhausted:
        return ENOMEM;
    case ErrorCode::unsupported:
        return ENOTSUP;
    case ErrorCode::conflict:
        return EBUSY;
    default:
        return EIO;
    }
}

// What a connector may take to cancel at the source and return.
constexpr std::chrono::milliseconds release_timeout{500};

// Leaks on purpose: nothing of it may be called or freed.
template <class T>
void keep_for_ever(std::shared_ptr<T>& kept) {
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): see above
    static_cast<void>(new std::shared_ptr<T>(std::move(kept)));
}

} // namespace

Stream StreamState::start(std::shared_ptr<BorrowedSession> session, StreamCall& opened,
                          std::shared_ptr<CallFrame> frame) {
    auto state = std::make_shared<StreamState>(std::move(session), opened, std::move(frame));
    state->self_ = state;
    ArrowArrayStream stream{};
    stream.get_schema = on_get_schema;
    stream.get_next = on_get_next;
    stream.get_last_error = on_get_last_error;
    stream.release = on_release;
    stream.private_data = state.get();
    return Stream(std::move(stream));
}

StreamState::StreamState(std::shared_ptr<BorrowedSession> session, StreamCall& opened,
                         std::shared_ptr<CallFrame> frame)
    : generation_(process_generation()), schema_(std::move(opened.schema)), check_(schema_),
      frame_(std::move(frame)), session_(std::move(session)),
      inner_(keep_with_frame(std::move(opened.stream), frame_)),
      next_(std::make_shared<NextCall>(session_->library(), "get_next", frame_, inner_)) {
    if (frame_->has_deadline()) {
        remaining_ns_ = frame_->deadline_ns() - frame_->services().clock().monotonic_ns();
    }
}

StreamState* StreamState::of(ArrowArrayStream* stream) {
    const bool ours = stream->release != nullptr && stream->get_next == on_get_next;
    return ours ? static_cast<StreamState*>(stream->private_data) : nullptr;
}

bool StreamState::in_wrong_process() const {
    return generation_ != process_generation();
}

int StreamState::on_get_schema(ArrowArrayStream* self, ArrowSchema* out) noexcept {
    try {
        sdk::export_schema(of(self)->schema_, out);
        return 0;
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    }
}

int StreamState::on_get_next(ArrowArrayStream* self, ArrowArray* out) noexcept {
    try {
        return of(self)->get_next(out);
    } catch (const std::exception&) {
        return ENOMEM;
    }
}

const char* StreamState::on_get_last_error(ArrowArrayStream* self) noexcept {
    auto& state = *of(self);
    if (state.in_wrong_process()) return wrong_process_text;
    const std::scoped_lock lock(state.mutex_);
    if (state.error_) return state.error_->message.c_str();
    return state.busy_ ? busy_text : nullptr;
}

void StreamState::on_release(ArrowArrayStream* self) noexcept {
    auto& state = *of(self);
    self->release = nullptr;
    self->private_data = nullptr;
    // In a forked child everything of the parent's is left as it is, its memory included.
    if (!state.in_wrong_process()) state.release();
}

int StreamState::get_next(ArrowArray* out) {
    if (in_wrong_process()) return ECHILD;
    {
        const std::scoped_lock lock(mutex_);
        if (busy_) return EBUSY;
        if (phase_ == Phase::failed) return errno_of(error_->code);
        if (phase_ == Phase::ended) {
            *out = ArrowArray{};
            return 0;
        }
        busy_ = true;
    }
    return settle(fetch(), out);
}

// Asks the connector for a batch, with what is left of the deadline.
Expected<void> StreamState::fetch() {
    if (!frame_->has_deadline()) return session_->physical().run(next_);
    if (remaining_ns_ <= 0) return std::unexpected(deadline_error());
    auto& clock = frame_->services().clock();
    const auto started_ns = clock.monotonic_ns();
    frame_->set_deadline_ns(deadline_after(started_ns, remaining_ns_));
    auto fetched = session_->physical().run_in_time(next_);
    remaining_ns_ -= clock.monotonic_ns() - started_ns;
    return fetched;
}

// Why what came is not to be handed on, if it is not.
std::optional<Error> StreamState::find_error(Expected<void> fetched) const {
    if (!fetched) return std::move(fetched.error());
    if (!next_->batch) return std::nullopt;
    const auto fault = check_.find_fault(*next_->batch.get());
    if (!fault) return std::nullopt;
    return broken_rule_error({session_->library(), "get_next"}, *fault);
}

// Looks at what came, hands it out or ends the stream, and lets others in again.
int StreamState::settle(Expected<void> fetched, ArrowArray* out) {
    auto error = find_error(std::move(fetched));

    std::shared_ptr<StreamState> last; // outlives the lock
    std::unique_lock lock(mutex_);
    if (ending_) error = std::move(ending_); // whatever came, its reader is told of the end
    if (!error && !released_ && next_->batch) {
        rows_ += static_cast<std::uint64_t>(next_->batch->length);
        next_->batch.move_to(out);
        return settle_done(lock, 0);
    }
    const bool half_read = error.has_value() || next_->batch;
    lock.unlock();
    if (error && error->reference.empty()) error->reference = session_->config().reference;
    let_go(half_read);
    lock.lock();
    phase_ = error ? Phase::failed : Phase::ended;
    error_ = std::move(error);
    if (released_) last = std::move(self_);
    if (!error_) *out = ArrowArray{};
    return settle_done(lock, error_ ? errno_of(error_->code) : 0);
}

int StreamState::settle_done(std::unique_lock<std::mutex>& /*held*/, int result) {
    busy_ = false;
    not_busy_.notify_all();
    return result;
}

// Releases the connector's stream and gives the session back. Called by whoever is busy, once.
void StreamState::let_go(bool half_read) {
    auto& physical = session_->physical();
    if (!physical.abandoned()) { // else the thread that was left behind has batch and stream
        next_->batch.reset();
        const auto call = std::make_shared<ReleaseStreamCall>(
            session_->library(), "release", own_frame(frame_->services(), release_timeout), inner_);
        const auto gone = physical.run_at_last(call);
        // Its library is in quarantine: the stream stays as it is, for ever.
        if (!gone && !physical.abandoned()) keep_for_ever(inner_);
    }
    next_.reset();
    inner_.reset();
    session_->stream_ended(half_read);
    session_.reset();
}

void StreamState::release() {
    std::shared_ptr<StreamState> last; // outlives the lock
    std::unique_lock lock(mutex_);
    if (busy_) {
        // Against the rules of Arrow streams; the get_next that runs cleans up when it returns.
        released_ = true;
        const auto frame = frame_; // this object may be gone as soon as the lock is
        lock.unlock();
        frame->cancel().request(CancelReason::caller);
        return;
    }
    last = std::move(self_);
    if (phase_ != Phase::open) return;
    busy_ = true;
    lock.unlock();
    let_go(true);
    lock.lock();
    phase_ = Phase::ended;
    busy_ = false;
    not_busy_.notify_all();
}

void StreamState::cancel(CancelReason reason) {
    frame_->cancel().request(reason);
}

void StreamState::end(const Error& why, std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    if (busy_) {
        ending_ = why;
        not_busy_.wait_until(lock, until, [&] { return !busy_; });
        return;
    }
    if (phase_ != Phase::open) return;
    busy_ = true;
    lock.unlock();
    let_go(true);
    lock.lock();
    phase_ = Phase::failed;
    error_ = why;
    busy_ = false;
    not_busy_.notify_all();
}

std::optional<Error> StreamState::last_error() {
    if (in_wrong_process()) return wrong_process_error();
    const std::scoped_lock lock(mutex_);
    if (error_) return error_;
    if (busy_) return Error{.code = ErrorCode::conflict, .message = busy_text};
    return std::nullopt;
}

StreamProgress StreamState::progress() {
    if (in_wrong_process()) return {};
    std::unique_lock lock(mutex_);
    StreamProgress progress{.rows = rows_, .bytes = 0, .total_rows = {}};
    if (busy_ || phase_ != Phase::open) return progress;
    busy_ = true;
    lock.unlock();
    const auto call =
        std::make_shared<ProgressCall>(session_->library(), "progress", frame_, inner_);
    if (session_->physical().run(call)) {
        progress.bytes = call->progress.bytes;
        if (call->progress.total_rows >= 0) progress.total_rows = call->progress.total_rows;
    }
    lock.lock();
    busy_ = false;
    not_busy_.notify_all();
    return progress;
}

} // namespace patchbay::host
