// SPDX-License-Identifier: Apache-2.0
// The host's call as a C++ object: cancel, deadline, clock and log.
#pragma once

#include <patchbay/abi/call.h>
#include <patchbay/abi/clock.h>
#include <patchbay/abi/log.h>
#include <patchbay/sdk/error.hpp>
#include <patchbay/sdk/text.hpp>

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace patchbay::sdk {

// Says something through the host, or nothing where the host has no log. [any-thread]
class Log {
  public:
    Log(const patchbay_host& host, std::string_view target)
        : log_(static_cast<const patchbay_host_log*>(host.service(&host, PATCHBAY_LOG_SERVICE))),
          target_(target) {}

    // To be asked before a costly message is put together.
    [[nodiscard]] bool enabled(patchbay_log_level level) const {
        return log_ != nullptr && log_->enabled(log_, level, to_text(target_)) != 0;
    }

    // message: one line, never a secret.
    void write(patchbay_log_level level, std::string_view message) const {
        if (!enabled(level)) return;
        patchbay_log_record record{};
        record.struct_size = sizeof record;
        record.revision = 1;
        record.level = level;
        record.target = to_text(target_);
        record.message = to_text(message);
        log_->write(log_, &record);
    }

  private:
    const patchbay_host_log* log_;
    std::string_view target_; // a literal
};

// Borrows a patchbay_call: until the function of the contract returns, or, for the call of
// open_stream, until the stream is released.
class Call {
  public:
    explicit Call(const patchbay_call& call) : call_(&call) {}

    [[nodiscard]] const patchbay_call& raw() const { return *call_; }
    [[nodiscard]] const patchbay_host& host() const { return *call_->host; }
    [[nodiscard]] std::int64_t deadline_ns() const { return call_->deadline_ns; }
    [[nodiscard]] bool has_deadline() const { return call_->deadline_ns != PATCHBAY_NO_DEADLINE; }

    [[nodiscard]] bool cancelled() const { return call_->cancel->requested(call_->cancel) != 0; }

    // A descriptor that becomes readable when the call is cancelled, or -1.
    [[nodiscard]] int cancel_fd() const { return call_->cancel->fd(call_->cancel); }

    // Now, on the clock of the deadline: the host's, or the system's where the host has none.
    [[nodiscard]] std::int64_t now_ns() const {
        const auto* const clock = static_cast<const patchbay_host_clock*>(
            call_->host->service(call_->host, PATCHBAY_CLOCK_SERVICE));
        if (clock != nullptr) return clock->monotonic_ns(clock);
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
    }

    [[nodiscard]] bool deadline_passed() const {
        return has_deadline() && now_ns() >= call_->deadline_ns;
    }

    // Nothing while the call should go on; else why it should end.
    [[nodiscard]] Expected<void> check() const {
        if (cancelled()) {
            return std::unexpected(
                Error{.code = PATCHBAY_CANCELLED, .message = "the call was cancelled"});
        }
        if (deadline_passed()) {
            return std::unexpected(Error{.code = PATCHBAY_DEADLINE,
                                         .message = "the deadline of the call passed",
                                         .retry = PATCHBAY_RETRY_LATER});
        }
        return {};
    }

    // Waits so long, or until the call should end: then says why, as check() does.
    [[nodiscard]] Expected<void> pause(std::chrono::milliseconds duration) const {
        auto verdict = check();
        if (!verdict) return verdict;
        std::int64_t wait_ms = duration.count();
        if (has_deadline()) {
            constexpr std::int64_t ns_per_ms = 1'000'000;
            const auto left_ms = (call_->deadline_ns - now_ns() + ns_per_ms - 1) / ns_per_ms;
            wait_ms = std::clamp<std::int64_t>(left_ms, 0, wait_ms);
        }
        const int fd = cancel_fd();
        if (fd < 0) wait_ms = std::min<std::int64_t>(wait_ms, 100);
        pollfd wake{fd, POLLIN, 0};
        // An interruption by a signal ends the pause early, which harms nobody.
        ::poll(&wake, fd < 0 ? 0 : 1, static_cast<int>(std::min<std::int64_t>(wait_ms, 60'000)));
        return check();
    }

  private:
    const patchbay_call* call_;
};

// Has callback(context) called when the call is cancelled, for as long as this object lives. The
// callback is not running any more once the destructor has returned. See patchbay_host_cancel for
// what it may do.
class CancelCallback {
  public:
    CancelCallback(const Call& call, void (*callback)(void*), void* context)
        : cancel_(call.raw().cancel),
          subscription_(cancel_->subscribe(cancel_, callback, context)) {}
    CancelCallback(const CancelCallback&) = delete;
    CancelCallback(CancelCallback&&) = delete;
    CancelCallback& operator=(const CancelCallback&) = delete;
    CancelCallback& operator=(CancelCallback&&) = delete;
    ~CancelCallback() {
        if (is_subscribed()) cancel_->unsubscribe(cancel_, subscription_);
    }

    // False where memory ran out: nobody calls back, so ask Call::check() at least every 100 ms.
    [[nodiscard]] bool is_subscribed() const { return subscription_ != 0; }

  private:
    const patchbay_host_cancel* cancel_;
    std::uint64_t subscription_;
};

} // namespace patchbay::sdk
