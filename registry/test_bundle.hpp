// SPDX-License-Identifier: Apache-2.0
// Writes bundles that are right, so that a test can make one thing of them wrong.
#pragma once

#include <patchbay/registry/bundle.hpp>

#include <boost/json/object.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::test {

inline constexpr auto sample_uuid = "5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94";
inline constexpr auto other_uuid = "c0ffee00-1d2e-4f50-8a6b-7c8d9e0f1a2b";

// A manifest without a fault; its library is library.so.
[[nodiscard]] boost::json::object good_manifest(std::string_view name = "sample",
                                                std::string_view uuid = sample_uuid);

// One of the libraries that test_libraries/ makes, such as "good.so".
[[nodiscard]] std::filesystem::path test_library(std::string_view name);

// Makes a directory and those above it, of mode 0755 whatever the umask.
void make_directory(const std::filesystem::path& directory);

// Writes a file of mode 0644.
void write_file(const std::filesystem::path& file, std::string_view content);

// Writes <root>/<directory> with the manifest, one of the test libraries as library.so, schemas and
// an example, and answers where it is.
std::filesystem::path write_bundle(const std::filesystem::path& root, std::string_view directory,
                                   const boost::json::object& manifest = good_manifest(),
                                   std::string_view library = "good.so");

// The bundle whose directory has this name; fails the test where there is none.
[[nodiscard]] const registry::Bundle& find_bundle(const std::vector<registry::Bundle>& bundles,
                                                  std::string_view directory);

// "refused: library.no-entry" or "usable": what a test compares.
[[nodiscard]] std::string verdict(const registry::Bundle& bundle);

} // namespace patchbay::test
