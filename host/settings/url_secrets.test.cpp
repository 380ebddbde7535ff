// SPDX-License-Identifier: Apache-2.0
// URLs are told from other texts, and taken apart where secrets may be.

#include "url_secrets.hpp"

#include <patchbay/test/catch.hpp>

#include <string_view>
#include <utility>

using patchbay::host::masked_open_text;
using patchbay::host::url_parameters;
using patchbay::host::url_password;

TEST_CASE("a text that is a URL is shown without what may be secret in it", "[settings][secrets]") {
    for (const auto& [text, shown] : {
             std::pair<std::string_view, std::string_view>{"SQLite://u:CANARY@h/a?key=CANARY",
                                                           "SQLite://u:***@h/a?***"},
             {"http://h/a b?token=CANARY", "http://h/a b?***"},
             {"odd:u:CANARY@h", "odd:***"},
             {"odd:a?key=CANARY", "odd:***"},
             {"sqlite:///srv/shop.db", "sqlite:///srv/shop.db"},
             {"puppet:fail 6", "puppet:fail 6"},
             {"puppet:plain", "puppet:plain"},
             {"C:\\shop.db", "C:\\shop.db"},
             {"note: who? ana@db", "note: who? ana@db"},
             {"12:30?", "12:30?"},
             {"a?b@c", "a?b@c"},
             {"", ""},
         }) {
        INFO(text);
        CHECK(masked_open_text(text) == shown);
    }
}

TEST_CASE("a URL's password and parameters are found", "[settings][secrets]") {
    CHECK(url_password("a://u:p/w@h") == "p/w");
    CHECK(url_password("a://u@h:80").empty());
    CHECK(url_password("a:u:p@h").empty());

    const auto parameters = url_parameters("a:b?x=1&flag&y=&z==#f=2");
    REQUIRE(parameters.size() == 4);
    CHECK(parameters[0] == std::pair<std::string_view, std::string_view>{"x", "1"});
    CHECK(parameters[1] == std::pair<std::string_view, std::string_view>{"y", ""});
    CHECK(parameters[2] == std::pair<std::string_view, std::string_view>{"z", "="});
    CHECK(parameters[3] == std::pair<std::string_view, std::string_view>{"f", "2"});
    CHECK(url_parameters("a://h/b").empty());
}
