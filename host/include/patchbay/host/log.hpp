// SPDX-License-Identifier: Apache-2.0
// Where libpatchbay's log entries go; nowhere unless somebody asks.
#pragma once

#include <patchbay/host/export.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::host {

enum class LogLevel { trace, debug, info, warning, error, off };

// "warning" and so on, and back.
[[nodiscard]] PATCHBAY_HOST_API std::string_view level_text(LogLevel level);
[[nodiscard]] PATCHBAY_HOST_API std::optional<LogLevel> read_log_level(std::string_view text);

// One entry. Secrets of connections are masked before anybody sees it.
struct LogEntry {
    LogLevel level = LogLevel::info;
    std::string_view target; // "host", or a connector and its part: "sqlite.session"
    std::string_view message;
    std::int64_t unix_ns = 0;
};

// Called on whatever thread has something to say, possibly on several at once.
using LogSink = std::function<void(const LogEntry&)>;

struct LogOptions {
    LogLevel level = LogLevel::off;
    LogSink sink; // where it is empty, entries go to standard error, one line each
};

} // namespace patchbay::host
