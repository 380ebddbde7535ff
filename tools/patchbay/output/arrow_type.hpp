// SPDX-License-Identifier: Apache-2.0
// What Arrow calls a type.
#pragma once

#include <patchbay/sdk/arrow_schema.hpp>

#include <string>

namespace patchbay::command {

// "int64", "decimal128(10, 2)", "timestamp[us, tz=UTC]", "list<item: utf8>"; the format string
// itself where it is of a type that Patchbay does not carry. Recursion is as deep as the field,
// which import_schema bounds.
[[nodiscard]] std::string arrow_type_text(const sdk::Field& field);

} // namespace patchbay::command
