// SPDX-License-Identifier: Apache-2.0
// Puts bundles into a root and takes them out again, each whole or not at all.

#include "examination.hpp"
#include "path_hygiene.hpp"
#include "printable_text.hpp"
#include "refusal.hpp"
#include "roots.hpp"
#include "tree_copy.hpp"

#include <patchbay/registry/install.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace patchbay::registry {
namespace {

constexpr std::string_view staging_prefix = ".patchbay-install-";

std::unexpected<InstallError> failed(InstallErrorKind kind, std::string message) {
    return std::unexpected(InstallError{kind, std::move(message), {}});
}

std::unexpected<InstallError> refused(InstallErrorKind kind, Refusal refusal) {
    auto message = refusal.message;
    return std::unexpected(InstallError{kind, std::move(message), std::move(refusal)});
}

std::unexpected<InstallError> system_failure(const std::filesystem::path& path,
                                             std::string_view what, Errno error) {
    return failed(InstallErrorKind::system,
                  fmt::format("{}: cannot {}: {}", show(path), what, error_text(error)));
}

// Makes a directory and those above it that do not exist, for everybody to read where root does.
std::expected<void, InstallError> make_directories(const std::filesystem::path& directory) {
    const mode_t mode = ::geteuid() == 0 ? 0755 : 0700;
    std::filesystem::path made;
    for (const auto& name : directory) {
        made /= name;
        if (::mkdir(made.c_str(), mode) == 0) {
            // Whatever the umask says: hygiene refuses what a shared group may write.
            if (::chmod(made.c_str(), mode) != 0) return system_failure(made, "make it", errno);
            continue;
        }
        const auto error = errno; // not always EEXIST, where there is one: a read-only file system
        std::error_code ignored;
        if (!std::filesystem::is_directory(made, ignored)) {
            return system_failure(made, "make it", error);
        }
    }
    return {};
}

// A root that is open for changing, locked against others who do the same.
class WritableRoot {
  public:
    // make: whether it is made where it does not exist.
    static std::expected<WritableRoot, InstallError> open(const std::filesystem::path& path,
                                                          PathHygiene& hygiene, bool make) {
        if (!path.is_absolute()) {
            return refused(InstallErrorKind::root_refused,
                           make_refusal(RefusalCode::root_not_absolute, path,
                                        "is not an absolute path; write it whole, beginning with "
                                        "/"));
        }
        if (make) {
            if (auto made = make_directories(path); !made) return std::unexpected(made.error());
        }
        auto opened = hygiene.open_directory(path);
        if (!opened) {
            return refused(InstallErrorKind::root_refused,
                           make_refusal(RefusalCode::root_unreadable, path,
                                        "cannot be opened: " + error_text(opened.error().error)));
        }
        const bool locked = ::flock(opened->fd.get(), LOCK_EX | LOCK_NB) == 0;
        if (!locked && errno == EWOULDBLOCK) {
            return failed(InstallErrorKind::busy,
                          fmt::format("{}: somebody else installs or removes a connector here; try "
                                      "again when that has ended",
                                      show(path)));
        }
        auto entries = list_directory(opened->fd.get(), max_root_entries);
        if (!entries) return system_failure(path, "list it", entries.error());
        WritableRoot root(std::move(*opened), std::move(*entries));
        // What a killed installation left: with the lock in hand there is no other. (Where the file
        // system has no locks, it may be somebody's work in progress.)
        if (locked && !root.violation()) root.remove_debris();
        return root;
    }

    [[nodiscard]] const PathHygiene::Directory& opened() const { return opened_; }
    [[nodiscard]] int fd() const { return opened_.fd.get(); }
    [[nodiscard]] const std::filesystem::path& path() const { return opened_.path; }
    [[nodiscard]] const std::optional<Refusal>& violation() const { return opened_.violation; }

