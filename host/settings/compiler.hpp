// SPDX-License-Identifier: Apache-2.0
// Turns a JSON Schema into its compiled form, or says what keeps it from being one.
#pragma once

#include "compiled_schema.hpp"

#include <patchbay/host/fault.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace patchbay::host {

// A schema comes from a stranger; what is beyond these is refused.
inline constexpr std::size_t max_schema_levels = 128; // subschemas inside each other
inline constexpr std::size_t max_subschemas = 20'000;
inline constexpr std::size_t max_schema_faults = 100;

// What the expressions of all patterns may take, in instructions of RE2; each one costs some more.
inline constexpr std::size_t max_pattern_size = 200'000;

// Always a schema, so that the linter can go on; it gives verdicts only where there are no faults.
struct Compilation {
    std::shared_ptr<const CompiledSchema> schema;
    std::vector<Fault> faults;
};

// The document is taken over and kept as long as the schema: nodes refer into it.
[[nodiscard]] Compilation compile_schema(boost::json::value document, const Documents& documents);

} // namespace patchbay::host
