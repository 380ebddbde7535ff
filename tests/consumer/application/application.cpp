// SPDX-License-Identifier: Apache-2.0
// Reads a table of each connection that it is told, and prints the rows and the sum of the first
// column: an application built from installed files only.
//
//     application CONNECTIONS_FILE CONNECTORS_DIR (REFERENCE TABLE)...

#include <patchbay/host/host.hpp>

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

namespace {

using patchbay::host::Error;
using patchbay::host::Expected;

struct Total {
    std::int64_t rows = 0;
    std::int64_t sum = 0;
};

Expected<Total> add_up(patchbay::host::Host& host, std::string_view name, std::string_view table) {
    const auto reference = patchbay::host::Reference::parse(name);
    if (!reference) return std::unexpected(reference.error());
    const auto connection = host.connect(*reference);
    if (!connection) return std::unexpected(connection.error());
    auto stream = connection->read(patchbay::host::Request::table(table));
    if (!stream) return std::unexpected(stream.error());

    Total total;
    for (;;) {
        ArrowArray batch{};
        const auto more = stream->next(&batch);
        if (!more) return std::unexpected(more.error());
        if (!*more) return total;
        const ArrowArray& column = *batch.children[0];
        const auto* const values = static_cast<const std::int64_t*>(column.buffers[1]);
        for (std::int64_t row = 0; row < batch.length; ++row)
            total.sum += values[column.offset + row];
        total.rows += batch.length;
        batch.release(&batch);
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count < 5 || count % 2 == 0) {
        std::cerr << "usage: application CONNECTIONS_FILE CONNECTORS_DIR (REFERENCE TABLE)...\n";
        return 2;
    }
    patchbay::host::HostOptions options;
    options.connections_file = arguments[1];
    options.connector_dirs = {arguments[2]};
    patchbay::host::Host host(options);
    for (int i = 3; i + 1 < count; i += 2) {
        const auto total = add_up(host, arguments[i], arguments[i + 1]);
        if (!total) {
            std::cerr << total.error().message << "\n" << total.error().hint << "\n";
            return 1;
        }
        std::cout << arguments[i] << " rows=" << total->rows << " sum=" << total->sum << "\n";
    }
}
