// SPDX-License-Identifier: Apache-2.0
// How types and values are named to people, in schemas and settings alike.
#pragma once

#include "compiled_schema.hpp"

#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// The seven names of "type"; 0 for any other.
[[nodiscard]] TypeMask find_type(std::string_view name);
[[nodiscard]] std::span<const std::string_view> type_names();

// "text", "a whole number or true or false".
[[nodiscard]] std::string type_words(TypeMask types);

// "text", "a list", "true": never the value of a text or number.
[[nodiscard]] std::string_view kind_words(const boost::json::value& value);

// A text or number as JSON writes it, the long ones abridged and without what may be secret in a
// URL; otherwise kind_words.
[[nodiscard]] std::string value_words(const boost::json::value& value);

// A constant of a schema, which is never secret: as JSON, abridged.
[[nodiscard]] std::string constant_words(const boost::json::value& constant);

// What a node asks for, where that is one word: its only value, its values, its types. It fits
// behind "must be"; "" where there is more to it.
[[nodiscard]] std::string requirement_words(const CompiledSchema& schema, NodeIndex index);

// In quotes, escaped as in JSON, abridged where it is long.
[[nodiscard]] std::string quote(std::string_view text);

// Without control characters, which a title or key of a stranger's schema may hold to play tricks
// on a terminal: each becomes a blank.
[[nodiscard]] std::string printable(std::string text);

// "a, b and c".
[[nodiscard]] std::string join_words(const std::vector<std::string>& words, std::string_view last);

} // namespace patchbay::host
