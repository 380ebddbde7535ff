// SPDX-License-Identifier: Apache-2.0
// What stands behind every stream that the host hands out.
#pragma once

#include <host/session/batch_check.hpp>
#include <host/session/borrowed_session.hpp>
#include <host/session/connector_call.hpp>
#include <patchbay/abi/arrow.h>
#include <patchbay/host/error.hpp>
#include <patchbay/host/stream.hpp>
#include <patchbay/sdk/arrow_schema.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace patchbay::host {

// Stands between the consumer and the connector's stream: keeps the deadline, looks at the
// structure of each batch, remembers the error, and can be ended from another thread without
// pulling anything out from under a running get_next.
//
// The connector's stream is released as soon as it is at its end or has failed, and the session
// goes back then; the consumer's stream lives on until he releases it.
class StreamState : public std::enable_shared_from_this<StreamState> {
  public:
    // Takes over the stream that a call has opened.
    [[nodiscard]] static Stream start(std::shared_ptr<BorrowedSession> session, StreamCall& opened,
                                      std::shared_ptr<CallFrame> frame);

    StreamState(std::shared_ptr<BorrowedSession> session, StreamCall& opened,
                std::shared_ptr<CallFrame> frame);

    // The stream behind one of ours; NULL where it is somebody else's.
    [[nodiscard]] static StreamState* of(ArrowArrayStream* stream);

    // Cancels what runs; see end.
    void cancel(CancelReason reason);

    // Ends the stream with an error that its reader gets from now on. Waits until then for a
    // running get_next; one that takes longer ends the stream itself when it returns, and the
    // answer is false. release_by_ns: until when the connector may clean up; a while where nobody
    // says.
    [[nodiscard]] bool end(const Error& why, std::chrono::steady_clock::time_point until,
                           std::optional<std::int64_t> release_by_ns = {});

    [[nodiscard]] std::optional<Error> last_error();
    [[nodiscard]] StreamProgress progress();

  private:
    enum class Phase : std::uint8_t { open, ended, failed };

    static int on_get_schema(ArrowArrayStream* self, ArrowSchema* out) noexcept;
    static int on_get_next(ArrowArrayStream* self, ArrowArray* out) noexcept;
    static const char* on_get_last_error(ArrowArrayStream* self) noexcept;
    static void on_release(ArrowArrayStream* self) noexcept;

    [[nodiscard]] bool in_wrong_process() const;
    [[nodiscard]] int get_next(ArrowArray* out);
    [[nodiscard]] Expected<void> fetch();
    [[nodiscard]] std::optional<Error> find_error(Expected<void> fetched) const;
    [[nodiscard]] int settle(Expected<void> fetched, ArrowArray* out);
    [[nodiscard]] std::shared_ptr<StreamState>
    finish(std::unique_lock<std::mutex>& held, std::optional<Error> error, bool half_read,
           std::optional<std::int64_t> release_by_ns = {});
    void ask_progress(StreamProgress& progress);
    void break_off() noexcept;
    void let_others_in();
    void let_go(bool half_read, std::optional<std::int64_t> release_by_ns);
    void release();

    const std::uint64_t generation_;
    const sdk::Field schema_;
    const BatchCheck check_;
    const std::shared_ptr<CallFrame> frame_;
    std::int64_t remaining_ns_ = 0; // of the deadline, while no get_next runs

    // Of whoever is busy.
    std::shared_ptr<BorrowedSession> session_; // none once the connector's stream is gone
    std::shared_ptr<sdk::UniqueStream> inner_; //
    std::shared_ptr<NextCall> next_;           //

    std::mutex mutex_;
    std::condition_variable not_busy_;
    Phase phase_ = Phase::open;
    bool busy_ = false;
    bool asking_ = false;         // busy with a question only, for which a reader waits
    bool released_ = false;       // by the consumer, while somebody was busy
    std::optional<Error> ending_; // set by end() while somebody was busy
    std::optional<Error> error_;  // where phase_ is failed; not changed afterwards
    std::uint64_t rows_ = 0;
    std::shared_ptr<StreamState> self_; // until the consumer releases
};

} // namespace patchbay::host
