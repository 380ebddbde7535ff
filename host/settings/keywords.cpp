// SPDX-License-Identifier: Apache-2.0
// The keywords of draft-07 and the annotations of our own dialect.

#include "keywords.hpp"

#include <algorithm>
#include <array>

namespace patchbay::host {
namespace {

constexpr std::array<std::string_view, keyword_count> names{
    "$schema",
    "$id",
    "$ref",
    "$comment",
    "definitions",
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "items",
    "additionalItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependencies",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "contentEncoding",
    "contentMediaType",
    "title",
    "description",
    "default",
    "examples",
    "readOnly",
    "writeOnly",
    "discriminator",
    "x-secret",
    "x-order",
    "x-group",
    "x-groups",
    "x-multiline",
    "x-placeholder",
    "x-advanced",
    "x-pattern-message",
    "x-file",
    "x-deprecated",
};

// Keywords in the order of their length, so that a look-up compares the few of one length.
struct ByLength {
    std::array<Keyword, keyword_count> keywords{};
    std::array<std::uint8_t, 24> first{}; // index by length; one more than the longest name
};

constexpr ByLength sort_by_length() {
    ByLength table;
    std::size_t filled = 0;
    for (std::size_t length = 0; length + 1 < table.first.size(); ++length) {
        table.first[length] = static_cast<std::uint8_t>(filled);
        for (std::size_t i = 0; i < keyword_count; ++i) {
            if (names[i].size() == length) table.keywords[filled++] = static_cast<Keyword>(i);
        }
    }
    table.first[table.first.size() - 1] = static_cast<std::uint8_t>(filled);
    return table;
}

constexpr ByLength by_length = sort_by_length();
static_assert(by_length.first.back() == keyword_count, "a name is longer than the table");

} // namespace

Keyword find_keyword(std::string_view name) {
    if (name.size() + 1 >= by_length.first.size()) return Keyword::none;
    const auto last = by_length.first[name.size() + 1];
    for (auto i = by_length.first[name.size()]; i < last; ++i) {
        const auto keyword = by_length.keywords[i];
        if (names[static_cast<std::size_t>(keyword)] == name) return keyword;
    }
    return Keyword::none;
}

std::string_view keyword_name(Keyword keyword) {
    return keyword == Keyword::none ? std::string_view{} : names[static_cast<std::size_t>(keyword)];
}

Holds holds_schemas(Keyword keyword) {
    switch (keyword) {
    case Keyword::additional_items:
    case Keyword::contains:
    case Keyword::additional_properties:
    case Keyword::property_names:
    case Keyword::not_schema:
    case Keyword::if_schema:
    case Keyword::then_schema:
    case Keyword::else_schema:
        return Holds::schema;
    case Keyword::all_of:
    case Keyword::any_of:
    case Keyword::one_of:
        return Holds::list;
    case Keyword::definitions:
    case Keyword::properties:
    case Keyword::pattern_properties:
        return Holds::map;
    case Keyword::items:
        return Holds::schema_or_list;
    case Keyword::dependencies:
        return Holds::map_or_names;
    default:
        return Holds::nothing;
    }
}

std::span<const std::string_view> keyword_names() {
    return names;
}

} // namespace patchbay::host
