// SPDX-License-Identifier: Apache-2.0
// Who may write to a file by its POSIX access control list.
#pragma once

#include "file_access.hpp"

#include <cstdint>
#include <expected>
#include <vector>

namespace patchbay::registry {

// Somebody whom a list lets write, beside the owner and "others".
struct AccessListWriter {
    enum class Kind { user, owning_group, group };
    Kind kind;
    std::uint32_t id; // of the user or group; 0 for the owning group

    friend bool operator==(const AccessListWriter&, const AccessListWriter&) = default;
};

// Reads the access list of what is open (O_PATH suffices), and answers who may write by it. A file
// without a list answers what its mode says: the owning group.
//
// Ask only where the group bits of the mode let somebody write: they are the list's mask.
[[nodiscard]] std::expected<std::vector<AccessListWriter>, Errno> read_access_list_writers(int fd);

} // namespace patchbay::registry
