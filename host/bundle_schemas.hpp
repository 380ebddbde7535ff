// SPDX-License-Identifier: Apache-2.0
// The schemas of a bundle: read, held to the dialect, tried on the bundle's own example.
#pragma once

#include <host/settings/schema.hpp>
#include <patchbay/host/fault.hpp>
#include <patchbay/registry/bundle.hpp>

#include <boost/json/value.hpp>

#include <expected>
#include <filesystem>
#include <optional>
#include <vector>

namespace patchbay::host {

struct BundleSchemas {
    Schema settings;
    std::optional<Schema> request; // where the connector reads
};

// One thing that is wrong with a bundle's schemas or example.
struct SchemaFinding {
    registry::Refusal refusal;  // as a verdict on the bundle
    std::optional<Fault> fault; // as a linter tells it; none for a file that cannot be read
};

struct CheckedSchemas {
    std::optional<BundleSchemas> schemas; // where there are no findings
    std::vector<SchemaFinding> findings;
};

// Reads and checks the schemas and the example of a bundle whose manifest could be read.
[[nodiscard]] CheckedSchemas check_bundle_schemas(const registry::Bundle& bundle);

// Reads a JSON file of a bundle within the limits of a schema.
[[nodiscard]] std::expected<boost::json::value, SchemaFinding>
read_schema_file(const std::filesystem::path& file);

} // namespace patchbay::host
