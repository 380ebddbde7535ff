// SPDX-License-Identifier: Apache-2.0
// The texts of schemas/ that are part of the library; their source is generated when it is built.
#pragma once

#include <string_view>

namespace patchbay::host {

// The shared definitions, urn:patchbay:shared:1.
[[nodiscard]] std::string_view shared_schema_text();

// The meta-schema of the dialect, urn:patchbay:dialect:1.
[[nodiscard]] std::string_view dialect_schema_text();

// The shape of a connections file, urn:patchbay:connections:1.
[[nodiscard]] std::string_view connections_schema_text();

// The meta-schema of JSON Schema draft-07.
[[nodiscard]] std::string_view draft_07_schema_text();

} // namespace patchbay::host
