// SPDX-License-Identifier: Apache-2.0
// The roots that discovery and installation share.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace patchbay::registry {

inline constexpr auto system_root = "/usr/local/lib/patchbay/connectors";

// The user's own root, absolute or not; nothing for root, who uses the system's, for a program that
// runs with other rights than its caller's, and for a user without a home.
[[nodiscard]] std::optional<std::filesystem::path> find_user_root();

// More entries than a directory of connectors has.
inline constexpr std::size_t max_root_entries = 10'000;

} // namespace patchbay::registry
