// SPDX-License-Identifier: Apache-2.0
// Copies and removes trees of files through open directories.

#include "tree_copy.hpp"

#include "path_hygiene.hpp"
#include "printable_text.hpp"
#include "refusal.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

namespace patchbay::registry {
namespace {

std::unexpected<CopyFault> cannot(std::string_view what, const std::filesystem::path& path,
                                  Errno error) {
    return std::unexpected(
        CopyFault{fmt::format("{}: cannot {}: {}", show(path), what, error_text(error)), {}});
}

std::unexpected<CopyFault> refused(Refusal refusal) {
    return std::unexpected(CopyFault{refusal.message, std::move(refusal)});
}

std::expected<void, Errno> write_fully(int fd, std::span<const char> content) {
    while (!content.empty()) {
        const auto count = ::write(fd, content.data(), content.size());
        if (count >= 0) {
            content = content.subspan(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            return std::unexpected(errno);
        }
    }
    return {};
}

// Gives a file or directory its mode whatever the umask, and has it on the disk.
std::expected<void, Errno> settle(int fd, mode_t mode) {
    if (::fchmod(fd, mode) != 0 || ::fsync(fd) != 0) return std::unexpected(errno);
    return {};
}

class TreeCopy {
  public:
    explicit TreeCopy(std::uint64_t max_bytes) : max_bytes_(max_bytes), bytes_left_(max_bytes) {}

    std::expected<void, CopyFault> copy(int from, const std::filesystem::path& from_path, int to,
                                        const std::filesystem::path& to_path, std::size_t depth) {
        const auto entries = list_directory(from, max_bundle_entries - entry_count_);
        if (!entries && entries.error() != EFBIG)
            return cannot("list it", from_path, entries.error());
        if (!entries || depth > max_bundle_depth) {
            return refused(refuse_too_large(from_path));
        }
        entry_count_ += entries->size();
        for (const auto& entry : *entries) {
            if (entry.name.starts_with('.')) continue;
            auto copied = copy_entry(from, from_path / entry.name, to, to_path / entry.name, depth);
            if (!copied) return copied;
        }
        return {};
    }

  private:
    std::expected<void, CopyFault> copy_entry(int from, const std::filesystem::path& from_path,
                                              int to, const std::filesystem::path& to_path,
                                              std::size_t depth) {
        const auto name = from_path.filename();
        // Opening a symlink fails (ELOOP), a pipe does not wait, and neither is copied.
        const auto source = open_entry(from, name.c_str(), O_RDONLY);
        if (!source && source.error() == ELOOP) {
            return refused(make_refusal(RefusalCode::path_symlink, from_path,
                                        "is a symlink, which no bundle holds; put the file or "
                                        "directory itself there"));
        }
        if (!source) return cannot("open it", from_path, source.error());
        const auto status = read_status(source->get());
        if (!status) return cannot("examine it", from_path, status.error());
        if (S_ISDIR(status->st_mode)) {
            return copy_directory(source->get(), from_path, to, to_path, depth);
        }
        if (S_ISREG(status->st_mode)) return copy_file(source->get(), from_path, to, to_path);
        return refused(make_refusal(RefusalCode::path_not_regular, from_path,
                                    "is neither a regular file nor a directory; remove it"));
    }

    std::expected<void, CopyFault> copy_directory(int source,
                                                  const std::filesystem::path& from_path, int to,
                                                  const std::filesystem::path& to_path,
                                                  std::size_t depth) {
        const auto name = to_path.filename();
        if (::mkdirat(to, name.c_str(), 0700) != 0) return cannot("make it", to_path, errno);
        const auto target = open_entry(to, name.c_str(), O_RDONLY | O_DIRECTORY);
        if (!target) return cannot("open it", to_path, target.error());
        auto copied = copy(source, from_path, target->get(), to_path, depth + 1);
        if (!copied) return copied;
        const auto settled = settle(target->get(), 0755);
        if (!settled) return cannot("finish it", to_path, settled.error());
        return {};
    }

    std::expected<void, CopyFault> copy_file(int source, const std::filesystem::path& from_path,
                                             int to, const std::filesystem::path& to_path) {
        const int fd = ::openat(to, to_path.filename().c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0) return cannot("make it", to_path, errno);
        const UniqueFd target(fd);
        std::vector<char> buffer(std::size_t{128} * 1024);
        while (true) {
            const auto count = ::read(source, buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return cannot("read it", from_path, errno);
            if (count == 0) break;
            const auto size = static_cast<std::size_t>(count);
            if (size > bytes_left_) {
                return refused(make_refusal(
                    RefusalCode::bundle_too_large, from_path,
                    fmt::format("with this file the bundle has more than {} bytes; remove what the "
                                "connector does not need",
                                max_bytes_)));
            }
            bytes_left_ -= size;
            const auto written = write_fully(target.get(), std::span(buffer).first(size));
            if (!written) return cannot("write it", to_path, written.error());
        }
        const auto settled = settle(target.get(), 0644);
        if (!settled) return cannot("finish it", to_path, settled.error());
        return {};
    }

    std::size_t entry_count_ = 0;
    std::uint64_t max_bytes_;
    std::uint64_t bytes_left_;
};

// Far deeper and larger than what we install: what is removed may be somebody else's making.
constexpr std::size_t max_removed_depth = 64;
constexpr std::size_t max_removed_entries = 1'000'000;

std::expected<void, Errno> remove_tree(int directory, const char* name, std::size_t depth) {
    if (::unlinkat(directory, name, 0) == 0) return {};
    if (errno != EISDIR && errno != EPERM) return std::unexpected(errno);
    if (depth > max_removed_depth) return std::unexpected(ELOOP);
    const auto child = open_entry(directory, name, O_RDONLY | O_DIRECTORY);
    if (!child) return std::unexpected(child.error());
    const auto entries = list_directory(child->get(), max_removed_entries);
    if (!entries) return std::unexpected(entries.error());
    for (const auto& entry : *entries) {
        auto removed = remove_tree(child->get(), entry.name.c_str(), depth + 1);
        if (!removed) return removed;
    }
    if (::unlinkat(directory, name, AT_REMOVEDIR) != 0) return std::unexpected(errno);
    return {};
}

} // namespace

std::expected<void, CopyFault> copy_tree(int from, const std::filesystem::path& from_path, int to,
                                         const std::filesystem::path& to_path,
                                         std::uint64_t max_bytes) {
    return TreeCopy(max_bytes).copy(from, from_path, to, to_path, 1);
}

std::expected<void, Errno> exchange(int directory, const std::string& a, const std::string& b) {
    if (::renameat2(directory, a.c_str(), directory, b.c_str(), RENAME_EXCHANGE) == 0) return {};
    if (errno != EINVAL && errno != ENOSYS) return std::unexpected(errno);
    return exchange_by_three_renames(directory, a, b);
}

std::expected<void, Errno> exchange_by_three_renames(int directory, const std::string& a,
                                                     const std::string& b) {
    const auto rename = [directory](const std::string& from, const std::string& to) {
        return ::renameat(directory, from.c_str(), directory, to.c_str()) == 0;
    };
    const auto aside = a + "-aside";
    if (!rename(b, aside)) return std::unexpected(errno);
    if (!rename(a, b)) {
        const auto error = errno;
        rename(aside, b);
        return std::unexpected(error);
    }
    if (!rename(aside, a)) return std::unexpected(errno);
    return {};
}

std::expected<void, Errno> remove_tree(int directory, const char* name) {
    return remove_tree(directory, name, 1);
}

} // namespace patchbay::registry
