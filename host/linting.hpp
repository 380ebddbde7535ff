// SPDX-License-Identifier: Apache-2.0
// Everything that is wrong with a bundle or a schema file, for whoever wrote it.
#pragma once

#include <patchbay/host/host.hpp>
#include <patchbay/registry/discovery.hpp>

#include <filesystem>

namespace patchbay::host {

// ledger: the file of issued IDs; where it cannot be read, nothing is said about IDs.
[[nodiscard]] LintReport lint_bundle(const std::filesystem::path& directory,
                                     const registry::Trust& trust,
                                     const std::filesystem::path& ledger);

// A file that holds a schema of settings.
[[nodiscard]] LintReport lint_schema_file(const std::filesystem::path& file);

} // namespace patchbay::host
