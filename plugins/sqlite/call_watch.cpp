// SPDX-License-Identifier: Apache-2.0
// Has SQLite look at the host's token and deadline while it works, and while it waits for a lock.

#include "call_watch.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace patchbay::sqlite {

namespace {

// Steps of the virtual machine between two looks: some 10 microseconds of work, which no benchmark
// can tell from none (see tests/bench).
constexpr int steps_between_looks = 1000;

constexpr std::int64_t ns_per_ms = 1'000'000;

// Locks are mostly short: wait little at first, and never so long that a cancel is seen late.
constexpr int pauses_ms[] = {1, 2, 5, 10, 20, 50};

} // namespace

void CallWatch::install(sqlite3* database) {
    database_ = database;
    sqlite3_progress_handler(database, steps_between_looks, on_progress, this);
    sqlite3_busy_handler(database, on_busy, this);
}

CallWatch::Scope::Scope(CallWatch& watch, const sdk::Call& call)
    : watch_(&watch),
      interrupt_(
          call, [](void* database) { sqlite3_interrupt(static_cast<sqlite3*>(database)); },
          watch.database_) {
    watch.call_ = &call;
    watch.waited_ms_ = 0;
}

CallWatch::Scope::~Scope() {
    watch_->call_ = nullptr;
}

sdk::Expected<void> CallWatch::check() const {
    if (call_ == nullptr) return {};
    return call_->check();
}

int CallWatch::on_progress(void* self) {
    const auto& watch = *static_cast<const CallWatch*>(self);
    if (watch.call_ == nullptr) return 0;
    return watch.call_->cancelled() || watch.call_->deadline_passed() ? 1 : 0;
}

int CallWatch::on_busy(void* self, int calls_before) {
    return static_cast<CallWatch*>(self)->wait_for_lock(calls_before) ? 1 : 0;
}

// Answers whether SQLite should try again.
bool CallWatch::wait_for_lock(int calls_before) {
    if (call_ == nullptr) return false;
    const std::int64_t now_ns = call_->now_ns();
    if (calls_before == 0) wait_began_ns_ = now_ns;
    waited_ms_ = (now_ns - wait_began_ns_) / ns_per_ms;
    const std::int64_t left_ms = busy_timeout_ms_ - waited_ms_;
    if (left_ms <= 0) return false;
    const int step = std::min<int>(calls_before, std::size(pauses_ms) - 1);
    const auto pause_ms = std::min<std::int64_t>(pauses_ms[step], left_ms);
    const bool goes_on = call_->pause(std::chrono::milliseconds(pause_ms)).has_value();
    waited_ms_ = (call_->now_ns() - wait_began_ns_) / ns_per_ms;
    return goes_on;
}

} // namespace patchbay::sqlite
