// SPDX-License-Identifier: Apache-2.0
// The host's end of a cancel token: who cancels, and who is told.

#include "cancel_source.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace patchbay::host {
namespace {

const CancelSource& of(const patchbay_host_cancel* self) {
    return *static_cast<const CancelSource*>(self->impl);
}

std::uint32_t token_requested(const patchbay_host_cancel* self) noexcept {
    return of(self).reason() != CancelReason::none ? 1 : 0;
}

std::int32_t token_fd(const patchbay_host_cancel* self) noexcept {
    return of(self).fd();
}

std::uint64_t token_subscribe(const patchbay_host_cancel* self, void (*callback)(void*),
                              void* context) noexcept {
    try {
        return of(self).subscribe(callback, context);
    } catch (const std::bad_alloc&) {
        return 0;
    }
}

void token_unsubscribe(const patchbay_host_cancel* self, std::uint64_t subscription) noexcept {
    of(self).unsubscribe(subscription);
}

void wake(int event_fd) {
    const std::uint64_t one = 1;
    // Cannot fail on a fresh eventfd: its counter is far from full.
    [[maybe_unused]] const auto written = ::write(event_fd, &one, sizeof one);
}

} // namespace

CancelSource::CancelSource()
    : token_{.struct_size = sizeof token_,
             .revision = 1,
             .impl = this,
             .requested = token_requested,
             .fd = token_fd,
             .subscribe = token_subscribe,
             .unsubscribe = token_unsubscribe} {}

CancelSource::~CancelSource() {
    if (event_fd_ >= 0) ::close(event_fd_);
}

void CancelSource::request(CancelReason reason) {
    std::unique_lock lock(mutex_);
    if (reason_.load(std::memory_order_relaxed) != CancelReason::none) return;
    reason_.store(reason, std::memory_order_release);
    if (event_fd_ >= 0) wake(event_fd_);
    while (!subscriptions_.empty()) {
        const Subscription next = subscriptions_.back();
        subscriptions_.pop_back();
        running_ = next.number;
        running_on_ = std::this_thread::get_id();
        // Not under the lock: the callback may unsubscribe, and others may ask.
        lock.unlock();
        next.callback(next.context);
        lock.lock();
        running_ = 0;
        callback_returned_.notify_all();
    }
}

int CancelSource::fd() const {
    const std::scoped_lock lock(mutex_);
    if (event_fd_ < 0) {
        event_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (event_fd_ >= 0 && reason() != CancelReason::none) wake(event_fd_);
    }
    return event_fd_;
}

std::uint64_t CancelSource::subscribe(void (*callback)(void*), void* context) const {
    std::unique_lock lock(mutex_);
    const std::uint64_t number = ++last_number_;
    if (reason() == CancelReason::none) {
        subscriptions_.push_back({number, callback, context});
    } else {
        lock.unlock();
        callback(context);
    }
    return number;
}

void CancelSource::unsubscribe(std::uint64_t subscription) const {
    if (subscription == 0) return; // nobody's: where memory ran out, subscribe answered it
    std::unique_lock lock(mutex_);
    const auto found = std::ranges::find(subscriptions_, subscription, &Subscription::number);
    if (found != subscriptions_.end()) {
        subscriptions_.erase(found);
        return;
    }
    if (running_ != subscription || running_on_ == std::this_thread::get_id()) return;
    callback_returned_.wait(lock, [&] { return running_ != subscription; });
}

} // namespace patchbay::host
