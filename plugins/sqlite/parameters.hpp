// SPDX-License-Identifier: Apache-2.0
// Binds the values that a caller passes to the placeholders of a statement.
#pragma once

#include <patchbay/sdk/error.hpp>
#include <patchbay/sdk/params.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <vector>

namespace patchbay::sqlite {

// How long SQLite may look at the bytes of a value that is bound.
enum class Lifetime : std::uint8_t {
    call,      // as long as the parameters: the statement is rewound before the call returns
    statement, // as long as it likes: it copies them
};

// Which value goes to which placeholder of a statement.
//
// A value without a name goes to the placeholder of its place. A value with a name goes to the
// placeholder :name, @name or $name, where the statement has placeholders with names; else its name
// says nothing and its place counts. Each placeholder gets exactly one value.
class Binding {
  public:
    // Errors: PATCHBAY_INVALID_REQUEST for too few or too many values, for a name that the
    // statement
    //         does not have, and for a type that cannot be bound.
    [[nodiscard]] static sdk::Expected<Binding> match(sqlite3_stmt* statement,
                                                      const sdk::Params& params);

    // Binds one row of values.
    //
    // Errors: PATCHBAY_INVALID_REQUEST with the pointer of the value.
    [[nodiscard]] sdk::Expected<void> bind_row(sqlite3_stmt* statement, const sdk::Params& params,
                                               std::int64_t row, Lifetime lifetime) const;

  private:
    std::vector<int> placeholders_; // of value i, counted from 1 as SQLite does
};

} // namespace patchbay::sqlite
