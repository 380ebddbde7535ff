// SPDX-License-Identifier: Apache-2.0
// Opens, lists and reads files of strangers: relative to what is open, no symlinks, bounded.
#pragma once

#include <patchbay/registry/bundle.hpp>

#include <sys/stat.h>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::registry {

// Owns a file descriptor; ends it with close.
class UniqueFd {
  public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) : fd_(fd) {}
    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;
    UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        std::swap(fd_, other.fd_); // what was ours is closed with the other
        return *this;
    }
    ~UniqueFd();

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

// What a system call left in errno.
using Errno = int;

// Opens one name in an open directory (or AT_FDCWD). Never follows a symlink (ELOOP), never waits
// for the other end of a pipe, never becomes a controlling terminal, not inherited by programs.
// flags: O_RDONLY, O_PATH, O_DIRECTORY ...
[[nodiscard]] std::expected<UniqueFd, Errno> open_entry(int directory, const char* name, int flags);

// The same for a relative path of several names, none of which may be a symlink.
[[nodiscard]] std::expected<UniqueFd, Errno> open_beneath(int directory, std::string_view path,
                                                          int flags);

[[nodiscard]] std::expected<struct stat, Errno> read_status(int fd);

// Reads a whole file; EFBIG where it has more than max_bytes, whatever its status says.
[[nodiscard]] std::expected<std::string, Errno> read_whole(int fd, std::size_t max_bytes);

struct DirectoryEntry {
    std::string name;
    unsigned char type; // DT_DIR and the like; DT_UNKNOWN where the file system does not tell
};

// Lists a directory that is open for reading, in bytewise order, without "." and ".."; EFBIG where
// it has more than max_entries.
[[nodiscard]] std::expected<std::vector<DirectoryEntry>, Errno>
list_directory(int directory, std::size_t max_entries);

// DT_DIR and the like from st_mode.
[[nodiscard]] unsigned char entry_type(const struct stat& status);

[[nodiscard]] FileStamp stamp_of(const struct stat& status);

} // namespace patchbay::registry
