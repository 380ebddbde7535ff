// SPDX-License-Identifier: Apache-2.0
// Who may write to a file by its POSIX access control list.

#include "access_list.hpp"

#include <sys/xattr.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace patchbay::registry {
namespace {

// The attribute as the kernel shows it: include/uapi/linux/posix_acl_xattr.h, little-endian.
constexpr auto attribute = "system.posix_acl_access";
constexpr std::uint32_t version = 2;
constexpr std::uint16_t write_permission = 2;

enum Tag : std::uint16_t { user = 0x02, owning_group = 0x04, group = 0x08, mask = 0x10 };

struct Entry {
    std::uint16_t tag;
    std::uint16_t permissions;
    std::uint32_t id;
};

template <typename T>
T little_endian(const std::byte* from) {
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;)
        value = static_cast<T>((value << 8U) | std::to_integer<T>(from[i]));
    return value;
}

std::expected<std::vector<AccessListWriter>, Errno> writers_of(const std::byte* list,
                                                               std::size_t size) {
    constexpr std::size_t header_size = 4;
    constexpr std::size_t entry_size = 8;
    if (size < header_size || (size - header_size) % entry_size != 0 ||
        little_endian<std::uint32_t>(list) != version) {
        return std::unexpected(EPROTO);
    }
    std::vector<Entry> entries;
    bool masked = false; // the mask forbids writing
    for (std::size_t at = header_size; at < size; at += entry_size) {
        const Entry entry{little_endian<std::uint16_t>(list + at),
                          little_endian<std::uint16_t>(list + at + 2),
                          little_endian<std::uint32_t>(list + at + 4)};
        const bool writes = (entry.permissions & write_permission) != 0;
        if (entry.tag == mask && !writes) masked = true;
        if (writes) entries.push_back(entry);
    }
    std::vector<AccessListWriter> writers;
    if (masked) return writers;
    for (const auto& entry : entries) {
        using Kind = AccessListWriter::Kind;
        if (entry.tag == user) writers.push_back({Kind::user, entry.id});
        if (entry.tag == owning_group) writers.push_back({Kind::owning_group, 0});
        if (entry.tag == group) writers.push_back({Kind::group, entry.id});
    }
    return writers;
}

} // namespace

std::expected<std::vector<AccessListWriter>, Errno> read_access_list_writers(int fd) {
    // Through /proc, because fgetxattr wants more than O_PATH.
    const auto path = "/proc/self/fd/" + std::to_string(fd);
    constexpr std::size_t max_size = 65536; // of any attribute (XATTR_SIZE_MAX)
    std::vector<std::byte> list(max_size);
    const auto size = ::getxattr(path.c_str(), attribute, list.data(), list.size());
    if (size < 0) {
        if (errno != ENODATA && errno != ENOTSUP) return std::unexpected(errno);
        return std::vector{AccessListWriter{AccessListWriter::Kind::owning_group, 0}};
    }
    return writers_of(list.data(), static_cast<std::size_t>(size));
}

} // namespace patchbay::registry
