// SPDX-License-Identifier: Apache-2.0
// The time that deadlines are measured in; a test may turn its hands.
#pragma once

#include <patchbay/host/export.hpp>

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace patchbay::host {

// All functions may be called on any thread.
class PATCHBAY_HOST_API Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock(Clock&&) = delete;
    Clock& operator=(const Clock&) = delete;
    Clock& operator=(Clock&&) = delete;
    virtual ~Clock();

    // Nanoseconds since some fixed moment; never goes back.
    [[nodiscard]] virtual std::int64_t monotonic_ns() = 0;

    // Nanoseconds since 1970-01-01T00:00:00Z.
    [[nodiscard]] virtual std::int64_t unix_ns() = 0;

    // Waits on `wake` until somebody notifies it or this clock shows deadline_ns. May return early.
    virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                            std::int64_t deadline_ns) = 0;

    // The machine's own clock.
    [[nodiscard]] static Clock& system();
};

} // namespace patchbay::host
