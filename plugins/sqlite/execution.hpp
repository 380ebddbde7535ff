// SPDX-License-Identifier: Apache-2.0
// Runs a statement for its effect, once for each row of parameters.
#pragma once

#include "database.hpp"
#include "statement.hpp"

#include <patchbay/sdk/error.hpp>
#include <patchbay/sdk/params.hpp>
#include <patchbay/sdk/serve.hpp>

namespace patchbay::sqlite {

// The statement returns no rows of its own. Several rows of parameters are one transaction, within
// the one that is open or of their own: after a failure none of them counts.
//
// Errors: PATCHBAY_INVALID_REQUEST for the parameters; those of Database::failure().
[[nodiscard]] sdk::Expected<sdk::ExecuteResult>
execute_statement(Database& database, Statement& statement, const sdk::Params& params);

} // namespace patchbay::sqlite
