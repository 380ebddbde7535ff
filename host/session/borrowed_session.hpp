// SPDX-License-Identifier: Apache-2.0
// A session in the hands of one borrower, and the rule that it does one thing at a time.
#pragma once

#include <host/session/connection_state.hpp>
#include <host/session/physical_session.hpp>
#include <patchbay/host/error.hpp>
#include <patchbay/host/stream.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

namespace patchbay::host {

class StreamState;

// One call at a time whatever the connector's threading class: what a stream, a transaction or a
// reset would mean to a call beside it nobody could say.
//
// Goes back to its connection when the last holder lets go: the call it was borrowed for, a
// Session, a Transaction, a stream.
//
// In a forked child it does nothing any more, its destructor included.
class BorrowedSession : public std::enable_shared_from_this<BorrowedSession> {
  public:
    BorrowedSession(std::shared_ptr<ConnectionState> state,
                    std::unique_ptr<PhysicalSession> session, std::shared_ptr<CallFrame> operation);
    BorrowedSession(const BorrowedSession&) = delete;
    BorrowedSession(BorrowedSession&&) = delete;
    BorrowedSession& operator=(const BorrowedSession&) = delete;
    BorrowedSession& operator=(BorrowedSession&&) = delete;
    ~BorrowedSession();

    [[nodiscard]] const Library& library() const { return library_; }
    [[nodiscard]] const ConnectionConfig& config() const { return state_->config(); }

    // Somebody holds it beyond the operation that it was borrowed for, whose deadline then says
    // nothing about giving it back. Before anybody else has it.
    void keep() { operation_ = nullptr; }

    // A call on this session, with its inputs still to be set.
    template <class Call>
    [[nodiscard]] std::shared_ptr<Call> prepare(std::string_view function,
                                                std::shared_ptr<CallFrame> frame) const {
        return std::make_shared<Call>(library_, function, std::move(frame), handle_);
    }

    // Makes a call.
    //
    // Errors: conflict while another call runs or a stream is open; closed; wrong_process; what the
    //         connector says.
    [[nodiscard]] Expected<void> run(const std::shared_ptr<SessionCall>& call);

    // Makes a call that opens a stream, and hands the stream out. Until it is at its end or
    // released, the session is its own.
    [[nodiscard]] Expected<Stream> run(const std::shared_ptr<StreamCall>& call);

    // Ends a stream that is open, as rollback does: its reader gets the error. Cancels a get_next
    // that runs and waits for it; answers false where it has not noticed until then.
    [[nodiscard]] bool end_stream(const Error& why, std::chrono::steady_clock::time_point until);

    // Has the session closed when it goes back: nobody knows what state it is in.
    void condemn();

    // The connection is closed: cancels what runs, waits for it until then, closes the session.
    // What has not noticed by then goes on, and the session is closed when it lets go. The
    // connector may clean up until goodbye_ns.
    void cancel();
    void end(std::chrono::steady_clock::time_point until, std::int64_t goodbye_ns);

    // For the stream that is open on this session.
    [[nodiscard]] PhysicalSession& physical() { return *session_; }
    void stream_ended(bool half_read);

  private:
    [[nodiscard]] Expected<void> enter(const std::shared_ptr<CallFrame>& frame);
    void leave();
    class Visit;

    const std::uint64_t generation_;
    const Library& library_;
    patchbay_session* const handle_; // only looked at by calls that were let in
    std::shared_ptr<ConnectionState> state_;
    std::unique_ptr<PhysicalSession> session_; // none once the connection was closed
    std::shared_ptr<CallFrame> operation_;     // none where somebody keeps it

    std::mutex mutex_;
    std::condition_variable idle_;
    std::shared_ptr<CallFrame> running_; // none while no call runs
    std::weak_ptr<StreamState> stream_;
    bool streaming_ = false;
    bool ended_ = false;
    bool clean_ = true;
    bool condemned_ = false;
};

} // namespace patchbay::host
