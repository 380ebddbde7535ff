// SPDX-License-Identifier: Apache-2.0
// Reads a number or a truth value from text, where a schema wants one.

#include "scalar_text.hpp"

#include <registry/strict_json.hpp>

namespace patchbay::host {

std::optional<boost::json::value> read_scalar(std::string_view text, TypeMask types) {
    constexpr registry::JsonLimits limits{64, 1};
    constexpr TypeMask scalars = type_null | type_boolean | type_number;
    // JSON allows blanks around it; a setting is written without.
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    if ((types & scalars) == 0 || text.empty() || is_blank(text.front()) || is_blank(text.back())) {
        return std::nullopt;
    }
    auto value = registry::read_strict_json(text, limits);
    if (!value || (type_of(*value) & types & scalars) == 0) return std::nullopt;
    return std::move(*value);
}

} // namespace patchbay::host
