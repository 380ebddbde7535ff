// SPDX-License-Identifier: Apache-2.0
// What a connector sees of its host: patchbay_host with the services log/1 and clock/1.
#pragma once

#include <host/log/logger.hpp>
#include <patchbay/abi/clock.h>
#include <patchbay/abi/host.h>
#include <patchbay/abi/log.h>
#include <patchbay/host/clock.hpp>

#include <string>

namespace patchbay::host {

// One for each host and connector, so that an entry names the connector that wrote it. A connector
// may keep the pointer for as long as the process lives, so these are never destroyed (see Host).
class HostServices {
  public:
    // connector: the name that entries are written under.
    HostServices(std::string connector, const Logger& logger, Clock& clock);
    HostServices(const HostServices&) = delete;
    HostServices(HostServices&&) = delete;
    HostServices& operator=(const HostServices&) = delete;
    HostServices& operator=(HostServices&&) = delete;
    ~HostServices() = default;

    [[nodiscard]] const patchbay_host* host() const { return &host_; }
    [[nodiscard]] Clock& clock() const { return clock_; }
    [[nodiscard]] const Logger& logger() const { return logger_; }
    [[nodiscard]] const std::string& connector() const { return connector_; }

  private:
    std::string connector_;
    const Logger& logger_;
    Clock& clock_;
    patchbay_host host_;
    patchbay_host_log log_;
    patchbay_host_clock clock_table_;
};

} // namespace patchbay::host
