// SPDX-License-Identifier: Apache-2.0
// URLs of databases: sqlite:///srv/shop.db?mode=read-only
#pragma once

#include <patchbay/sdk/error.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::sqlite {

struct DatabaseUrl {
    std::string path;                                         // decoded; absolute, or ":memory:"
    std::vector<std::pair<std::string, std::string>> options; // decoded, in their order
};

// Takes a URL apart. The path of sqlite:///a/b is /a/b; sqlite:///:memory: is the database in
// memory (a file /:memory: can be named by the method "params"). There is no form for relative
// paths: a URL that means another file in another directory cannot be passed on.
//
// Errors: PATCHBAY_INVALID_SETTINGS; the pointer is the caller's to set.
[[nodiscard]] sdk::Expected<DatabaseUrl> read_database_url(std::string_view url);

} // namespace patchbay::sqlite
