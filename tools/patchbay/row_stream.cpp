// SPDX-License-Identifier: Apache-2.0
// Takes rows from a source to a writer.

#include "row_stream.hpp"

#include <patchbay/sdk/arrow_schema.hpp>

#include <utility>

namespace patchbay::command {

Result<std::vector<Column>> read_columns(host::Stream& stream) {
    sdk::UniqueSchema schema;
    if (auto filled = stream.schema(schema.receive()); !filled) {
        return failed(std::move(filled.error()), Phase::working);
    }
    return read_columns(*schema.get());
}

Result<void> for_each_batch(host::Stream& stream,
                            const std::function<Result<void>(const ArrowArray&)>& take) {
    sdk::UniqueArray batch;
    for (;;) {
        auto more = stream.next(batch.receive());
        if (!more) return failed(std::move(more.error()), Phase::working);
        if (!*more) return {};
        if (auto taken = take(*batch.get()); !taken) return taken;
    }
}

} // namespace patchbay::command
