// SPDX-License-Identifier: Apache-2.0
// References are told apart, and shown without their secrets.

#include <patchbay/host/reference.hpp>
#include <patchbay/test/catch.hpp>

#include <string>
#include <string_view>
#include <utility>

using patchbay::host::ErrorCode;
using patchbay::host::Reference;

TEST_CASE("an alias is everything behind the first dot", "[host][reference]") {
    const auto dotted = Reference::parse("@sqlite.shop.2026");
    REQUIRE(dotted.has_value());
    CHECK(dotted->kind() == Reference::Kind::alias);
    CHECK(dotted->connector() == "sqlite");
    CHECK(dotted->alias() == "shop.2026");
    CHECK(dotted->text() == "@sqlite.shop.2026");

    const auto without = Reference::parse("@sqlite");
    REQUIRE(without.has_value());
    CHECK(without->alias().empty());
    CHECK(without->text() == "@sqlite");
}

TEST_CASE("what is neither an alias nor a URL is refused by name", "[host][reference]") {
    for (const std::string_view text :
         {"", "@", "@.x", "@sqlite.", "shop.db", "/srv/shop.db", ":x"}) {
        INFO(text);
        const auto reference = Reference::parse(text);

        REQUIRE_FALSE(reference.has_value());
        CHECK(reference.error().code == ErrorCode::reference_invalid);
        CHECK(reference.error().message.contains('"' + std::string(text) + '"'));
    }
}

TEST_CASE("what is not UTF-8 is refused and not repeated", "[host][reference]") {
    const auto reference = Reference::parse("a://u:CANARY\xff@h");

    REQUIRE_FALSE(reference.has_value());
    CHECK(reference.error().code == ErrorCode::reference_invalid);
    CHECK(reference.error().message == "the reference is not UTF-8 text from byte 13 on");
}

TEST_CASE("a URL is shown without what may be secret in it", "[host][reference]") {
    for (const auto& [url, shown] : {
             std::pair<std::string_view, std::string_view>{"sqlite:///srv/shop.db",
                                                           "sqlite:///srv/shop.db"},
             {"postgresql://ana@db/shop", "postgresql://ana@db/shop"},
             {"postgresql://ana:CANARY@db:5433/shop", "postgresql://ana:***@db:5433/shop"},
             {"postgresql://ana:CAN@ARY@db/shop", "postgresql://ana:***@db/shop"},
             {"postgresql://db/shop?password=CANARY", "postgresql://db/shop?***"},
             {"http://u:CANARY@h?token=CANARY#CANARY", "http://u:***@h?***"},
             {"odd:CANARY", "odd:***"},
             {"postgresql://ana:CAN/ARY@db/shop", "postgresql://ana:***@db/shop"},
             {"postgresql://ana:CAN#ARY@db/shop", "postgresql://ana:***"},
             {"postgresql://db/shop?mail=a@b&password=CANARY", "postgresql://db/shop?***"},
             {"sqlite:///srv/a@b.db", "sqlite:///srv/a@b.db"},
         }) {
        const auto reference = Reference::parse(url);
        INFO(url);
        REQUIRE(reference.has_value());
        CHECK(reference->kind() == Reference::Kind::url);
        CHECK(reference->text() == shown);
    }
}
