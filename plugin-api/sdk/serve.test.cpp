// SPDX-License-Identifier: Apache-2.0
// A connector offers what its session can do, and nothing else.

#include <patchbay/sdk/serve.hpp>
#include <patchbay/test/catch.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

using namespace patchbay::sdk;

namespace {

struct CatalogueSession {
    Expected<std::string> ping(const Call& /*call*/) { return "{}"; }
    Expected<void> reset(const Call& /*call*/) { return {}; }
    Expected<void> close(const Call& /*call*/) { return {}; }
    Expected<std::unique_ptr<RecordStream>> objects(const Call& /*call*/) { return nullptr; }
    Expected<Field> describe(std::string_view /*object*/, const Call& /*call*/) {
        return record({});
    }
};
static_assert(IsSession<CatalogueSession> && IsCatalog<CatalogueSession>);
static_assert(!IsSource<CatalogueSession> && !IsSql<CatalogueSession>);

struct Catalogue {
    static constexpr std::string_view id = "catalogue|00000000-0000-4000-8000-000000000000";
    static constexpr std::string_view version = "1.0.0";
    static constexpr patchbay_threading threading = PATCHBAY_THREADING_SESSION;
    static constexpr std::uint32_t flags = 0;
    using Session = CatalogueSession;
    static Expected<SettingsFacts> check_settings(std::string_view /*json*/, const Call& /*call*/) {
        return SettingsFacts{};
    }
    static Expected<std::unique_ptr<Session>> open(std::string_view /*json*/,
                                                   const Call& /*call*/) {
        return std::make_unique<Session>();
    }
};

} // namespace

TEST_CASE("a connector may have a catalogue and no rows", "[sdk][serve]") {
    const auto* const library = serve<Catalogue>(PATCHBAY_ABI_MAJOR, PATCHBAY_ABI_MINOR);
    REQUIRE(library != nullptr);

    CHECK(library->capability(PATCHBAY_CONNECTOR_CAPABILITY) != nullptr);
    CHECK(library->capability(PATCHBAY_CATALOG_CAPABILITY) != nullptr);
    // What a stream of objects failed with is told as for any other.
    CHECK(library->capability(PATCHBAY_STREAM_INFO_CAPABILITY) == &stream_info_table);
    CHECK(library->capability(PATCHBAY_SOURCE_CAPABILITY) == nullptr);
    CHECK(library->capability(PATCHBAY_SQL_CAPABILITY) == nullptr);
}
