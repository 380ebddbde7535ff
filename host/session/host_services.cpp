// SPDX-License-Identifier: Apache-2.0
// What a connector sees of its host: patchbay_host with the services log/1 and clock/1.

#include "host_services.hpp"

#include <patchbay/sdk/text.hpp>

#include <fmt/format.h>

#include <exception>
#include <string_view>
#include <utility>

namespace patchbay::host {
namespace {

[[nodiscard]] LogLevel level_of(patchbay_log_level level) {
    switch (level) {
    case PATCHBAY_LOG_TRACE:
        return LogLevel::trace;
    case PATCHBAY_LOG_DEBUG:
        return LogLevel::debug;
    case PATCHBAY_LOG_INFO:
        return LogLevel::info;
    case PATCHBAY_LOG_WARNING:
        return LogLevel::warning;
    default:
        return LogLevel::error; // misuse of either side is an error, and so is what we do not know
    }
}

[[nodiscard]] std::string_view misuse(patchbay_log_level level) {
    if (level == PATCHBAY_LOG_HOST_MISUSE) return "the host broke a rule: ";
    if (level == PATCHBAY_LOG_CONNECTOR_MISUSE) return "the connector broke a rule: ";
    return "";
}

// Message and fields on one line, whatever the server put into them.
[[nodiscard]] std::string line_of(const patchbay_log_record& record) {
    std::string line(misuse(record.level));
    line += sdk::to_view(record.message);
    for (std::uint64_t i = 0; i < record.field_count; ++i) {
        line += fmt::format(" {}={}", sdk::to_view(record.fields[2 * i]),
                            sdk::to_view(record.fields[2 * i + 1]));
    }
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F) c = ' ';
    }
    return line;
}

const HostServices& of(const void* impl) {
    return *static_cast<const HostServices*>(impl);
}

std::uint32_t log_enabled(const patchbay_host_log* self, patchbay_log_level level,
                          patchbay_text /*target*/) noexcept {
    return of(self->impl).logger().enabled(level_of(level)) ? 1 : 0;
}

void log_write(const patchbay_host_log* self, const patchbay_log_record* record) noexcept {
    const auto& services = of(self->impl);
    const LogLevel level = level_of(record->level);
    if (!services.logger().enabled(level)) return;
    try {
        const auto target = sdk::to_view(record->target);
        services.logger().write(level,
                                target.empty() ? services.connector()
                                               : fmt::format("{}.{}", services.connector(), target),
                                line_of(*record));
    } catch (const std::exception&) {
        // Memory ran out: the entry is lost, the work goes on.
        return;
    }
}

std::int64_t clock_monotonic_ns(const patchbay_host_clock* self) noexcept {
    return of(self->impl).clock().monotonic_ns();
}

std::int64_t clock_unix_ns(const patchbay_host_clock* self) noexcept {
    return of(self->impl).clock().unix_ns();
}

} // namespace

HostServices::HostServices(std::string connector, const Logger& logger, Clock& clock)
    : connector_(std::move(connector)), logger_(logger), clock_(clock),
      host_{.struct_size = sizeof host_,
            .revision = 1,
            .impl = this,
            .service = [](const patchbay_host* self, const char* id) noexcept -> const void* {
                const auto& services = of(self->impl);
                const std::string_view name(id);
                if (name == PATCHBAY_LOG_SERVICE) return &services.log_;
                if (name == PATCHBAY_CLOCK_SERVICE) return &services.clock_table_;
                return nullptr;
            }},
      log_{.struct_size = sizeof log_,
           .revision = 1,
           .impl = this,
           .enabled = log_enabled,
           .write = log_write},
      clock_table_{.struct_size = sizeof clock_table_,
                   .revision = 1,
                   .impl = this,
                   .monotonic_ns = clock_monotonic_ns,
                   .unix_ns = clock_unix_ns} {}

} // namespace patchbay::host
