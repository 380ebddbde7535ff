// SPDX-License-Identifier: Apache-2.0
// Examines one bundle, step by step, on the directory that was opened for it.
#pragma once

#include "file_access.hpp"
#include "path_hygiene.hpp"

#include <patchbay/registry/bundle.hpp>
#include <patchbay/registry/discovery.hpp>

#include <filesystem>

namespace patchbay::registry {

// Refuses a bundle; the first refusal stays.
void refuse(Bundle& bundle, Refusal refusal);

// Opens the directory of a bundle in its parent, and reads its manifest. What fails refuses the
// bundle; without a directory the answer is not open.
[[nodiscard]] UniqueFd open_bundle(int parent, const char* name, Bundle& bundle);

// Reads the manifest of a bundle whose directory is open, and judges its ABI.
void read_bundle_manifest(int directory, Bundle& bundle);

// Disables a bundle that the operator does not want.
void apply_policy(const Policy& policy, Bundle& bundle);

// Checks who can change the bundle, then its library's headers; for one that nothing speaks against
// so far.
void check_bundle(int directory, PathHygiene& hygiene, Bundle& bundle);

// All of it for one bundle of an open directory, but for its standing among others.
[[nodiscard]] Bundle examine_entry(const PathHygiene::Directory& parent,
                                   const std::filesystem::path& name, PathHygiene& hygiene);

} // namespace patchbay::registry
