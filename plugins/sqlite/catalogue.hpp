// SPDX-License-Identifier: Apache-2.0
// What there is to read in a database, and of which columns it consists.
#pragma once

#include "database.hpp"
#include "row_stream.hpp"

#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/sdk/call.hpp>
#include <patchbay/sdk/error.hpp>
#include <patchbay/sdk/record_stream.hpp>

#include <memory>
#include <string_view>

namespace patchbay::sqlite {

// Streams tables, views and virtual tables of all schemas, those of the session included; not those
// in which SQLite and its extensions keep what is theirs.
[[nodiscard]] sdk::Expected<std::unique_ptr<sdk::RecordStream>>
open_objects(Database& database, StreamSlot& slot, const sdk::Call& call);

// The columns of a table or view with their keys and defaults. A column whose type only its rows
// tell is described as text. Not nullable is what never holds NULL.
//
// Errors: PATCHBAY_NOT_FOUND; PATCHBAY_INVALID_REQUEST for a malformed name.
[[nodiscard]] sdk::Expected<sdk::Field> describe_object(Database& database,
                                                        std::string_view object);

} // namespace patchbay::sqlite
