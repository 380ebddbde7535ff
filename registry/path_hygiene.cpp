// SPDX-License-Identifier: Apache-2.0
// Who could change a file before this process uses it: the walk from / down to the file itself.

#include "path_hygiene.hpp"

#include "access_list.hpp"
#include "refusal.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <sstream>
#include <system_error>

namespace patchbay::registry {
namespace {

std::string read_proc_file(const char* path) {
    constexpr std::size_t max_bytes = 4096;
    const auto file = open_entry(AT_FDCWD, path, O_RDONLY);
    if (!file) return {};
    return read_whole(file->get(), max_bytes).value_or("");
}

// In a user namespace that does not map every number, an owner without one shows as the overflow
// user (user_namespaces(7)), as if the file were theirs.
std::optional<uid_t> find_unmapped_owner() {
    const auto map = read_proc_file("/proc/self/uid_map");
    std::istringstream fields(map);
    std::uint64_t inside = 0;
    std::uint64_t outside = 0;
    std::uint64_t count = 0;
    if (!(fields >> inside >> outside >> count)) return std::nullopt; // no such thing here
    const bool everybody = inside == 0 && outside == 0 && count == UINT32_MAX;
    if (everybody) return std::nullopt;
    uid_t overflow = 65534; // where the kernel does not tell another
    std::istringstream(read_proc_file("/proc/sys/kernel/overflowuid")) >> overflow;
    return overflow;
}

std::string octal_mode(const struct stat& status) {
    return fmt::format("{:04o}", status.st_mode & 07777U);
}

bool is_sticky_directory(const struct stat& status) {
    return S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
}

// What kind of file this is not allowed to be.
std::optional<Refusal> check_kind(const struct stat& status, const std::filesystem::path& path) {
    if (S_ISLNK(status.st_mode)) {
        return make_refusal(RefusalCode::path_symlink, path,
                            "is a symlink, and what it leads to could change between the check and "
                            "the use; put the file or directory itself there");
    }
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
        return make_refusal(RefusalCode::path_not_regular, path,
                            "is neither a regular file nor a directory (a pipe, socket or device); "
                            "remove it");
    }
    if (S_ISREG(status.st_mode) && (status.st_mode & (S_ISUID | S_ISGID)) != 0) {
        return make_refusal(RefusalCode::path_setuid, path,
                            fmt::format("is set-uid or set-gid (mode {}), which nothing in a "
                                        "bundle needs; run: chmod ug-s {}",
                                        octal_mode(status), shell_word(path)));
    }
    return std::nullopt;
}

} // namespace

Refusal refuse_too_large(const std::filesystem::path& path) {
    return make_refusal(
        RefusalCode::bundle_too_large, path,
        fmt::format("a bundle has at most {} files in directories at most {} deep, "
                    "and this one has more; remove what the connector does not need",
                    max_bundle_entries, max_bundle_depth));
}

TrustedOwners read_trusted_owners(const Trust& trust) {
    TrustedOwners owners;
    owners.effective_user = ::geteuid();
    owners.unmapped_owner = find_unmapped_owner();
    owners.accounts = system_accounts();
    for (const auto& file : trust.own_files) {
        struct stat status = {};
        // Symlinks are followed: /proc/self/exe is one.
        if (::stat(file.c_str(), &status) != 0 || status.st_uid == owners.unmapped_owner) continue;
        owners.program_owners.push_back(status.st_uid);
    }
    return owners;
}

std::expected<PathHygiene::Directory, PathHygiene::PathError>
PathHygiene::open_directory(const std::filesystem::path& path) {
    std::error_code error;
    auto resolved = std::filesystem::canonical(path, error);
    if (error) return std::unexpected(PathError{path, error.value(), {}});

    std::filesystem::path walked;
    UniqueFd current;
    std::optional<Refusal> violation;
    for (const auto& name : resolved) {
        walked /= name;
        const int from = current.is_open() ? current.get() : AT_FDCWD;
        auto next = open_entry(from, name.c_str(), O_PATH | O_DIRECTORY);
        if (!next) return std::unexpected(PathError{walked, next.error(), {}});
        const auto status = read_status(next->get());
        if (!status) return std::unexpected(PathError{walked, status.error(), {}});
        if (!violation) violation = check(next->get(), *status, Place::above, walked);
        current = std::move(*next);
    }
    auto readable = open_entry(current.get(), ".", O_RDONLY | O_DIRECTORY);
    if (!readable) return std::unexpected(PathError{resolved, readable.error(), {}});
    return Directory{std::move(*readable), std::move(resolved), std::move(violation)};
}

