// SPDX-License-Identifier: Apache-2.0
// The one way out for log entries, of the host and of all connectors: level, mask, sink.
#pragma once

#include "secret_masker.hpp"

#include <patchbay/host/log.hpp>

#include <memory>
#include <string_view>

namespace patchbay::host {

// Filters by level, masks, and passes on to the sink of the options. All functions may be called on
// any thread and do not fail.
class Logger {
  public:
    // The masker must outlive the logger.
    Logger(const LogOptions& options, const SecretMasker& masker);
    Logger(const Logger&) = delete;
    Logger(Logger&&) = delete;
    Logger& operator=(const Logger&) = delete;
    Logger& operator=(Logger&&) = delete;
    ~Logger();

    // Whether an entry of this level would be kept; to be asked before a message is put together.
    [[nodiscard]] bool enabled(LogLevel level) const { return level >= level_; }

    void write(LogLevel level, std::string_view target, std::string_view message) const noexcept;

  private:
    class Sink;
    LogLevel level_;
    std::unique_ptr<Sink> sink_;
};

} // namespace patchbay::host
