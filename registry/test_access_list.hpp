// SPDX-License-Identifier: Apache-2.0
// Gives files POSIX access control lists without a program of the system.
#pragma once

#include <sys/xattr.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace patchbay::test {

struct AccessListEntry {
    std::uint16_t
        tag; // of linux/posix_acl.h: 1 owner, 2 user, 4 owning group, 8 group, 16 mask, 32 others
    std::uint16_t permissions; // 4 read, 2 write, 1 execute
    std::uint32_t id = UINT32_MAX;
};

// Answers false where the file system has no such lists.
inline bool set_access_list(const std::filesystem::path& file,
                            std::vector<AccessListEntry> entries) {
    // The kernel takes them in this order only.
    std::ranges::stable_sort(entries, {}, &AccessListEntry::tag);
    std::string list;
    const auto append = [&](std::uint32_t value, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i)
            list.push_back(static_cast<char>((value >> (8 * i)) & 0xffU));
    };
    append(2, 4);
    for (const auto& entry : entries) {
        append(entry.tag, 2);
        append(entry.permissions, 2);
        append(entry.id, 4);
    }
    return ::setxattr(file.c_str(), "system.posix_acl_access", list.data(), list.size(), 0) == 0;
}

} // namespace patchbay::test
