// SPDX-License-Identifier: Apache-2.0
// What a connection is made from: where settings end and sessions begin.
#pragma once

#include <host/log/secret_masker.hpp>
#include <host/session/host_services.hpp>
#include <patchbay/host/error.hpp>
#include <patchbay/registry/bundle.hpp>

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::host {

// Settings as a connector's open gets them.
struct ResolvedSettings {
    std::string json;
    std::vector<std::string> secrets; // every secret value in it, to be masked from here on
};

// Put together by the host from settings that are complete and valid; nothing in here changes.
struct ConnectionConfig {
    registry::Bundle bundle;
    std::string reference;     // as the caller named it, for errors
    std::string settings_json; // with null in place of each secret that is not resolved yet

    // Fetches what the settings only refer to (environment, files). Called for each session that is
    // opened, so that a password that changed is found; never before.
    std::function<Expected<ResolvedSettings>()> resolve;

    // Holds a request against the connector's schema of requests; nothing where it fits.
    std::function<std::vector<Fault>(std::string_view request_json)> check_request;

    const HostServices* services = nullptr; // lives until the process ends
    SecretMasker* masker = nullptr;         // likewise
};

// Tells what becomes of a connection's sessions and streams, for whoever looks for a fault.
template <class... Arguments>
void log_debug(const ConnectionConfig& config, fmt::format_string<Arguments...> text,
               Arguments&&... arguments) {
    const auto& logger = config.services->logger();
    if (!logger.enabled(LogLevel::debug)) return;
    logger.write(LogLevel::debug, "host",
                 fmt::format("{}: {}", config.reference,
                             fmt::format(text, std::forward<Arguments>(arguments)...)));
}

} // namespace patchbay::host
