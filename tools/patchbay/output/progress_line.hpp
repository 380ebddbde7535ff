// SPDX-License-Identifier: Apache-2.0
// Tells a person who waits longer than a second how far the work has come.
#pragma once

#include "output/status_output.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace patchbay::command {

// What the line says. Columns do not jump about between two of them more than they must.
struct Progress {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::chrono::milliseconds elapsed{};
};
// "1,234,567 rows, 12.3 MB, 456,000 rows/s, 2.7 s".
[[nodiscard]] std::string progress_text(const Progress& progress);

// Shows itself from the second second on, and erases itself when it goes; see summary.
class ProgressLine {
  public:
    // Shows nothing where standard error is no terminal. The output must outlive it.
    explicit ProgressLine(StatusOutput& status);
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine(ProgressLine&&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ProgressLine& operator=(ProgressLine&&) = delete;
    ~ProgressLine();

    void update(std::uint64_t rows, std::uint64_t bytes);

    // Erases the line for good, such as before rows go to the same terminal.
    void stop();

    // Stops, and leaves the last state as a line of its own where there was one to see.
    void finish();

  private:
    void run();
    [[nodiscard]] Progress now() const;

    StatusOutput& status_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::atomic<std::uint64_t> rows_ = 0;
    std::atomic<std::uint64_t> bytes_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
    bool was_shown_ = false; // by the thread, read once it is gone
    std::thread thread_;
};

} // namespace patchbay::command
