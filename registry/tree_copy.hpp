// SPDX-License-Identifier: Apache-2.0
// Copies and removes trees of files through open directories.
#pragma once

#include "file_access.hpp"

#include <patchbay/registry/bundle.hpp>

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>

namespace patchbay::registry {

inline constexpr std::uint64_t max_bundle_bytes = std::uint64_t{1} << 30U;

// Why a tree could not be copied.
struct CopyFault {
    std::string message;            // complete
    std::optional<Refusal> refusal; // where the tree itself is at fault
};

// Copies what is beneath one open directory into another one that is empty, within the bounds of a
// bundle: regular files (to mode 0644) and directories (to 0755), no hidden ones. Files and
// directories are on the disk when it answers; the target itself is left to the caller.
//
// from_path, to_path: for messages.
// max_bytes: of all files together.
[[nodiscard]] std::expected<void, CopyFault> copy_tree(int from,
                                                       const std::filesystem::path& from_path,
                                                       int to, const std::filesystem::path& to_path,
                                                       std::uint64_t max_bytes = max_bundle_bytes);

// Exchanges what two names of a directory stand for: in one step, or, where the file system cannot
// do that, in three.
[[nodiscard]] std::expected<void, Errno> exchange(int directory, const std::string& a,
                                                  const std::string& b);

// The three steps; on failure of one, those before are undone. Between the first and the second,
// b is not there.
[[nodiscard]] std::expected<void, Errno>
exchange_by_three_renames(int directory, const std::string& a, const std::string& b);

// Removes a name of an open directory with all that is beneath it; follows no symlink.
[[nodiscard]] std::expected<void, Errno> remove_tree(int directory, const char* name);

} // namespace patchbay::registry
