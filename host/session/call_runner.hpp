// SPDX-License-Identifier: Apache-2.0
// Makes the calls of one session: on the caller's thread, or on a thread that may be left behind.
#pragma once

#include <host/session/connector_call.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace patchbay::host {

// How long after its deadline or its cancelling a call is still waited for.
inline constexpr std::chrono::milliseconds abandon_grace{500};

// Where the connector always obeys token and deadline, a call runs on the thread that wants it.
// Where it may not (patchbay_descriptor.flags, MAY_IGNORE_CANCEL), each session has a thread of its
// own; a caller who has waited long enough leaves the call behind, and the thread cleans up when
// the connector comes back after all.
class CallRunner {
  public:
    // may_ignore_cancel: start a thread. kept: what has to stay until the thread has ended, left
    // behind or not.
    //
    // Throws std::system_error where no thread can be had.
    CallRunner(bool may_ignore_cancel, Clock& clock, std::shared_ptr<const void> kept);
    CallRunner(const CallRunner&) = delete;
    CallRunner(CallRunner&&) = delete;
    CallRunner& operator=(const CallRunner&) = delete;
    CallRunner& operator=(CallRunner&&) = delete;
    ~CallRunner();

    // Makes the call; answers false where it was left behind, together with everything it owns. The
    // runner is then of no further use.
    [[nodiscard]] bool run(const std::shared_ptr<ConnectorCall>& call);

    // What the thread does last where a call was left behind: closing the session. Must not throw.
    void set_farewell(std::function<void()> farewell);

    [[nodiscard]] bool abandoned() const { return abandoned_; }

  private:
    struct Thread;
    [[nodiscard]] bool run_on_thread(const std::shared_ptr<ConnectorCall>& call);

    Clock& clock_;
    std::shared_ptr<Thread> thread_; // none: calls run where they are wanted
    std::thread handle_;
    bool abandoned_ = false;
};

} // namespace patchbay::host
