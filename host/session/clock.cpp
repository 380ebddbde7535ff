// SPDX-License-Identifier: Apache-2.0
// The machine's own clock.

#include <patchbay/host/clock.hpp>

#include <chrono>

namespace patchbay::host {
namespace {

using std::chrono::nanoseconds;

class SystemClock final : public Clock {
  public:
    std::int64_t monotonic_ns() override {
        return std::chrono::duration_cast<nanoseconds>(
                   std::chrono::steady_clock::now().time_since_epoch())
            .count();
    }

    std::int64_t unix_ns() override {
        return std::chrono::duration_cast<nanoseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    }

    void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                    std::int64_t deadline_ns) override {
        wake.wait_until(lock, std::chrono::steady_clock::time_point(nanoseconds(deadline_ns)));
    }
};

} // namespace

Clock::~Clock() = default;

Clock& Clock::system() {
    static SystemClock clock;
    return clock;
}

} // namespace patchbay::host
