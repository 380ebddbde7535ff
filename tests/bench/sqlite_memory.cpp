// SPDX-License-Identifier: Apache-2.0
// Reads the first rows of a table once, and prints the most memory that it ever had, in KiB.
//
//     bench_sqlite_memory --database FILE --rows COUNT

#include "host_access.hpp"
#include "rounds.hpp"

#include <cstdio>
#include <fstream>
#include <string>

namespace {

namespace bench = patchbay::bench;

// Why not getrusage: its figure survives exec, so that it can be that of whoever started us.
[[nodiscard]] std::string peak_memory_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("VmHWM:")) continue;
        const auto first = line.find_first_of("0123456789");
        return line.substr(first, line.find(' ', first) - first);
    }
    bench::stop("/proc/self/status does not tell the peak of memory");
}

} // namespace

int main(int count, char** words) {
    const bench::Arguments arguments(count, words);
    const auto& rows = arguments.text("rows");

    const auto host = bench::make_host();
    auto session = bench::open_sqlite_session(host, arguments.text("database"));
    auto stream = bench::value_or_stop(
        session.read(patchbay::host::Request::query("SELECT * FROM narrow LIMIT " + rows)));
    if (bench::drain(std::move(stream)) != std::stoll(rows)) bench::stop("rows are missing");
    std::puts(peak_memory_kib().c_str());
}
