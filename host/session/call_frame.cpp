// SPDX-License-Identifier: Apache-2.0
// What a connector is told along with a call, kept for as long as the connector may look at it.

#include "call_frame.hpp"

#include <host/session/connector_error.hpp>
#include <patchbay/sdk/text.hpp>

#include <algorithm>
#include <limits>

namespace patchbay::host {
namespace {

[[nodiscard]] std::int64_t deadline_of(const CallOptions& options, Clock& clock) {
    if (!options.timeout) return PATCHBAY_NO_DEADLINE;
    return deadline_after(clock.monotonic_ns(), options.timeout->count());
}

} // namespace

CallFrame::CallFrame(const HostServices& services, const CallOptions& options)
    : services_(services), trace_parent_(options.trace_parent),
      call_{.struct_size = sizeof call_,
            .revision = 1,
            .host = services.host(),
            .cancel = cancel_.token(),
            .deadline_ns = deadline_of(options, services.clock()),
            .trace_parent = sdk::to_text(trace_parent_)},
      stop_callback_(options.cancel, RequestCancel{&cancel_}) {}

Expected<void> CallFrame::check() const {
    if (const auto reason = cancel_.reason(); reason != CancelReason::none) {
        return std::unexpected(interrupted_error(reason));
    }
    if (has_deadline() && services_.clock().monotonic_ns() >= call_.deadline_ns) {
        return std::unexpected(deadline_error());
    }
    return {};
}

std::int64_t deadline_after(std::int64_t now_ns, std::int64_t timeout_ns) {
    const auto timeout = std::max<std::int64_t>(timeout_ns, 0);
    const auto latest = std::numeric_limits<std::int64_t>::max() - 1;
    return timeout > latest - now_ns ? latest : now_ns + timeout;
}

std::chrono::steady_clock::time_point end_of(const CallFrame& frame) {
    using std::chrono::steady_clock;
    if (!frame.has_deadline()) return steady_clock::time_point::max();
    const auto left_ns = frame.deadline_ns() - frame.services().clock().monotonic_ns();
    const std::chrono::nanoseconds now = steady_clock::now().time_since_epoch();
    return steady_clock::time_point(std::chrono::nanoseconds(deadline_after(now.count(), left_ns)));
}

std::shared_ptr<CallFrame> own_frame(const HostServices& services,
                                     std::chrono::nanoseconds timeout) {
    return std::make_shared<CallFrame>(services, CallOptions{.timeout = timeout});
}

} // namespace patchbay::host
