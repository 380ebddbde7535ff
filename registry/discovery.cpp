// SPDX-License-Identifier: Apache-2.0
// Finds the bundles of a list of directories, and settles which of them stands for an ID.

#include "examination.hpp"
#include "path_hygiene.hpp"
#include "printable_text.hpp"
#include "refusal.hpp"
#include "roots.hpp"

#include <patchbay/registry/discovery.hpp>

#include <fmt/format.h>

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <map>
#include <set>
#include <span>
#include <utility>

namespace patchbay::registry {
namespace {

Bundle refused_root(const std::filesystem::path& root, Refusal refusal) {
    Bundle bundle;
    bundle.directory = root;
    bundle.root = root;
    refuse(bundle, std::move(refusal));
    return bundle;
}

// What an entry of a root is to us.
enum class EntryKind { bundle, stray_library, other };

EntryKind kind_of(int root, const DirectoryEntry& entry) {
    if (entry.name.starts_with('.')) return EntryKind::other;
    auto type = entry.type;
    struct stat status = {};
    if (type == DT_UNKNOWN &&
        ::fstatat(root, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
        type = entry_type(status);
    }
    // A symlink is what it leads to; one that leads nowhere was meant to be a bundle.
    if (type == DT_LNK) {
        const bool leads_somewhere = ::fstatat(root, entry.name.c_str(), &status, 0) == 0;
        type = leads_somewhere ? entry_type(status) : static_cast<unsigned char>(DT_DIR);
    }
    if (type == DT_DIR) return EntryKind::bundle;
    return entry.name.ends_with(".so") ? EntryKind::stray_library : EntryKind::other;
}

class Discovery {
  public:
    Discovery(const Policy& policy, const Trust& trust)
        : policy_(policy), hygiene_(read_trusted_owners(trust)) {}

    void add_refused_root(const Refusal& refusal) {
        bundles_.push_back(refused_root(refusal.path, refusal));
    }

    void add_root(const std::filesystem::path& root) {
        if (!root.is_absolute()) {
            return add_refused_root(
                make_refusal(RefusalCode::root_not_absolute, root,
                             "is not an absolute path; write it whole, beginning with /"));
        }
        const auto opened = hygiene_.open_directory(root);
        if (!opened) {
            if (opened.error().error == ENOENT) return; // holds no bundles
            return add_refused_root(
                make_refusal(RefusalCode::root_unreadable, root,
                             fmt::format("cannot be opened at {}: {}", show(opened.error().path),
                                         error_text(opened.error().error))));
        }
        // The same directory by another name brings nothing new.
        const auto status = read_status(opened->fd.get());
        if (status && !seen_roots_.insert({status->st_dev, status->st_ino}).second) return;
        const auto entries = list_directory(opened->fd.get(), max_root_entries);
        if (!entries) {
            const bool too_large = entries.error() == EFBIG;
            return add_refused_root(make_refusal(
                too_large ? RefusalCode::root_too_large : RefusalCode::root_unreadable, root,
                too_large ? fmt::format("has more than {} entries; is it meant to hold connectors?",
                                        max_root_entries)
                          : "cannot be listed: " + error_text(entries.error())));
        }
        const auto first = bundles_.size();
        for (const auto& entry : *entries)
            add_entry(root, *opened, entry);
        settle_root(std::span(bundles_).subspan(first));
    }

    std::vector<Bundle> take() { return std::move(bundles_); }

  private:
    // Who has a UUID in the roots so far.
    struct Claim {
        ConnectorId id;
        std::filesystem::path directory;
    };

    void add_entry(const std::filesystem::path& root, const PathHygiene::Directory& opened,
                   const DirectoryEntry& entry) {
        const auto kind = kind_of(opened.fd.get(), entry);
        if (kind == EntryKind::other) return;
        auto& bundle = bundles_.emplace_back();
        bundle.root = root;
        bundle.directory = opened.path / entry.name;
        if (kind == EntryKind::stray_library) {
            return refuse(bundle, make_refusal(RefusalCode::bundle_not_directory, bundle.directory,
                                               "is a library by itself; a connector is a directory "
                                               "that holds its library beside a connector.json"));
        }
        const auto directory = open_bundle(opened.fd.get(), entry.name.c_str(), bundle);
        if (!directory.is_open()) return;
        read_bundle_manifest(directory.get(), bundle);
        apply_policy(policy_, bundle);
        if (bundle.state != BundleState::usable || is_shadowed(bundle)) return;
        if (opened.violation) return refuse(bundle, *opened.violation);
        check_bundle(directory.get(), hygiene_, bundle);
    }

    [[nodiscard]] bool is_shadowed(const Bundle& bundle) const {
        return bundle.id && claimed_.contains(bundle.id->uuid);
    }

    // Judges the bundles of one root against each other and against the roots before it, whatever
    // each is worth by itself.
    void settle_root(std::span<Bundle> bundles) {
        std::map<std::string, std::vector<Bundle*>> by_uuid;
        for (auto& bundle : bundles) {
            if (bundle.id && bundle.state != BundleState::disabled) {
                by_uuid[bundle.id->uuid].push_back(&bundle);
            }
        }
        for (const auto& [uuid, claimants] : by_uuid) {
            const auto claim = claimed_.find(uuid);
            if (claim != claimed_.end()) {
                for (auto* bundle : claimants)
                    shadow(*bundle, claim->second);
                continue;
            }
            if (claimants.size() > 1) refuse_duplicates(claimants);
            claimed_[uuid] = {*claimants.front()->id, claimants.front()->directory};
        }
    }

    static void shadow(Bundle& bundle, const Claim& claim) {
        bundle.refusal.reset();
        bundle.more_faults.clear();
        if (*bundle.id == claim.id) {
            bundle.state = BundleState::shadowed;
            bundle.reason =
                fmt::format("{} has the same ID, and its root comes first", show(claim.directory));
            return;
        }
        refuse(bundle,
               make_refusal(
                   RefusalCode::uuid_duplicate, bundle.directory,
                   fmt::format("its UUID {} is already used by {} in {}, whose root comes first; "
                               "give one of the two a UUID of its own",
                               bundle.id->uuid, claim.id.name, show(claim.directory))));
    }

    // Neither is used: which of them is meant nobody can tell.
    static void refuse_duplicates(const std::vector<Bundle*>& claimants) {
        for (auto* bundle : claimants) {
            std::string others;
            bool same_name = true;
            for (const auto* other : claimants) {
                if (other == bundle) continue;
                others += (others.empty() ? "" : ", ") + show(other->directory);
                same_name = same_name && other->id->name == bundle->id->name;
            }
            // What is wrong with it by itself is still worth knowing.
            if (bundle->refusal) {
                bundle->more_faults.insert(bundle->more_faults.begin(), *bundle->refusal);
            }
            bundle->refusal.reset();
            refuse(
                *bundle,
                make_refusal(same_name ? RefusalCode::id_duplicate : RefusalCode::uuid_duplicate,
                             bundle->directory,
                             fmt::format("has the {} {}, and so has {}; none of them is used: "
                                         "remove all but one{}",
                                         same_name ? "ID" : "UUID",
                                         same_name ? bundle->id->text() : bundle->id->uuid, others,
                                         same_name ? "" : ", or give each a UUID of its own")));
        }
    }

    const Policy& policy_;
    PathHygiene hygiene_;
    std::vector<Bundle> bundles_;
    std::set<std::pair<dev_t, ino_t>> seen_roots_;
    std::map<std::string, Claim> claimed_; // by UUID
};

// The path from / on that ends in the name of the directory, whatever way it is written.
std::filesystem::path whole_path(const std::filesystem::path& directory) {
    std::error_code error;
    auto path = std::filesystem::absolute(directory, error);
    if (!path.has_filename()) path = path.parent_path(); // "bundle/" is "bundle"
    if (path.filename() != "." && path.filename() != "..") return path;
    auto resolved = std::filesystem::canonical(path, error);
    return error ? path : resolved;
}

} // namespace

std::vector<Bundle> discover(const Roots& roots, const Policy& policy, const Trust& trust) {
    Discovery discovery(policy, trust);
    for (const auto& refusal : roots.refused)
        discovery.add_refused_root(refusal);
    for (const auto& root : roots.directories)
        discovery.add_root(root);
    return discovery.take();
}

Bundle examine(const std::filesystem::path& directory, const Trust& trust) {
    const auto named = whole_path(directory);
    PathHygiene hygiene(read_trusted_owners(trust));
    const auto parent = hygiene.open_directory(named.parent_path());
    if (parent)
        return examine_entry(*parent, named.has_filename() ? named.filename() : ".", hygiene);

    Bundle bundle;
    bundle.directory = named;
    bundle.root = named.parent_path();
    refuse(bundle, make_refusal(RefusalCode::bundle_unreadable, parent.error().path,
                                "cannot be opened: " + error_text(parent.error().error)));
    return bundle;
}

} // namespace patchbay::registry
