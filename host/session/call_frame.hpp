// SPDX-License-Identifier: Apache-2.0
// What a connector is told along with a call, kept for as long as the connector may look at it.
#pragma once

#include <host/session/cancel_source.hpp>
#include <host/session/host_services.hpp>
#include <patchbay/abi/call.h>
#include <patchbay/host/connection.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace patchbay::host {

// One operation of a caller: its deadline, its cancel token, and the patchbay_call that says so.
//
// Shared, because three sides need it: the caller, close() from another thread, and a connector
// that does not come back in time.
class CallFrame {
  public:
    // Starts the clock of an operation.
    CallFrame(const HostServices& services, const CallOptions& options);
    CallFrame(const CallFrame&) = delete;
    CallFrame(CallFrame&&) = delete;
    CallFrame& operator=(const CallFrame&) = delete;
    CallFrame& operator=(CallFrame&&) = delete;
    ~CallFrame() = default;

    [[nodiscard]] const patchbay_call* call() const { return &call_; }
    [[nodiscard]] CancelSource& cancel() { return cancel_; }
    [[nodiscard]] const HostServices& services() const { return services_; }

    [[nodiscard]] bool has_deadline() const { return call_.deadline_ns != PATCHBAY_NO_DEADLINE; }
    [[nodiscard]] std::int64_t deadline_ns() const { return call_.deadline_ns; }

    // Only while no function of the connector runs with this frame.
    void set_deadline_ns(std::int64_t deadline_ns) { call_.deadline_ns = deadline_ns; }

    // Nothing while the operation should go on; else why it should not.
    [[nodiscard]] Expected<void> check() const;

  private:
    struct RequestCancel {
        CancelSource* source;
        void operator()() const { source->request(CancelReason::caller); }
    };

    const HostServices& services_;
    std::string trace_parent_;
    CancelSource cancel_;
    patchbay_call call_;
    std::stop_callback<RequestCancel> stop_callback_; // last: it may call at once
};

// When an operation ends that may take so long from now on; as late as can be told where that is
// beyond the clock.
[[nodiscard]] std::int64_t deadline_after(std::int64_t now_ns, std::int64_t timeout_ns);

// When an operation ends, for those who wait by the machine's clock.
[[nodiscard]] std::chrono::steady_clock::time_point end_of(const CallFrame& frame);

// The frame of work that the host does on its own account, such as cleaning a session.
[[nodiscard]] std::shared_ptr<CallFrame> own_frame(const HostServices& services,
                                                   std::chrono::nanoseconds timeout);

} // namespace patchbay::host
