// SPDX-License-Identifier: Apache-2.0
// What the ledger says, and which ledgers are none.

#include <patchbay/registry/ledger.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <filesystem>
#include <string>

using namespace patchbay::registry;

namespace {

constexpr auto one = "one|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94";
constexpr auto two = "two|c0ffee00-1d2e-4f50-8a6b-7c8d9e0f1a2b";

std::string ledger_of(const std::string& entries) {
    return R"({"ledger_version": 1, "connectors": [)" + entries + "]}";
}

std::string entry(const std::string& id, const std::string& more = "") {
    return R"({"id": ")" + id + R"(", "vendor": "Example", "issued": "2026-01-02")" + more + "}";
}

} // namespace

TEST_CASE("the ledger of this source tree is right and knows our connectors",
          "[registry][ledger]") {
    const auto ledger =
        read_ledger(std::filesystem::path(PATCHBAY_TEST_SOURCES) / "registry/connectors.json");

    REQUIRE(ledger.has_value());
    const auto* sqlite = ledger->find_by_name("sqlite");
    REQUIRE(sqlite != nullptr);
    CHECK(sqlite->id.text() == "sqlite|15fadaf1-8a40-429d-881b-759bfca98e1a");
    CHECK(ledger->find_by_uuid(sqlite->id.uuid) == sqlite);
    CHECK(sqlite->retired.empty());
    const auto copied = *ConnectorId::parse("numberz|0f4dd2c6-4a37-4d2a-8ec5-2a1c8a4b6f11");
    CHECK(find_ledger_conflict(*ledger, copied).value_or("").contains("used by numbers"));
    CHECK(ledger->find_by_name("none") == nullptr);
    CHECK(ledger->find_by_uuid("none") == nullptr);
}

TEST_CASE("a ledger with a fault is refused with its place", "[registry][ledger]") {
    const patchbay::test::TempDir temp;
    const auto same_name = "one|c0ffee00-1d2e-4f50-8a6b-7c8d9e0f1a2b";
    const auto same_uuid = "other|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94";
    const struct {
        std::string content;
        const char* pointer;
        const char* says;
    } cases[] = {
        {"{", "", "line 1"},
        {"[]", "", "ledger_version"},
        {R"({"ledger_version": 2, "connectors": []})", "", "reads no other"},
        {R"({"ledger_version": 1})", "", "connectors"},
        {ledger_of("7"), "/connectors/0", "needs \"id\""},
        {ledger_of(entry("one")), "/connectors/0", "needs \"id\""},
        {ledger_of(R"({"id": ")" + std::string(one) + "\"}"), "/connectors/0", "\"vendor\""},
        {ledger_of(entry(one) + "," + entry(same_name)), "/connectors/1", same_name},
        {ledger_of(entry(one) + "," + entry(same_uuid)), "/connectors/1", same_uuid},
    };
    for (const auto& wrong : cases) {
        INFO(wrong.content);
        const auto file = temp.write("connectors.json", wrong.content);

        const auto ledger = read_ledger(file);

        REQUIRE_FALSE(ledger.has_value());
        CHECK(ledger.error().path == file);
        CHECK(ledger.error().pointer == wrong.pointer);
        CHECK(ledger.error().message.starts_with(file.string() + ": "));
        CHECK(ledger.error().message.contains(wrong.says));
    }
    const auto none = read_ledger(temp.path() / "none.json");
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().message.contains("No such file"));
}

TEST_CASE("an ID that takes half of an issued one, or is retired, is told", "[registry][ledger]") {
    const patchbay::test::TempDir temp;
    const auto ledger = read_ledger(
        temp.write("connectors.json",
                   ledger_of(entry(one) + "," + entry(two, R"(, "retired": "2026-03-04")"))));
    REQUIRE(ledger.has_value());
    const auto conflict = [&](const std::string& id) {
        return find_ledger_conflict(*ledger, *ConnectorId::parse(id)).value_or("none");
    };

    CHECK(conflict(one) == "none");
    CHECK(conflict("third|11111111-2222-4333-8444-555555555555") == "none");
    CHECK(conflict(two).contains("was retired on 2026-03-04"));
    CHECK(conflict("one|11111111-2222-4333-8444-555555555555").contains("the name one is issued"));
    CHECK(conflict("two|11111111-2222-4333-8444-555555555555").contains("the name two is issued"));
    CHECK(conflict("third|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94")
              .contains("its UUID 5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94 is already used by one ("));
}
