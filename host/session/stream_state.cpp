// SPDX-License-Identifier: Apache-2.0
// What stands behind every stream that the host hands out.

#include "stream_state.hpp"

#include <host/session/process_generation.hpp>

#include <fmt/format.h>

#include <algorithm>
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

// What it may take to tell how far a stream is, which does not block.
constexpr std::chrono::milliseconds progress_timeout{100};

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
    log_debug(state->session_->config(), "a stream was opened");
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
    return state.busy_ && !state.asking_ ? busy_text : nullptr;
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
        std::unique_lock lock(mutex_);
        not_busy_.wait(lock, [&] { return !asking_; });
        if (busy_) return EBUSY;
        if (phase_ == Phase::failed) return errno_of(error_->code);
        if (phase_ == Phase::ended) {
            *out = ArrowArray{};
            return 0;
        }
        busy_ = true;
    }
    try {
        return settle(fetch(), out);
    } catch (const std::exception&) {
        break_off();
        throw;
    }
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
    if (!error && !ending_ && !released_ && next_->batch) {
        rows_ += static_cast<std::uint64_t>(next_->batch->length);
        next_->batch.move_to(out);
        let_others_in();
        return 0;
    }
    const bool half_read = error || ending_ || next_->batch;
    last = finish(lock, std::move(error), half_read);
    if (error_) return errno_of(error_->code);
    *out = ArrowArray{};
    return 0;
}

// Ends the stream, for whoever is busy. Where the consumer has released it meanwhile the answer is
// what keeps this object alive; it has to outlive the lock.
std::shared_ptr<StreamState> StreamState::finish(std::unique_lock<std::mutex>& held,
                                                 std::optional<Error> error, bool half_read,
                                                 std::optional<std::int64_t> release_by_ns) {
    if (ending_) error = std::move(ending_); // whatever came, its reader is told of the end
    held.unlock();
    if (error && error->reference.empty()) error->reference = session_->config().reference;
    if (error) {
        log_debug(session_->config(), "a stream ended after {} rows with {}", rows_,
                  code_text(error->code));
    } else {
        log_debug(session_->config(), "a stream ended after {} rows{}", rows_,
                  half_read ? ", released half-read" : "");
    }
    let_go(half_read, release_by_ns);
    held.lock();
    phase_ = error ? Phase::failed : Phase::ended;
    error_ = std::move(error);
    let_others_in();
    return released_ ? std::move(self_) : nullptr;
}

// Memory ran out while somebody was busy, and a batch may be lost: the stream is over. What it
// holds goes with it.
void StreamState::break_off() noexcept {
    std::shared_ptr<StreamState> last; // outlives the lock
    const std::scoped_lock lock(mutex_);
    phase_ = Phase::failed;
    error_ = Error{.code = ErrorCode::resource_exhausted, .message = "out of memory"};
    let_others_in();
    if (released_) last = std::move(self_);
}

// With the lock held.
void StreamState::let_others_in() {
    busy_ = false;
    asking_ = false;
    not_busy_.notify_all();
}

// Releases the connector's stream and gives the session back. Called by whoever is busy, once.
void StreamState::let_go(bool half_read, std::optional<std::int64_t> release_by_ns) {
    auto& physical = session_->physical();
    if (!physical.abandoned()) { // else the thread that was left behind has batch and stream
        release_foreign(session_->library(), next_->batch);
        const auto frame = own_frame(frame_->services(), release_timeout);
        if (release_by_ns) frame->set_deadline_ns(std::min(frame->deadline_ns(), *release_by_ns));
        const auto call =
            std::make_shared<ReleaseStreamCall>(session_->library(), "release", frame, inner_);
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
        // Against the rules of Arrow streams; whoever is busy cleans up in the end.
        released_ = true;
        const auto frame = frame_; // this object may be gone as soon as the lock is
        lock.unlock();
        frame->cancel().request(CancelReason::caller);
        return;
    }
    last = std::move(self_);
    if (phase_ != Phase::open) return;
    busy_ = true;
    static_cast<void>(finish(lock, std::nullopt, true)); // it is kept by last already
}

void StreamState::cancel(CancelReason reason) {
    frame_->cancel().request(reason);
}

bool StreamState::end(const Error& why, std::chrono::steady_clock::time_point until,
                      std::optional<std::int64_t> release_by_ns) {
    std::shared_ptr<StreamState> last; // outlives the lock
    std::unique_lock lock(mutex_);
    if (busy_) {
        ending_ = why;
        return not_busy_.wait_until(lock, until, [&] { return !busy_; });
    }
    if (phase_ != Phase::open) return true;
    busy_ = true;
    last = finish(lock, why, true, release_by_ns);
    return true;
}

std::optional<Error> StreamState::last_error() {
    if (in_wrong_process()) return wrong_process_error();
    const std::scoped_lock lock(mutex_);
    if (error_) return error_;
    if (busy_ && !asking_) return Error{.code = ErrorCode::conflict, .message = busy_text};
    return std::nullopt;
}

StreamProgress StreamState::progress() {
    if (in_wrong_process()) return {};
    StreamProgress progress;
    {
        const std::scoped_lock lock(mutex_);
        progress.rows = rows_;
        if (busy_ || phase_ != Phase::open) return progress;
        busy_ = true;
        asking_ = true;
    }
    try {
        ask_progress(progress);
    } catch (const std::exception&) {
        break_off();
        throw;
    }
    return progress;
}

// Asks the connector how far its stream is, and lets others in again.
void StreamState::ask_progress(StreamProgress& progress) {
    auto& physical = session_->physical();
    const auto call = std::make_shared<ProgressCall>(
        session_->library(), "progress", own_frame(frame_->services(), progress_timeout), inner_);
    auto asked = physical.run(call);
    if (asked) {
        progress.bytes = call->progress.bytes;
        if (call->progress.total_rows >= 0) progress.total_rows = call->progress.total_rows;
    }
    std::optional<Error> error;
    if (physical.abandoned()) error = std::move(asked.error());

    std::shared_ptr<StreamState> last; // outlives the lock
    std::unique_lock lock(mutex_);
    if (error || ending_ || released_) {
        last = finish(lock, std::move(error), true);
    } else {
        let_others_in();
    }
}

} // namespace patchbay::host
