// SPDX-License-Identifier: Apache-2.0
// Tells a forked child from its parent, without a system call.

#include "process_generation.hpp"

#include <pthread.h>

#include <atomic>

namespace patchbay::host {
namespace {

std::atomic<std::uint64_t> generation{1};

// Registered when the library is loaded, before anybody can fork with something of ours in hand.
[[maybe_unused]] const int registered =
    ::pthread_atfork(nullptr, nullptr, [] { generation.fetch_add(1, std::memory_order_relaxed); });

} // namespace

std::uint64_t process_generation() noexcept {
    return generation.load(std::memory_order_relaxed);
}

} // namespace patchbay::host
