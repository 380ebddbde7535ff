// SPDX-License-Identifier: Apache-2.0
// What SQLite's result codes mean in the words of the contract, and what a person can do.
#pragma once

#include <patchbay/sdk/error.hpp>

#include <string_view>

namespace patchbay::sqlite {

// Makes an error of a result code.
//
// code:     an extended result code; one that this build does not know counts as its primary code.
// text:     what sqlite3_errmsg() says to it.
// database: the file or ":memory:"; named where the fault lies in the file and not in a statement.
[[nodiscard]] sdk::Error error_of(int code, std::string_view text, std::string_view database);

} // namespace patchbay::sqlite
