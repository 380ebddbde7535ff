// SPDX-License-Identifier: Apache-2.0
// Examines one bundle, step by step, on the directory that was opened for it.

#include "examination.hpp"

#include "elf_reader.hpp"
#include "manifest.hpp"
#include "printable_text.hpp"
#include "refusal.hpp"
#include "strict_json.hpp"

#include <patchbay/abi/version.h>
#include <patchbay/registry/library.hpp>

#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace patchbay::registry {
namespace {

// A file that cannot be opened. missing: what it means that it is not there.
Refusal cannot_open(Errno error, const std::filesystem::path& file, RefusalCode missing,
                    std::string_view missing_text) {
    if (error == ENOENT || error == ENOTDIR) return make_refusal(missing, file, missing_text);
    if (error == ELOOP) {
        return make_refusal(RefusalCode::path_symlink, file,
                            "is a symlink, or is reached through one, and what it leads to could "
                            "change between the check and the use; put the file itself there");
    }
    return make_refusal(RefusalCode::bundle_unreadable, file,
                        "cannot be opened: " + error_text(error));
}

struct OpenFile {
    UniqueFd fd;
    struct stat status;
};

// Opens a regular file of the bundle. missing: as above.
std::expected<OpenFile, Refusal> open_regular(int directory, const std::string& name,
                                              const std::filesystem::path& file,
                                              RefusalCode missing, std::string_view missing_text) {
    auto fd = open_beneath(directory, name, O_RDONLY);
    if (!fd) return std::unexpected(cannot_open(fd.error(), file, missing, missing_text));
    const auto status = read_status(fd->get());
    if (!status) return std::unexpected(cannot_open(status.error(), file, missing, missing_text));
    if (!S_ISREG(status->st_mode)) {
        return std::unexpected(make_refusal(RefusalCode::path_not_regular, file,
                                            "is not a regular file; put the file itself there"));
    }
    return OpenFile{std::move(*fd), *status};
}

void refuse_all(Bundle& bundle, std::vector<Refusal> faults) {
    if (faults.empty()) return;
    refuse(bundle, std::move(faults.front()));
    bundle.more_faults.assign(std::make_move_iterator(faults.begin() + 1),
                              std::make_move_iterator(faults.end()));
}

void check_library(int directory, PathHygiene& hygiene, Bundle& bundle) {
    const auto path = bundle.library_file();
    const auto file = open_regular(
        directory, bundle.manifest->library, path, RefusalCode::library_missing,
        "does not exist, and the manifest's \"library\" names it; build it, or correct the name");
    if (!file) return refuse(bundle, file.error());
    // What was opened, not what the name leads to a moment later.
    if (auto violation = hygiene.check_open(file->fd.get(), file->status, path)) {
        return refuse(bundle, std::move(*violation));
    }
    bundle.library_stamp = stamp_of(file->status);
    auto facts = read_library(file->fd.get(), bundle.library_stamp.size_bytes, path);
    if (!facts) return refuse(bundle, std::move(facts.error()));
    refuse_all(bundle, find_library_faults(*facts, path));
    if (!facts->binds_at_load || !facts->has_relro) {
        bundle.notices.push_back(
            make_notice(path, "leaves its tables of foreign functions writable while it runs; link "
                              "it with -z relro -z now"));
    }
    bundle.dependencies = std::move(facts->dependencies);
}

bool is_among(const std::vector<std::string>& names, const ConnectorId& id) {
    return std::ranges::any_of(
        names, [&](const auto& name) { return name == id.name || name == id.text(); });
}

} // namespace

void refuse(Bundle& bundle, Refusal refusal) {
    if (bundle.refusal) return;
    bundle.state = BundleState::refused;
    bundle.refusal = std::move(refusal);
}

UniqueFd open_bundle(int parent, const char* name, Bundle& bundle) {
    auto directory = open_entry(parent, name, O_RDONLY | O_DIRECTORY);
    if (directory) return std::move(*directory);
    // O_DIRECTORY does not tell a symlink from a file.
    struct stat status = {};
    const bool is_link =
        ::fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
    refuse(
        bundle,
        cannot_open(is_link ? ELOOP : directory.error(), bundle.directory,
                    RefusalCode::bundle_not_directory,
                    "is no directory that exists; a bundle is a directory with a connector.json"));
    return {};
}

void read_bundle_manifest(int directory, Bundle& bundle) {
    const auto path = bundle.directory / manifest_file_name;
    const auto file = open_regular(
        directory, manifest_file_name, path, RefusalCode::manifest_missing,
        "does not exist, and without it a directory is no connector; install the bundle whole");
    if (!file) return refuse(bundle, file.error());
    const auto content = read_whole(file->fd.get(), manifest_limits.max_bytes);
    if (!content) {
        return refuse(bundle, content.error() == EFBIG
                                  ? make_refusal(RefusalCode::manifest_too_large, path,
                                                 fmt::format("is larger than the {} bytes that a "
                                                             "manifest may have",
                                                             manifest_limits.max_bytes))
                                  : make_refusal(RefusalCode::bundle_unreadable, path,
                                                 "cannot be read: " + error_text(content.error())));
    }
    auto reading = read_manifest(*content, path);
    bundle.id = std::move(reading.id);
    bundle.manifest = std::move(reading.manifest);
    bundle.notices = std::move(reading.notices);
    refuse_all(bundle, std::move(reading.faults));
    if (!bundle.manifest) return;
    if (auto refusal = check_abi(*bundle.manifest, PATCHBAY_ABI_MAJOR, PATCHBAY_ABI_MINOR, path)) {
        refuse(bundle, std::move(*refusal));
    }
}

void apply_policy(const Policy& policy, Bundle& bundle) {
    if (!bundle.id) return;
    const bool wanted = policy.only.empty() || is_among(policy.only, *bundle.id);
    const bool unwanted = is_among(policy.disabled, *bundle.id);
    if (wanted && !unwanted) return;
    bundle.state = BundleState::disabled;
    bundle.refusal.reset();
    bundle.more_faults.clear();
    bundle.reason =
        unwanted
            ? fmt::format("the list of disabled connectors names {}", bundle.id->name)
            : fmt::format("only others are allowed, and {} is not among them", bundle.id->name);
}

void check_bundle(int directory, PathHygiene& hygiene, Bundle& bundle) {
    if (auto violation = hygiene.check_open(directory, bundle.directory)) {
        return refuse(bundle, std::move(*violation));
    }
    if (auto violation = hygiene.check_beneath(directory, bundle.directory)) {
        return refuse(bundle, std::move(*violation));
    }
    check_library(directory, hygiene, bundle);
}

Bundle examine_entry(const PathHygiene::Directory& parent, const std::filesystem::path& name,
                     PathHygiene& hygiene) {
    Bundle bundle;
    bundle.root = parent.path;
    bundle.directory = parent.path / name;
    const auto directory = open_bundle(parent.fd.get(), name.c_str(), bundle);
    if (!directory.is_open()) return bundle;
    read_bundle_manifest(directory.get(), bundle);
    if (bundle.state != BundleState::usable) return bundle;
    if (parent.violation) {
        refuse(bundle, *parent.violation);
    } else {
        check_bundle(directory.get(), hygiene, bundle);
    }
    return bundle;
}

} // namespace patchbay::registry
