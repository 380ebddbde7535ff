// SPDX-License-Identifier: Apache-2.0
// Names of tables, taken apart and put together.

#include <patchbay/sdk/object_name.hpp>
#include <patchbay/test/catch.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace patchbay::sdk;
using Parts = std::vector<std::string>;

TEST_CASE("object names are split at dots outside quotes", "[sdk][names]") {
    const std::pair<std::string_view, Parts> cases[] = {
        {"orders", {"orders"}},
        {"sales.orders", {"sales", "orders"}},
        {R"("a.b"."say ""hi""")", {"a.b", "say \"hi\""}},
        {"Mixed Case", {"Mixed Case"}},
        {R"(x"y)", {"x\"y"}},
        {"  ", {"  "}},
    };
    for (const auto& [name, parts] : cases) {
        INFO(name);
        const auto read = read_object_name(name);

        REQUIRE(read.has_value());
        CHECK(*read == parts);
        CHECK(read_object_name(write_object_name(parts)) == parts);
    }
}

TEST_CASE("object names that cannot be split are refused with the name", "[sdk][names]") {
    using namespace std::literals;
    for (const std::string_view name :
         {""sv, "."sv, "a."sv, ".a"sv, "a..b"sv, "\"a"sv, "\"a\"b"sv, "\"\""sv, "a\0b"sv}) {
        INFO(name);
        const auto read = read_object_name(name, "/object");

        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code == PATCHBAY_INVALID_REQUEST);
        CHECK(read.error().pointer == "/object");
        CHECK(read.error().message.contains("[" + std::string(name) + "]"));
    }
}