    [[nodiscard]] bool has(const std::string& name) const {
        struct stat status = {};
        return ::fstatat(fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    }

    // The bundles whose manifests tell an ID.
    [[nodiscard]] std::vector<Bundle> read_bundles() const {
        std::vector<Bundle> bundles;
        for (const auto& [name, type] : entries_) {
            if (name.starts_with('.')) continue;
            Bundle bundle;
            bundle.root = path();
            bundle.directory = path() / name;
            const auto directory = open_bundle(fd(), name.c_str(), bundle);
            if (directory.is_open()) read_bundle_manifest(directory.get(), bundle);
            if (bundle.id) bundles.push_back(std::move(bundle));
        }
        return bundles;
    }

  private:
    WritableRoot(PathHygiene::Directory opened, std::vector<DirectoryEntry> entries)
        : opened_(std::move(opened)), entries_(std::move(entries)) {}

    void remove_debris() const {
        for (const auto& entry : entries_) {
            if (entry.name.starts_with(staging_prefix)) {
                std::ignore = remove_tree(fd(), entry.name.c_str());
            }
        }
    }

    PathHygiene::Directory opened_;
    std::vector<DirectoryEntry> entries_; // when it was opened
};

// A hidden name of a root that goes away with all beneath it.
class Staging {
  public:
    explicit Staging(const WritableRoot& root) : root_(root), name_(staging_prefix) {
        std::uint64_t random = 0;
        std::ignore = ::getrandom(&random, sizeof random, 0); // a name that is taken fails later
        name_ += fmt::format("{:016x}", random);
    }
    Staging(const Staging&) = delete;
    Staging(Staging&&) = delete;
    Staging& operator=(const Staging&) = delete;
    Staging& operator=(Staging&&) = delete;
    ~Staging() { std::ignore = remove_tree(root_.fd(), name_.c_str()); }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::filesystem::path path() const { return root_.path() / name_; }

