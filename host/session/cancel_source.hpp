// SPDX-License-Identifier: Apache-2.0
// The host's end of a cancel token: who cancels, and who is told.
#pragma once

#include <patchbay/abi/cancel.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace patchbay::host {

// Why a call should end.
enum class CancelReason : std::uint8_t { none, caller, closed };

// One operation's wish to end. Made by the host for each operation, lent to the connector as a
// patchbay_host_cancel, triggered at most once; the first reason stays.
//
// Subscriptions follow the rules of std::stop_callback: once unsubscribe has returned, the callback
// does not run and never will, unless it is the callback itself that unsubscribes.
//
// All functions may be called on any thread. Costs nothing but an atomic flag until somebody asks
// for a descriptor or a callback.
class CancelSource {
  public:
    CancelSource();
    CancelSource(const CancelSource&) = delete;
    CancelSource(CancelSource&&) = delete;
    CancelSource& operator=(const CancelSource&) = delete;
    CancelSource& operator=(CancelSource&&) = delete;
    ~CancelSource();

    // What the connector is given.
    [[nodiscard]] const patchbay_host_cancel* token() const { return &token_; }

    // Triggers the token and runs the callbacks on this thread.
    void request(CancelReason reason);

    [[nodiscard]] CancelReason reason() const { return reason_.load(std::memory_order_acquire); }

    // A descriptor that becomes readable when the token is triggered, or -1 where none can be had.
    [[nodiscard]] int fd() const;

    // See patchbay_host_cancel.
    std::uint64_t subscribe(void (*callback)(void*), void* context) const;
    void unsubscribe(std::uint64_t subscription) const;

  private:
    struct Subscription {
        std::uint64_t number;
        void (*callback)(void*);
        void* context;
    };

    patchbay_host_cancel token_;
    std::atomic<CancelReason> reason_{CancelReason::none};

    mutable std::mutex mutex_;
    mutable std::condition_variable callback_returned_;
    mutable std::vector<Subscription> subscriptions_;
    mutable std::uint64_t last_number_ = 0;
    mutable std::uint64_t running_ = 0; // the subscription whose callback runs, or 0
    mutable std::thread::id running_on_;
    mutable int event_fd_ = -1;
};

} // namespace patchbay::host
