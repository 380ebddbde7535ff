// SPDX-License-Identifier: Apache-2.0
// Whole tables of SQLite to Arrow batches, against the ADBC driver and against a bare loop.
//
//     bench_sqlite_reads --rounds N --database FILE --rows COUNT --adbc-driver FILE
//
// All three run the same statement on connections that are open, and drop what they get.

#include "adbc_sqlite.hpp"
#include "bare_sqlite.hpp"
#include "host_access.hpp"
#include "rounds.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace {

namespace bench = patchbay::bench;

void expect_rows(std::int64_t found, std::int64_t expected, const char* reader) {
    if (found != expected) bench::stop(std::string(reader) + " read another number of rows");
}

} // namespace

int main(int count, char** words) {
    const bench::Arguments arguments(count, words);
    const auto& database = arguments.text("database");
    const auto rows = std::stoll(arguments.text("rows"));

    const auto host = bench::make_host();
    auto session = bench::open_sqlite_session(host, database);
    bench::AdbcSqlite adbc(arguments.text("adbc-driver"), database);
    bench::BareSqlite bare(database);

    for (const std::string table : {"ints", "mixed", "texts"}) {
        const auto sql = "SELECT * FROM " + table;
        const auto ours = [&] {
            auto stream = bench::value_or_stop(session.read(patchbay::host::Request::query(sql)));
            expect_rows(bench::drain(std::move(stream)), rows, "Patchbay");
        };
        const auto times = bench::measure_in_turns(
            arguments.rounds(), {ours, [&] { expect_rows(adbc.drain(sql), rows, "ADBC"); },
                                 [&] { expect_rows(bare.drain(sql), rows, "the bare loop"); }});
        bench::print_speed("SQLite " + table + ", rows/s of ADBC", 1.4, times[0], times[1]);
        bench::print_speed("SQLite " + table + ", rows/s of a bare loop", 0.85, times[0], times[2]);
    }
}
