// SPDX-License-Identifier: Apache-2.0
// One row by its rowid through a warm session, against preparing and stepping by hand.
//
//     bench_sqlite_point_query --rounds N --scale FRACTION --database FILE --rows COUNT

#include "bare_sqlite.hpp"
#include "host_access.hpp"
#include "rounds.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace bench = patchbay::bench;

constexpr std::string_view sql = "SELECT * FROM narrow WHERE rowid = ?";

// Some rowid of the table, another one for each query.
[[nodiscard]] std::int64_t rowid_of(std::size_t query, std::int64_t rows) {
    return static_cast<std::int64_t>(query * 7919 % static_cast<std::size_t>(rows)) + 1;
}

} // namespace

int main(int count, char** words) {
    const bench::Arguments arguments(count, words);
    const auto& database = arguments.text("database");
    const auto rows = std::stoll(arguments.text("rows"));
    const auto queries = arguments.scaled(50'000);

    const auto host = bench::make_host();
    auto session = bench::open_sqlite_session(host, database);
    bench::BareSqlite bare(database);

    const auto ours = [&] {
        for (std::size_t i = 0; i < queries; ++i) {
            patchbay::host::Parameters parameters;
            parameters.add(rowid_of(i, rows));
            auto stream = bench::value_or_stop(
                session.read(patchbay::host::Request::query(sql, std::move(parameters))));
            if (bench::drain(std::move(stream)) != 1) bench::stop("Patchbay found no row");
        }
    };
    const auto peer = [&] {
        for (std::size_t i = 0; i < queries; ++i)
            if (bare.find_row(sql, rowid_of(i, rows)) != 1) bench::stop("SQLite found no row");
    };
    const auto times = bench::measure_in_turns(arguments.rounds(), {ours, peer});
    bench::print_time("point query on a warm session", 2, bench::per_piece(times[0], queries),
                      bench::per_piece(times[1], queries));
}
