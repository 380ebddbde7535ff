// SPDX-License-Identifier: Apache-2.0
// Who could change a file before this process uses it: the walk from / down to the file itself.
#pragma once

#include "accounts.hpp"
#include "file_access.hpp"

#include <patchbay/registry/bundle.hpp>
#include <patchbay/registry/discovery.hpp>

#include <sys/stat.h>
#include <sys/types.h>

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::registry {

// Whose files may become part of this process.
struct TrustedOwners {
    uid_t effective_user = 0;
    std::vector<uid_t> program_owners; // of the running program and of libpatchbay
    // What the kernel shows for an owner who has no number in this user namespace; nothing where
    // every owner has one.
    std::optional<uid_t> unmapped_owner;
    Accounts accounts;
};

// Reads who this process is and who owns its own files. A file that cannot be looked at adds
// nobody.
[[nodiscard]] TrustedOwners read_trusted_owners(const Trust& trust);

// The rule, for every directory from / down and for every file:
//   - its owner is root, the effective user, or the owner of the running program or library file;
//   - nobody else may write to it, whether by mode or by access control list. A group may only
//     where it is the owner's private one: its name and number equal the owner's user name and
//     number, and it has no member but the owner;
//   - a directory above may be writable by all where it is sticky, since the next name on the way
//     has an allowed owner, and nobody else can then replace it;
//   - files are regular, not set-uid or set-gid, and nothing on the way is a symlink.
//
// Every verdict is about what is open, or about a name in a directory that is open and whose own
// verdict came before. Asks the account database only about groups that may write, and once each.
// An object serves one thread.
class PathHygiene {
  public:
    explicit PathHygiene(TrustedOwners owners) : owners_(std::move(owners)) {}

    // A directory that is open for reading, and what is wrong on the way to it.
    struct Directory {
        UniqueFd fd;
        std::filesystem::path path; // absolute, free of symlinks
        std::optional<Refusal> violation;
    };

    // Why a path cannot be opened: the system's word, or the rule's.
    struct PathError {
        std::filesystem::path path;
        Errno error = 0;
        std::optional<Refusal> violation;
    };

    // Resolves the path's symlinks, opens the directory it leads to, and checks all of the way.
    [[nodiscard]] std::expected<Directory, PathError>
    open_directory(const std::filesystem::path& path);

    // Checks a directory of a bundle, or a file, that is open. path: for the message.
    [[nodiscard]] std::optional<Refusal> check_open(int fd, const std::filesystem::path& path);
    [[nodiscard]] std::optional<Refusal> check_open(int fd, const struct stat& status,
                                                    const std::filesystem::path& path);

    // Checks everything beneath a bundle's directory that is open for reading. At most
    // max_bundle_entries names, max_bundle_depth directories deep.
    [[nodiscard]] std::optional<Refusal> check_beneath(int directory,
                                                       const std::filesystem::path& path);

    // Opens one file for reading after checking it and the directory that it is named in, and,
    // where it is a symlink, the directories that it leads to: for a file that is used unasked.
    [[nodiscard]] std::expected<UniqueFd, PathError> open_file(const std::filesystem::path& path);

  private:
    enum class Place {
        above,  // a directory on the way
        bundle, // a directory or file that is part of what is checked
    };

    [[nodiscard]] std::optional<Refusal> check(int fd, const struct stat& status, Place place,
                                               const std::filesystem::path& path);
    [[nodiscard]] std::optional<Refusal> check_owner(const struct stat& status,
                                                     const std::filesystem::path& path) const;
    [[nodiscard]] std::optional<Refusal> check_group_and_list(int fd, const struct stat& status,
                                                              const std::filesystem::path& path);
    [[nodiscard]] std::optional<Refusal> check_tree(int directory,
                                                    const std::filesystem::path& path,
                                                    std::size_t depth, std::size_t& entry_count);
    [[nodiscard]] bool is_private_group(uid_t owner, gid_t group);
    // A regular file of an allowed owner that nobody else may write: nothing to say about it.
    [[nodiscard]] bool is_plain(const struct stat& status) const;
    [[nodiscard]] bool is_allowed(uid_t owner) const;
    [[nodiscard]] std::string allowed_owners() const;
    [[nodiscard]] std::string user_text(uid_t user) const;
    [[nodiscard]] std::string group_text(gid_t group) const;

    TrustedOwners owners_;
    std::map<uid_t, bool> private_groups_; // by owner: whether the group of that number is theirs
};

inline constexpr std::size_t max_bundle_entries = 4096;
inline constexpr std::size_t max_bundle_depth = 8;

// The refusal of a bundle that has more; path: where that was seen.
[[nodiscard]] Refusal refuse_too_large(const std::filesystem::path& path);

} // namespace patchbay::registry