std::expected<UniqueFd, PathHygiene::PathError>
PathHygiene::open_file(const std::filesystem::path& path) {
    std::error_code error;
    const auto named = std::filesystem::absolute(path, error);
    const auto resolved = error ? named : std::filesystem::canonical(named, error);
    if (error) return std::unexpected(PathError{path, error.value(), {}});

    // The directory of the name first: whoever may write there chooses where the name leads.
    std::expected<Directory, PathError> parent;
    for (const auto& file : {named, resolved}) {
        parent = open_directory(file.parent_path());
        if (!parent) return std::unexpected(parent.error());
        if (parent->violation) return std::unexpected(PathError{path, 0, parent->violation});
    }
    auto file = open_entry(parent->fd.get(), resolved.filename().c_str(), O_RDONLY);
    if (!file) return std::unexpected(PathError{resolved, file.error(), {}});
    if (auto violation = check_open(file->get(), resolved)) {
        return std::unexpected(PathError{path, 0, std::move(violation)});
    }
    return std::move(*file);
}

std::optional<Refusal> PathHygiene::check_open(int fd, const std::filesystem::path& path) {
    const auto status = read_status(fd);
    if (!status) {
        return make_refusal(RefusalCode::bundle_unreadable, path,
                            "cannot be examined: " + error_text(status.error()));
    }
    return check_open(fd, *status, path);
}

std::optional<Refusal> PathHygiene::check_open(int fd, const struct stat& status,
                                               const std::filesystem::path& path) {
    return check(fd, status, Place::bundle, path);
}

std::optional<Refusal> PathHygiene::check_beneath(int directory,
                                                  const std::filesystem::path& path) {
    std::size_t entry_count = 0;
    return check_tree(directory, path, 1, entry_count);
}

