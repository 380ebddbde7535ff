// SPDX-License-Identifier: Apache-2.0
// The one way out for log entries, of the host and of all connectors: level, mask, sink.

#include "logger.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace patchbay::host {
namespace {

struct LevelName {
    LogLevel level;
    std::string_view text;
    spdlog::level::level_enum spdlog;
};

constexpr std::array level_names = {
    LevelName{LogLevel::trace, "trace", spdlog::level::trace},
    LevelName{LogLevel::debug, "debug", spdlog::level::debug},
    LevelName{LogLevel::info, "info", spdlog::level::info},
    LevelName{LogLevel::warning, "warning", spdlog::level::warn},
    LevelName{LogLevel::error, "error", spdlog::level::err},
    LevelName{LogLevel::off, "off", spdlog::level::off},
};

[[nodiscard]] const LevelName& name_of(LogLevel level) {
    return level_names[static_cast<std::size_t>(level)];
}

// Hands entries to the application. No lock is held while it looks at them.
class CallbackSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  public:
    explicit CallbackSink(LogSink callback) : callback_(std::move(callback)) {}

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        LogEntry entry;
        for (const auto& name : level_names) {
            if (name.spdlog == message.level) entry.level = name.level;
        }
        entry.target = {message.logger_name.data(), message.logger_name.size()};
        entry.message = {message.payload.data(), message.payload.size()};
        entry.unix_ns =
            std::chrono::duration_cast<std::chrono::nanoseconds>(message.time.time_since_epoch())
                .count();
        callback_(entry);
    }
    void flush_() override {}

  private:
    LogSink callback_;
};

[[nodiscard]] std::shared_ptr<spdlog::sinks::sink> make_sink(const LogOptions& options) {
    if (options.sink) return std::make_shared<CallbackSink>(options.sink);
    auto to_stderr = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    to_stderr->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%eZ %l %n: %v", spdlog::pattern_time_type::utc));
    return to_stderr;
}

} // namespace

std::string_view level_text(LogLevel level) {
    return name_of(level).text;
}

std::optional<LogLevel> read_log_level(std::string_view text) {
    for (const auto& name : level_names) {
        if (name.text == text) return name.level;
    }
    return std::nullopt;
}

// The masking sink: everything passes here, so nothing has to remember to mask.
class Logger::Sink {
  public:
    Sink(const LogOptions& options, const SecretMasker& masker)
        : masker_(masker), next_(make_sink(options)) {}

    void log(LogLevel level, std::string_view target, std::string_view message) {
        const std::string masked = masker_.mask(message);
        next_->log(spdlog::details::log_msg(spdlog::string_view_t(target.data(), target.size()),
                                            name_of(level).spdlog, masked));
    }

  private:
    const SecretMasker& masker_;
    std::shared_ptr<spdlog::sinks::sink> next_;
};

Logger::Logger(const LogOptions& options, const SecretMasker& masker)
    : level_(options.level), sink_(std::make_unique<Sink>(options, masker)) {}

Logger::~Logger() = default;

void Logger::write(LogLevel level, std::string_view target,
                   std::string_view message) const noexcept {
    if (!enabled(level) || level == LogLevel::off) return;
    try {
        sink_->log(level, target, message);
    } catch (const std::exception&) {
        // An entry that cannot be written must not stop the work it tells about.
        return;
    }
}

} // namespace patchbay::host
