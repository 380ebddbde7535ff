// SPDX-License-Identifier: Apache-2.0
// The columns of a stream, as a writer needs to know them.
#pragma once

#include "failure.hpp"

#include <patchbay/abi/arrow.h>
#include <patchbay/sdk/arrow_format.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::command {

struct Column {
    std::string name;
    std::string json_key; // "\"name\":"
    // Without its time zone: that would be borrowed, and all that counts is whether there is one.
    sdk::ArrowFormat format;
    bool is_instant = false; // a timestamp with a zone, which counts from 1970-01-01T00:00:00Z
    std::vector<Column> children;
};

// Reads the schema of a stream: a struct of the columns.
//
// Errors: unsupported for a type that Patchbay does not carry, or one nested too deep; bad_data for
//         a name that is not UTF-8, and for a schema that contradicts itself.
[[nodiscard]] Result<std::vector<Column>> read_columns(const ArrowSchema& schema);

// The first name that stands twice among the columns, or among the members of one struct in them.
// Borrowed from the columns.
[[nodiscard]] std::optional<std::string_view>
find_duplicate_name(const std::vector<Column>& columns);

} // namespace patchbay::command
