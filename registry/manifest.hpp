// SPDX-License-Identifier: Apache-2.0
// Reads connector.json.
#pragma once

#include <patchbay/registry/bundle.hpp>

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace patchbay::registry {

inline constexpr auto manifest_file_name = "connector.json";

// What a manifest says, and everything that is wrong with it.
struct ManifestReading {
    std::optional<Manifest> manifest; // where there is no fault
    std::optional<ConnectorId> id;    // where it could be read, for it stays claimed
    std::vector<Refusal> faults;      // in the order of the schema's fields
    std::vector<Notice> notices;
};

// Reads the content of a manifest as schemas/manifest.schema.json describes it. A pure function:
// whether the files exist that it names, and whether its ABI fits, others decide.
//
// path: for the messages.
[[nodiscard]] ManifestReading read_manifest(std::string_view content,
                                            const std::filesystem::path& path);

// Whether a host of the given ABI can serve what the manifest asks for: the majors are equal, and
// the host knows the minor; while the major is 0, both are equal.
[[nodiscard]] std::optional<Refusal> check_abi(const Manifest& manifest, std::uint32_t host_major,
                                               std::uint32_t host_minor,
                                               const std::filesystem::path& path);

} // namespace patchbay::registry
