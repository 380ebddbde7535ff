// SPDX-License-Identifier: Apache-2.0
// A schema without references, for forms that cannot follow them.
#pragma once

#include "schema.hpp"

#include <patchbay/host/fault.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <expected>

namespace patchbay::host {

// How many JSON values such a schema may consist of; references to references multiply.
inline constexpr std::size_t max_inlined_values = 100'000;

// The schema's document with what each $ref leads to in its place; annotations beside a $ref win
// over those of its target. Definitions, which nothing refers to any more, are left out.
//
// Errors: schema.recursive where a schema contains itself; schema.too-large.
[[nodiscard]] std::expected<boost::json::value, Fault> inline_references(const Schema& schema);

} // namespace patchbay::host
