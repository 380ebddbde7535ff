// SPDX-License-Identifier: Apache-2.0
// Tells a person who waits longer than a second how far the work has come.

#include "output/progress_line.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace patchbay::command {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 1s;
constexpr auto period = 200ms;

// "1,234,567", the same in every locale.
std::string grouped(std::uint64_t number) {
    auto digits = fmt::format("{}", number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> units = {"kB", "MB", "GB", "TB", "PB"};
    if (bytes < 1000) return fmt::format("{} B", bytes);
    auto size = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (size >= 999.95 && unit + 1 < units.size()) {
        size /= 1000;
        ++unit;
    }
    return fmt::format("{:.1f} {}", size, units[unit]);
}

} // namespace

std::string progress_text(const Progress& progress) {
    const auto milliseconds = static_cast<std::uint64_t>(progress.elapsed.count());
    const auto seconds = static_cast<double>(milliseconds) / 1000;
    if (progress.rows == 0) return fmt::format("waiting for the first row, {:.1f} s", seconds);
    const auto rate =
        seconds > 0 ? static_cast<std::uint64_t>(static_cast<double>(progress.rows) / seconds) : 0;
    return fmt::format("{} {}, {}, {} rows/s, {:.1f} s", grouped(progress.rows),
                       progress.rows == 1 ? "row" : "rows", size_text(progress.bytes),
                       grouped(rate), seconds);
}

ProgressLine::ProgressLine(StatusOutput& status) : status_(status) {
    if (status.terminal().is_terminal) thread_ = std::thread(&ProgressLine::run, this);
}

ProgressLine::~ProgressLine() {
    stop();
}

void ProgressLine::update(std::uint64_t rows, std::uint64_t bytes) {
    rows_.store(rows, std::memory_order_relaxed);
    bytes_.store(bytes, std::memory_order_relaxed);
}

void ProgressLine::stop() {
    if (!thread_.joinable()) return;
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    wake_.notify_one();
    thread_.join();
    status_.show_progress("");
}

void ProgressLine::finish() {
    stop();
    if (was_shown_) status_.write(progress_text(now()) + '\n');
}

Progress ProgressLine::now() const {
    return {.rows = rows_.load(std::memory_order_relaxed),
            .bytes = bytes_.load(std::memory_order_relaxed),
            .elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::steady_clock::now() - start_)};
}

void ProgressLine::run() {
    std::unique_lock lock(mutex_);
    auto next = start_ + patience;
    while (!wake_.wait_until(lock, next, [this] { return stopped_; })) {
        status_.show_progress(progress_text(now()));
        was_shown_ = true;
        next += period;
    }
}

} // namespace patchbay::command
