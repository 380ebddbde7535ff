// SPDX-License-Identifier: Apache-2.0
// The system's users and groups, asked in a way that threads bear.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace patchbay::registry {

struct Group {
    std::string name;
    std::vector<std::string> members; // those who have it beside their own
};

// The account database; tests bring one of their own.
struct Accounts {
    std::function<std::optional<std::string>(uid_t)> find_user_name;
    std::function<std::optional<Group>(gid_t)> find_group;
};

// The database of this system: files, LDAP, or whatever it is configured for.
[[nodiscard]] Accounts system_accounts();

[[nodiscard]] std::optional<std::filesystem::path> find_home_directory(uid_t user);

} // namespace patchbay::registry
