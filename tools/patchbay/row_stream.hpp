// SPDX-License-Identifier: Apache-2.0
// Takes rows from a source to a writer.
#pragma once

#include "output/column.hpp"

#include <patchbay/abi/arrow.h>
#include <patchbay/host/stream.hpp>

#include <functional>
#include <vector>

namespace patchbay::command {

// The columns of a stream.
[[nodiscard]] Result<std::vector<Column>> read_columns(host::Stream& stream);

// Hands each batch to `take` until the end, or until `take` fails. The batch is borrowed.
[[nodiscard]] Result<void>
for_each_batch(host::Stream& stream, const std::function<Result<void>(const ArrowArray&)>& take);

} // namespace patchbay::command
