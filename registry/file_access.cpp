// SPDX-License-Identifier: Apache-2.0
// Opens, lists and reads files of strangers: relative to what is open, no symlinks, bounded.

#include "file_access.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace patchbay::registry {
namespace {

// Reads until the buffer is full or the file ends, and answers how much there is.
std::expected<std::size_t, Errno> read_fully(int fd, char* buffer, std::size_t size) {
    std::size_t filled = 0;
    while (filled < size) {
        const auto count = ::read(fd, buffer + filled, size - filled);
        if (count == 0) break;
        if (count > 0) {
            filled += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            return std::unexpected(errno);
        }
    }
    return filled;
}

} // namespace

UniqueFd::~UniqueFd() {
    if (fd_ >= 0) ::close(fd_); // nothing was written: there is no error to lose
}

std::expected<UniqueFd, Errno> open_entry(int directory, const char* name, int flags) {
    const int fd =
        ::openat(directory, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return std::unexpected(errno);
    return UniqueFd(fd);
}

std::expected<UniqueFd, Errno> open_beneath(int directory, std::string_view path, int flags) {
    UniqueFd parent;
    while (true) {
        const int from = parent.is_open() ? parent.get() : directory;
        const auto slash = path.find('/');
        const std::string name(path.substr(0, slash));
        if (slash == std::string_view::npos) return open_entry(from, name.c_str(), flags);
        auto next = open_entry(from, name.c_str(), O_PATH | O_DIRECTORY);
        if (!next) return next;
        parent = std::move(*next);
        path.remove_prefix(slash + 1);
    }
}

std::expected<struct stat, Errno> read_status(int fd) {
    struct stat status = {};
    if (::fstat(fd, &status) != 0) return std::unexpected(errno);
    return status;
}

std::expected<std::string, Errno> read_whole(int fd, std::size_t max_bytes) {
    // Most manifests fit; only what is larger costs a second reading.
    std::array<char, 4096> first; // uninitialised: filled by read
    const auto begun = read_fully(fd, first.data(), std::min(first.size(), max_bytes + 1));
    if (!begun) return std::unexpected(begun.error());
    std::string content(first.data(), *begun);
    std::size_t filled = content.size();
    while (filled >= first.size() && filled <= max_bytes) {
        const auto more = std::min(filled * 4, max_bytes + 1);
        content.resize(more);
        const auto count = read_fully(fd, content.data() + filled, more - filled);
        if (!count) return std::unexpected(count.error());
        filled += *count;
        if (filled < more) break;
    }
    if (filled > max_bytes) return std::unexpected(EFBIG);
    content.resize(filled);
    return content;
}

std::expected<std::vector<DirectoryEntry>, Errno> list_directory(int directory,
                                                                 std::size_t max_entries) {
    std::vector<DirectoryEntry> entries;
    // Why not readdir: it allocates 32 KiB for each directory, most of which hold five files.
    alignas(dirent64) std::array<char, 8192> buffer;
    while (true) {
        const auto size = ::getdents64(directory, buffer.data(), buffer.size());
        if (size < 0) return std::unexpected(errno);
        if (size == 0) break;
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            dirent64 header;
            constexpr auto name_at = offsetof(dirent64, d_name);
            std::memcpy(&header, buffer.data() + at, name_at);
            const std::string_view name = buffer.data() + at + name_at;
            at += header.d_reclen;
            if (name == "." || name == "..") continue;
            if (entries.size() == max_entries) return std::unexpected(EFBIG);
            entries.push_back({std::string(name), header.d_type});
        }
    }
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    return entries;
}

unsigned char entry_type(const struct stat& status) {
    return static_cast<unsigned char>(IFTODT(status.st_mode));
}

FileStamp stamp_of(const struct stat& status) {
    // Unsigned, since a time may be any number that its owner chose: it wraps, and compares equal.
    const auto nanoseconds = [](const timespec& time) {
        constexpr std::uint64_t per_second = 1'000'000'000;
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(time.tv_sec) * per_second +
                                         static_cast<std::uint64_t>(time.tv_nsec));
    };
    return {.device = status.st_dev,
            .inode = status.st_ino,
            .size_bytes = static_cast<std::uint64_t>(status.st_size),
            .modified_ns = nanoseconds(status.st_mtim),
            .changed_ns = nanoseconds(status.st_ctim)};
}

} // namespace patchbay::registry