std::optional<Refusal> PathHygiene::check_tree(int directory, const std::filesystem::path& path,
                                               std::size_t depth, std::size_t& entry_count) {
    const auto unreadable = [](const std::filesystem::path& culprit, Errno error) {
        return make_refusal(RefusalCode::bundle_unreadable, culprit,
                            "cannot be examined: " + error_text(error));
    };
    const auto entries = list_directory(directory, max_bundle_entries - entry_count);
    if (!entries && entries.error() != EFBIG) return unreadable(path, entries.error());
    if (!entries || depth > max_bundle_depth) {
        return refuse_too_large(path);
    }
    entry_count += entries->size();
    for (const auto& entry : *entries) {
        struct stat status = {};
        const bool found =
            ::fstatat(directory, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
        const auto error = errno;
        if (found && is_plain(status)) continue; // most are, and cost nothing more
        const auto entry_path = path / entry.name;
        if (!found) return unreadable(entry_path, error);
        if (S_ISDIR(status.st_mode)) {
            const auto child = open_entry(directory, entry.name.c_str(), O_RDONLY | O_DIRECTORY);
            if (!child) return unreadable(entry_path, child.error());
            if (auto violation = check_open(child->get(), entry_path)) return violation;
            if (auto violation = check_tree(child->get(), entry_path, depth + 1, entry_count)) {
                return violation;
            }
        } else if ((status.st_mode & S_IWGRP) != 0 && S_ISREG(status.st_mode)) {
            const auto file = open_entry(directory, entry.name.c_str(), O_PATH);
            if (!file) return unreadable(entry_path, file.error());
            if (auto violation = check_open(file->get(), entry_path)) return violation;
        } else if (auto violation = check(-1, status, Place::bundle, entry_path)) {
            return violation;
        }
    }
    return std::nullopt;
}

std::optional<Refusal> PathHygiene::check(int fd, const struct stat& status, Place place,
                                          const std::filesystem::path& path) {
    if (auto violation = check_kind(status, path)) return violation;
    if (auto violation = check_owner(status, path)) return violation;
    if (place == Place::above && is_sticky_directory(status)) return std::nullopt;
    if ((status.st_mode & S_IWOTH) != 0) {
        return make_refusal(RefusalCode::path_writable, path,
                            fmt::format("anybody may write to it (mode {}); run: chmod o-w {}",
                                        octal_mode(status), shell_word(path)));
    }
    if ((status.st_mode & S_IWGRP) == 0) return std::nullopt;
    return check_group_and_list(fd, status, path);
}

std::optional<Refusal> PathHygiene::check_owner(const struct stat& status,
                                                const std::filesystem::path& path) const {
    if (status.st_uid == owners_.unmapped_owner) {
        return make_refusal(
            RefusalCode::path_unmapped_owner, path,
            fmt::format(
                "its owner has no number in this user namespace (it shows as {}), so nobody "
                "can tell who may change it; map the owner into the namespace or container, "
                "or copy the bundle to a directory of your own",
                status.st_uid));
    }
    if (is_allowed(status.st_uid)) return std::nullopt;
    return make_refusal(
        RefusalCode::path_foreign_owner, path,
        fmt::format("is owned by {}, who could change it; it must be owned by {}; run: chown root "
                    "{}, or use a directory of your own",
                    user_text(status.st_uid), allowed_owners(), shell_word(path)));
}

std::optional<Refusal> PathHygiene::check_group_and_list(int fd, const struct stat& status,
                                                         const std::filesystem::path& path) {
    const auto writers = read_access_list_writers(fd);
    if (!writers) {
        return make_refusal(RefusalCode::path_writable, path,
                            fmt::format("others than its owner may write to it (mode {}), and its "
                                        "access list cannot be read ({}); run: chmod g-w {}",
                                        octal_mode(status), error_text(writers.error()),
                                        shell_word(path)));
    }
    for (const auto& writer : *writers) {
        using Kind = AccessListWriter::Kind;
        if (writer.kind == Kind::user) {
            if (is_allowed(writer.id)) continue;
            return make_refusal(RefusalCode::path_writable, path,
                                fmt::format("its access list lets {} write to it; run: setfacl -b "
                                            "{}",
                                            user_text(writer.id), shell_word(path)));
        }
        const bool owning = writer.kind == Kind::owning_group;
        const gid_t group = owning ? status.st_gid : writer.id;
        if (is_private_group(status.st_uid, group)) continue;
        return make_refusal(
            RefusalCode::path_writable, path,
            fmt::format("{} lets the group {} write to it, which is not the private group of {}; "
                        "run: {} {}",
                        owning ? fmt::format("its mode {}", octal_mode(status)) : "its access list",
                        group_text(group), user_text(status.st_uid),
                        owning ? "chmod g-w" : "setfacl -b", shell_word(path)));
    }
    return std::nullopt;
}

bool PathHygiene::is_private_group(uid_t owner, gid_t group) {
    if (owner != group) return false;
    const auto [known, is_new] = private_groups_.try_emplace(owner, false);
    if (is_new) {
        const auto user = owners_.accounts.find_user_name(owner);
        const auto found = owners_.accounts.find_group(group);
        known->second =
            user && found && found->name == *user &&
            std::ranges::all_of(found->members, [&](const auto& name) { return name == *user; });
    }
    return known->second;
}

bool PathHygiene::is_plain(const struct stat& status) const {
    constexpr mode_t suspicious = S_ISUID | S_ISGID | S_IWGRP | S_IWOTH;
    return S_ISREG(status.st_mode) && (status.st_mode & suspicious) == 0 &&
           is_allowed(status.st_uid);
}

bool PathHygiene::is_allowed(uid_t owner) const {
    if (owner == owners_.unmapped_owner) return false;
    return owner == 0 || owner == owners_.effective_user ||
           std::ranges::find(owners_.program_owners, owner) != owners_.program_owners.end();
}

std::string PathHygiene::allowed_owners() const {
    std::string text = "root";
    if (owners_.effective_user != 0) text += ", " + user_text(owners_.effective_user);
    for (const auto owner : owners_.program_owners) {
        if (owner != 0 && owner != owners_.effective_user) text += ", " + user_text(owner);
    }
    return text;
}

std::string PathHygiene::user_text(uid_t user) const {
    const auto name = owners_.accounts.find_user_name(user);
    return name ? fmt::format("{} ({})", show(*name), user) : fmt::format("user {}", user);
}

std::string PathHygiene::group_text(gid_t group) const {
    const auto found = owners_.accounts.find_group(group);
    return found ? fmt::format("{} ({})", show(found->name), group) : fmt::to_string(group);
}

} // namespace patchbay::registry
