// SPDX-License-Identifier: Apache-2.0
// The keywords of draft-07 and the annotations of our own dialect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace patchbay::host {

enum class Keyword : std::uint8_t {
    schema,
    id,
    ref,
    comment,
    definitions,

    type,
    enumeration,
    constant,

    minimum,
    maximum,
    exclusive_minimum,
    exclusive_maximum,
    multiple_of,

    min_length,
    max_length,
    pattern,
    format,

    items,
    additional_items,
    min_items,
    max_items,
    unique_items,
    contains,

    properties,
    required,
    additional_properties,
    pattern_properties,
    property_names,
    min_properties,
    max_properties,
    dependencies,

    all_of,
    any_of,
    one_of,
    not_schema,
    if_schema,
    then_schema,
    else_schema,

    content_encoding,
    content_media_type,

    // What follows asserts nothing.
    title,
    description,
    default_value,
    examples,
    read_only,
    write_only,
    discriminator,
    x_secret,
    x_order,
    x_group,
    x_groups,
    x_multiline,
    x_placeholder,
    x_advanced,
    x_pattern_message,
    x_file,
    x_deprecated,

    none, // no keyword at all
};

// From here to the end of the enumeration.
inline constexpr Keyword first_annotation = Keyword::title;

inline constexpr std::size_t keyword_count = static_cast<std::size_t>(Keyword::none);

// Keyword::none where nobody knows it.
[[nodiscard]] Keyword find_keyword(std::string_view name);

[[nodiscard]] std::string_view keyword_name(Keyword keyword);

// What of a keyword's value is again a schema.
enum class Holds : std::uint8_t {
    nothing,
    schema,
    list,           // of schemas
    map,            // of schemas by name
    schema_or_list, // "items"
    map_or_names,   // "dependencies": by name a schema, or a list of names
};

[[nodiscard]] Holds holds_schemas(Keyword keyword);

// All of them, in the order of the enumeration.
[[nodiscard]] std::span<const std::string_view> keyword_names();

} // namespace patchbay::host
