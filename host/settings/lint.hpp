// SPDX-License-Identifier: Apache-2.0
// Holds the schemas of a bundle to the dialect: what forms can show and messages can explain.
#pragma once

#include "schema.hpp"

#include <patchbay/host/fault.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace patchbay::host {

struct CheckedSchema {
    std::optional<Schema> schema; // where it compiles, whatever the linter says
    std::vector<Fault> faults;    // in the order of the document; the pointers lead into it
};

// Compiles the schema of a connector's settings and checks every rule of the dialect. The URL
// schemes are those of its manifest: who takes URLs has a setting for one.
[[nodiscard]] CheckedSchema lint_settings_schema(boost::json::value document,
                                                 std::span<const std::string> url_schemes = {},
                                                 const CompileOptions& options = {});

// The same for the schema of read requests, which no connections file and no form of settings
// ever holds: nothing in it is a reserved name.
[[nodiscard]] CheckedSchema lint_request_schema(boost::json::value document,
                                                const CompileOptions& options = {});

} // namespace patchbay::host