  private:
    const WritableRoot& root_;
    std::string name_;
};

// The name in the root that a bundle takes, and what stands there.
struct Place {
    std::string name;
    std::optional<Bundle> replaced;
};

std::expected<Place, InstallError> find_place(const WritableRoot& root, const ConnectorId& id,
                                              const std::filesystem::path& source) {
    Place place;
    for (auto& bundle : root.read_bundles()) {
        if (bundle.id->uuid != id.uuid) continue;
        if (bundle.id->name != id.name) {
            return refused(
                InstallErrorKind::bundle_refused,
                make_refusal(
                    RefusalCode::uuid_duplicate, source,
                    fmt::format("its UUID {} is already used by {} in {}, and an ID never "
                                "changes; give the new connector a UUID of its own, or remove "
                                "the other first",
                                id.uuid, bundle.id->name, show(bundle.directory))));
        }
        if (place.replaced) {
            return refused(InstallErrorKind::ambiguous,
                           make_refusal(RefusalCode::id_duplicate, bundle.directory,
                                        fmt::format("has the ID {}, and so has {}; remove one of "
                                                    "the two directories first",
                                                    id.text(), show(place.replaced->directory))));
        }
        place.name = bundle.directory.filename();
        place.replaced = std::move(bundle);
    }
    if (place.replaced) return place;
    for (const auto& name : {id.name, id.name + '-' + id.uuid}) {
        if (root.has(name)) continue;
        place.name = name;
        return place;
    }
    return failed(InstallErrorKind::root_refused,
                  fmt::format("{}: is in the way, and is no bundle with the ID {}; remove it",
                              show(root.path() / (id.name + '-' + id.uuid)), id.text()));
}

std::string replace_all(std::string text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

// What was said of the hidden copy, told of what its user knows.
Refusal retold(Refusal refusal, const std::filesystem::path& copy,
               const std::filesystem::path& source) {
    refusal.path = replace_all(refusal.path.string(), copy.string(), source.string());
    refusal.message = replace_all(std::move(refusal.message), show(copy), show(source));
    return refusal;
}

// A bundle that is to be copied: open, and its manifest good.
struct Source {
    UniqueFd directory;
    Bundle bundle;
};

std::expected<Source, InstallError> open_source(const std::filesystem::path& path) {
    std::error_code error;
    const auto resolved = std::filesystem::canonical(path, error); // a symlink is fine here
    if (error) return system_failure(path, "open it", error.value());
    Source source;
    source.bundle.directory = resolved;
    source.bundle.root = resolved.parent_path();
    source.directory = open_bundle(AT_FDCWD, resolved.c_str(), source.bundle);
    if (source.directory.is_open()) read_bundle_manifest(source.directory.get(), source.bundle);
    if (source.bundle.refusal) {
        return refused(InstallErrorKind::bundle_refused, *source.bundle.refusal);
    }
    return source;
}

std::expected<void, InstallError> copy_into(const WritableRoot& root, const Staging& staging,
                                            const Source& source) {
    if (::mkdirat(root.fd(), staging.name().c_str(), 0700) != 0) {
        return system_failure(staging.path(), "make it", errno);
    }
    const auto target = open_entry(root.fd(), staging.name().c_str(), O_RDONLY | O_DIRECTORY);
    if (!target) return system_failure(staging.path(), "open it", target.error());
    const auto copied =
        copy_tree(source.directory.get(), source.bundle.directory, target->get(), staging.path());
    if (!copied && copied.error().refusal) {
        return refused(InstallErrorKind::bundle_refused, *copied.error().refusal);
    }
    if (!copied) return failed(InstallErrorKind::system, copied.error().message);
    if (::fchmod(target->get(), 0755) != 0 || ::fsync(target->get()) != 0) {
        return system_failure(staging.path(), "finish it", errno);
    }
    return {};
}

std::expected<void, InstallError> check_copy(const WritableRoot& root, const Staging& staging,
                                             const Source& source, PathHygiene& hygiene,
                                             const InstallOptions& options) {
    const auto copy = examine_entry(root.opened(), staging.name(), hygiene);
    auto refusal = copy.refusal;
    if (!refusal && copy.id != source.bundle.id) {
        return failed(InstallErrorKind::system,
                      fmt::format("{}: was changed while it was copied; try again",
                                  show(source.bundle.directory)));
    }
    if (!refusal && options.check) refusal = options.check(copy);
    if (!refusal) return {};
    return refused(InstallErrorKind::bundle_refused,
                   retold(std::move(*refusal), staging.path(), source.bundle.directory));
}

// Has a renaming on the disk. An error changes nothing any more: what was renamed is renamed, and
// a power failure now leaves the one bundle or the other.
void save_names(const WritableRoot& root) {
    std::ignore = ::fsync(root.fd());
}

std::expected<void, InstallError> put_into_place(const WritableRoot& root, const Staging& staging,
                                                 const Place& place) {
    const auto path = root.path() / place.name;
    if (place.replaced) {
        const auto exchanged = exchange(root.fd(), staging.name(), place.name);
        if (!exchanged) return system_failure(path, "replace it", exchanged.error());
    } else if (::renameat(root.fd(), staging.name().c_str(), root.fd(), place.name.c_str()) != 0) {
        return system_failure(path, "make it", errno);
    }
    save_names(root);
    return {};
}

} // namespace

std::optional<std::filesystem::path> find_install_root() {
    if (::geteuid() == 0 && ::getuid() == 0) return system_root;
    return find_user_root();
}

std::expected<Installed, InstallError> install_bundle(const std::filesystem::path& source_path,
                                                      const InstallOptions& options) {
    const auto source = open_source(source_path);
    if (!source) return std::unexpected(source.error());
    PathHygiene hygiene(read_trusted_owners(options.trust));
    const auto root = WritableRoot::open(options.root, hygiene, true);
    if (!root) return std::unexpected(root.error());
    if (root->violation()) return refused(InstallErrorKind::root_refused, *root->violation());
    const auto place = find_place(*root, *source->bundle.id, source->bundle.directory);
    if (!place) return std::unexpected(place.error());

    const Staging staging(*root); // what it holds in the end goes: a failed copy, or the old bundle
    auto done = copy_into(*root, staging, *source);
    if (done) done = check_copy(*root, staging, *source, hygiene, options);
    if (done) done = put_into_place(*root, staging, *place);
    if (!done) return std::unexpected(done.error());

    return Installed{examine_entry(root->opened(), place->name, hygiene), place->replaced};
}

std::expected<Bundle, InstallError> remove_bundle(std::string_view name_or_id,
                                                  const std::filesystem::path& root_path) {
    PathHygiene hygiene(read_trusted_owners({}));
    const auto root = WritableRoot::open(root_path, hygiene, false);
    if (!root) return std::unexpected(root.error());
    std::vector<Bundle> found;
    for (auto& bundle : root->read_bundles()) {
        if (bundle.id->name == name_or_id || bundle.id->text() == name_or_id) {
            found.push_back(std::move(bundle));
        }
    }
    if (found.empty()) {
        return failed(InstallErrorKind::not_found,
                      fmt::format("{}: has no connector {}", show(root_path), quote(name_or_id)));
    }
    if (found.size() > 1) {
        std::string which;
        for (const auto& bundle : found)
            which += fmt::format("{}{} in {}", which.empty() ? "" : ", ", bundle.id->text(),
                                 show(bundle.directory));
        return failed(InstallErrorKind::ambiguous,
                      fmt::format("{}: has several connectors {}: {}; give the full ID, or remove "
                                  "the directory",
                                  show(root_path), quote(name_or_id), which));
    }
    auto& bundle = found.front();
    const Staging staging(*root);
    // First out of sight, as a whole; then file by file.
    if (::renameat(root->fd(), bundle.directory.filename().c_str(), root->fd(),
                   staging.name().c_str()) != 0) {
        return system_failure(bundle.directory, "remove it", errno);
    }
    save_names(*root);
    return std::move(bundle);
}

} // namespace patchbay::registry
