// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM: the first asks the work to stop, the second leaves at once.
//
// A thread waits for them, so that what follows is ordinary code and no signal handler.

#include "interruption.hpp"

#include "output/output_file.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <ctime>
#include <memory>
#include <thread>

namespace patchbay::command {
namespace {

constexpr time_t patience_seconds = 2;

struct Interruption {
    std::stop_source source;
    std::atomic<int> signal = 0;
};

Interruption& interruption() {
    // Never destroyed: the thread that waits outlives main.
    static auto& instance = *std::make_unique<Interruption>().release();
    return instance;
}

void wait_for_signals(const sigset_t& signals) {
    int signal = 0;
    if (::sigwait(&signals, &signal) != 0) return;
    interruption().signal = signal;
    interruption().source.request_stop();

    const timespec patience{.tv_sec = patience_seconds, .tv_nsec = 0};
    ::sigtimedwait(&signals, nullptr, &patience);
    OutputFile::remove_unfinished();
    ::_exit(128 + signal);
}

} // namespace

void watch_for_interruption() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM}) {
        struct sigaction before{};
        ::sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN) ::sigaddset(&signals, signal);
    }
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([signals] { wait_for_signals(signals); }).detach();
}

std::stop_token interruption_token() {
    return interruption().source.get_token();
}

int interrupting_signal() {
    return interruption().signal;
}

} // namespace patchbay::command
