// SPDX-License-Identifier: Apache-2.0
// Finds the bundles of a list of directories, without running any of them.
#pragma once

#include <patchbay/registry/bundle.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace patchbay::registry {

// Directories whose subdirectories are bundles; the first that has an ID wins.
struct Roots {
    std::vector<std::filesystem::path> directories;
    std::vector<Refusal> refused; // entries that cannot be roots, such as a relative path
};

struct RootOptions {
    std::vector<std::filesystem::path> first; // of the command line or the API
    std::filesystem::path installation; // the connectors beside the running program or library
    bool use_environment = true;        // the user's data directory stands in it, too
};

// Puts together the roots of this process:
//   1. options.first;
//   2. $PATCHBAY_EXTRA_CONNECTOR_PATH;
//   3. $PATCHBAY_CONNECTOR_PATH, or where it is not set: the user's data directory
//      ($XDG_DATA_HOME/patchbay/connectors; not for root nor for a set-uid program),
//      /usr/local/lib/patchbay/connectors, options.installation.
//
// Paths are separated by colons. An empty or relative one is refused, never guessed at. Reads the
// environment with secure_getenv, so that a set-uid program is not led astray.
[[nodiscard]] Roots find_roots(const RootOptions& options);

// What the operator wants of all that is there. Entries are names or full IDs.
struct Policy {
    std::vector<std::string> only; // empty = all
    std::vector<std::string> disabled;
};

// Reads the policy from $PATCHBAY_ONLY and $PATCHBAY_DISABLE (separated by commas).
[[nodiscard]] Policy policy_from_environment();

// Files of the running program and of libraries of ours: whoever owns one of them is trusted as the
// effective user is, and needs no connector to bring code into this process.
struct Trust {
    std::vector<std::filesystem::path> own_files = {"/proc/self/exe"};
};

// Examines every bundle of every root: manifest, policy, hygiene of paths, the library's headers,
// identity against the others. Settings schemas are the next reader's business (host/settings).
//
// The answer stands in the order of the roots, inside one by directory name, bytewise. A root that
// does not exist holds no bundles; one that cannot be listed is a Bundle of its own in state
// refused and without a manifest, and so is an entry of roots.refused. In a root:
//   - every directory is a bundle, but for hidden ones: a name that begins with a dot is somebody's
//     work in progress. Files are no bundles; a stray library among them is refused by name;
//   - a symlink to a directory is refused, and not looked into;
//   - two bundles that claim one ID or one UUID are refused, both. Disabled ones claim nothing.
// An ID that a root claims, however its bundle is judged, is shadowed in the roots behind it.
// A bundle never stops the others.
//
// Runs no code of a connector and maps no library: files are read, bounded, and closed.
// Blocks: for the file system.
[[nodiscard]] std::vector<Bundle> discover(const Roots& roots, const Policy& policy,
                                           const Trust& trust = {});

// Examines one directory as discover would, but for its standing among others: for a bundle that is
// to be looked into.
[[nodiscard]] Bundle examine(const std::filesystem::path& directory, const Trust& trust = {});

} // namespace patchbay::registry
