// SPDX-License-Identifier: Apache-2.0
// Puts bundles into a root and takes them out again, each whole or not at all.
#pragma once

#include <patchbay/registry/bundle.hpp>
#include <patchbay/registry/discovery.hpp>

#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::registry {

struct InstallOptions {
    std::filesystem::path root; // made where it does not exist
    Trust trust;

    // A further look at the copy before it takes its place, such as at its settings schema. The
    // bundle's directory is that of the copy; a refusal's message may name files in it.
    std::function<std::optional<Refusal>(const Bundle&)> check;
};

enum class InstallErrorKind {
    bundle_refused, // the bundle breaks a rule
    root_refused,   // the root does, or cannot be used
    busy,           // somebody else installs there
    not_found,
    ambiguous, // several bundles of the root are meant
    system,    // no space, no right, ...
};

struct InstallError {
    InstallErrorKind kind;
    std::string message;            // complete
    std::optional<Refusal> refusal; // where it is one
};

struct Installed {
    Bundle bundle;                  // where it stands now
    std::optional<Bundle> replaced; // what stood there with the same ID; its files are gone
};

// Where this user installs: the user's data directory, for root /usr/local/lib/patchbay/connectors.
// Nothing where the user has none, or for a program that runs with other rights than its caller's.
[[nodiscard]] std::optional<std::filesystem::path> find_install_root();

// Copies a bundle into a root. An older one of the same ID is replaced in one step: at each moment
// the root has the one or the other, and a library that a running host has mapped is never written
// to. On failure everything stands as before, and nothing is left behind.
//
// The copy is beside its place under a hidden name, has regular files of mode 0644 and directories
// of mode 0755 (hidden files are left out), at most 1 GiB, is on the disk (fsync), and was examined
// as discovery would, before it takes its place.
// Blocks: for the file system; never for another installation (busy).
[[nodiscard]] std::expected<Installed, InstallError>
install_bundle(const std::filesystem::path& source, const InstallOptions& options);

// Removes the bundle of this name or full ID from this root, and answers what it was.
//
// Errors: not_found; ambiguous where several have the name, or where it stands there twice.
[[nodiscard]] std::expected<Bundle, InstallError> remove_bundle(std::string_view name_or_id,
                                                                const std::filesystem::path& root);

} // namespace patchbay::registry
