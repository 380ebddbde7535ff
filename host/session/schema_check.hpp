// SPDX-License-Identifier: Apache-2.0
// Looks whether a schema can be read at all, and says only what this contract carries.
#pragma once

#include <patchbay/abi/arrow.h>

#include <optional>
#include <string>

namespace patchbay::host {

// How many levels of columns a schema may have.
inline constexpr int max_schema_depth = 32;

// Nothing where every node of the schema is there, is not released and has a format that is carried
// (see source.h); else what is wrong, with the name of the column. To be asked before
// sdk::import_schema, which takes all of that for granted.
[[nodiscard]] std::optional<std::string> find_schema_fault(const ArrowSchema& schema);

} // namespace patchbay::host
