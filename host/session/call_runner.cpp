// SPDX-License-Identifier: Apache-2.0
// Makes the calls of one session: on the caller's thread, or on a thread that may be left behind.

#include "call_runner.hpp"

#include <patchbay/host/host.hpp>

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <limits>
#include <mutex>
#include <utility>

namespace patchbay::host {
namespace {

std::atomic<std::uint64_t> abandoned_sessions{0};

// Signals belong to the application's own threads.
class AllSignalsBlocked {
  public:
    AllSignalsBlocked() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    AllSignalsBlocked(const AllSignalsBlocked&) = delete;
    AllSignalsBlocked(AllSignalsBlocked&&) = delete;
    AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;
    AllSignalsBlocked& operator=(AllSignalsBlocked&&) = delete;
    ~AllSignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

} // namespace

std::uint64_t abandoned_session_count() noexcept {
    return abandoned_sessions.load(std::memory_order_relaxed);
}

// What the thread of a session and its callers share. The thread holds it too, so that it survives
// the runner.
struct CallRunner::Thread {
    std::mutex mutex;
    std::condition_variable to_thread;
    std::condition_variable to_caller;
    std::shared_ptr<ConnectorCall> call; // to be made, or being made
    std::function<void()> farewell;
    bool done = false;
    bool stop = false;
    bool abandoned = false;

    // The thread's life: one call after the other until it is stopped or left behind.
    void serve() {
        std::unique_lock lock(mutex);
        for (;;) {
            to_thread.wait(lock, [&] { return stop || (call != nullptr && !done); });
            if (stop) return;
            const auto current = call;
            lock.unlock();
            current->make();
            lock.lock();
            if (abandoned) break;
            done = true;
            to_caller.notify_all();
        }
        // Nobody else looks at the session any more.
        auto late = std::exchange(call, nullptr);
        const auto last = std::exchange(farewell, nullptr);
        lock.unlock();
        late->discard();
        late.reset();
        if (last) last();
    }

    static void wake_caller(void* context) {
        auto& self = *static_cast<Thread*>(context);
        const std::scoped_lock lock(self.mutex);
        self.to_caller.notify_all();
    }
};

CallRunner::CallRunner(bool may_ignore_cancel, Clock& clock, std::shared_ptr<const void> kept)
    : clock_(clock) {
    if (!may_ignore_cancel) return;
    thread_ = std::make_shared<Thread>();
    const AllSignalsBlocked blocked;
    handle_ = std::thread([thread = thread_, kept = std::move(kept)] { thread->serve(); });
}

CallRunner::~CallRunner() {
    if (!handle_.joinable()) return; // no thread, or left behind
    {
        const std::scoped_lock lock(thread_->mutex);
        thread_->stop = true;
        thread_->to_thread.notify_all();
    }
    handle_.join();
}

void CallRunner::set_farewell(std::function<void()> farewell) {
    if (thread_ == nullptr) return;
    const std::scoped_lock lock(thread_->mutex);
    thread_->farewell = std::move(farewell);
}

bool CallRunner::run(const std::shared_ptr<ConnectorCall>& call) {
    assert(!abandoned_);
    if (thread_ != nullptr) return run_on_thread(call);
    call->make();
    return true;
}

bool CallRunner::run_on_thread(const std::shared_ptr<ConnectorCall>& call) {
    auto& thread = *thread_;
    auto& frame = call->frame();
    const auto subscription = frame.cancel().subscribe(Thread::wake_caller, &thread);
    {
        std::unique_lock lock(thread.mutex);
        thread.call = call;
        thread.done = false;
        thread.to_thread.notify_all();

        constexpr auto never = std::numeric_limits<std::int64_t>::max();
        constexpr auto grace_ns = std::chrono::nanoseconds(abandon_grace).count();
        std::int64_t give_up_ns = frame.has_deadline()
                                      ? std::min(frame.deadline_ns(), never - grace_ns) + grace_ns
                                      : never;
        bool cancelled = false;
        while (!thread.done && !thread.abandoned) {
            if (!cancelled && frame.cancel().reason() != CancelReason::none) {
                cancelled = true;
                give_up_ns = std::min(give_up_ns, clock_.monotonic_ns() + grace_ns);
            }
            if (give_up_ns == never) {
                thread.to_caller.wait(lock);
            } else if (clock_.monotonic_ns() < give_up_ns) {
                clock_.wait_until(lock, thread.to_caller, give_up_ns);
            } else {
                thread.abandoned = true;
            }
        }
        abandoned_ = thread.abandoned;
        if (!abandoned_) thread.call = nullptr;
    }
    frame.cancel().unsubscribe(subscription);
    if (!abandoned_) return true;
    abandoned_sessions.fetch_add(1, std::memory_order_relaxed);
    handle_.detach();
    return false;
}

} // namespace patchbay::host
