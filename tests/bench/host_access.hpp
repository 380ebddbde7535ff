// SPDX-License-Identifier: Apache-2.0
// The host as the benchmarks use it: no variables of the environment, and no error survived.
#pragma once

#include "rounds.hpp"

#include <patchbay/host/host.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace patchbay::bench {

template <class T>
[[nodiscard]] T value_or_stop(host::Expected<T> outcome) {
    if (!outcome) stop(outcome.error().message);
    return std::move(*outcome);
}

[[nodiscard]] inline host::Host make_host(std::vector<std::filesystem::path> connector_dirs = {}) {
    host::HostOptions options;
    options.connector_dirs = std::move(connector_dirs);
    options.use_environment = false;
    return host::Host(std::move(options));
}

// A session that has done nothing yet. settings: JSON.
[[nodiscard]] inline host::Session open_session(const host::Host& host, std::string connector,
                                                std::string settings) {
    const auto reference =
        host::Reference::of_connector(std::move(connector), std::move(settings), "the benchmark");
    return value_or_stop(value_or_stop(host.connect(reference)).session());
}

// A session on a database file that is there; the connector is the one that is installed.
[[nodiscard]] inline host::Session open_sqlite_session(const host::Host& host,
                                                       const std::string& file) {
    return open_session(host, "sqlite",
                        R"({"connection": {"method": "params", "mode": "read-only", "path": ")" +
                            file + R"("}})");
}

// Reads to the end, drops what comes, and answers how many rows it was.
[[nodiscard]] inline std::int64_t drain(host::Stream stream) {
    std::int64_t rows = 0;
    ArrowArray batch{};
    while (value_or_stop(stream.next(&batch))) {
        rows += batch.length;
        batch.release(&batch);
    }
    return rows;
}

} // namespace patchbay::bench
