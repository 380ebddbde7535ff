// SPDX-License-Identifier: Apache-2.0
// The connector as the host sees it: its identity, and the one symbol of the library.

#include "database.hpp"
#include "session.hpp"
#include "settings.hpp"

#include <patchbay/sdk/serve.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace patchbay::sqlite {

namespace {

struct Connector {
    static constexpr std::string_view id = PATCHBAY_CONNECTOR_ID;
    static constexpr std::string_view version = PATCHBAY_CONNECTOR_VERSION;
    static constexpr patchbay_threading threading = PATCHBAY_THREADING_SESSION;
    static constexpr std::uint32_t flags = 0;
    using Session = sqlite::Session;

    static sdk::Expected<sdk::SettingsFacts> check_settings(std::string_view settings_json,
                                                            const sdk::Call& /*call*/) {
        const auto settings = read_settings(settings_json);
        if (!settings) return std::unexpected(settings.error());
        // A second session would be another, empty database.
        return sdk::SettingsFacts{.max_sessions = settings->is_in_memory() ? 1U : 0U};
    }

    static sdk::Expected<std::unique_ptr<Session>> open(std::string_view settings_json,
                                                        const sdk::Call& call) {
        const auto settings = read_settings(settings_json);
        if (!settings) return std::unexpected(settings.error());
        if (auto verdict = call.check(); !verdict) {
            return std::unexpected(std::move(verdict.error()));
        }
        auto database = Database::open(*settings, call);
        if (!database) return std::unexpected(std::move(database.error()));
        return std::make_unique<Session>(std::move(*database));
    }
};

} // namespace

} // namespace patchbay::sqlite

extern "C" const patchbay_library* patchbay_connector_entry(std::uint32_t host_abi_major,
                                                            std::uint32_t host_abi_minor) {
    return patchbay::sdk::serve<patchbay::sqlite::Connector>(host_abi_major, host_abi_minor);
}
