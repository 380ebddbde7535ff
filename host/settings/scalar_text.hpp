// SPDX-License-Identifier: Apache-2.0
// Reads a number or a truth value from text, where a schema wants one.
#pragma once

#include "compiled_schema.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace patchbay::host {

// The value of one of the given types that the whole text is in JSON's notation; nothing where it
// is none. Text and lists are never read.
[[nodiscard]] std::optional<boost::json::value> read_scalar(std::string_view text, TypeMask types);

} // namespace patchbay::host
