// SPDX-License-Identifier: Apache-2.0
// Identities in writing, and the texts of codes.

#include <patchbay/registry/bundle.hpp>
#include <patchbay/test/catch.hpp>

#include <set>
#include <string>

using namespace patchbay::registry;

TEST_CASE("an ID is a name and a UUID in lower case", "[registry][bundle]") {
    const auto id = ConnectorId::parse("sample_2-x|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94");

    REQUIRE(id.has_value());
    CHECK(id->name == "sample_2-x");
    CHECK(id->uuid == "5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94");
    CHECK(id->text() == "sample_2-x|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94");
}

TEST_CASE("an ID that lacks a half or has another form is none", "[registry][bundle]") {
    for (const auto* text : {"", "|", "sample", "sample|", "|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94",
                             "sample|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a9",
                             "sample|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94 ",
                             "../x|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94",
                             "a|b|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94"}) {
        INFO(text);
        CHECK_FALSE(ConnectorId::parse(text).has_value());
    }
}

TEST_CASE("each refusal code has a text of its own that names what is at fault",
          "[registry][bundle]") {
    std::set<std::string> texts;
    for (const auto code : all_refusal_codes()) {
        const std::string text(code_text(code));
        INFO(text);
        CHECK(texts.insert(text).second);
        const auto dot = text.find('.');
        REQUIRE(dot != std::string::npos);
        const std::set<std::string> at_fault = {"root",    "bundle", "manifest",  "id",
                                                "uuid",    "abi",    "threading", "path",
                                                "library", "schema", "example"};
        CHECK(at_fault.contains(text.substr(0, dot)));
        CHECK(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", dot + 1) == std::string::npos);
    }
}
