// SPDX-License-Identifier: Apache-2.0
// A database of a test's own, a host that knows the connector, and results as texts.
#pragma once

#include <patchbay/host/host.hpp>
#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::test {

// SQLite itself, beside the connector: what another program would do to the file.
class Stranger {
  public:
    explicit Stranger(const std::filesystem::path& file);
    void run(const std::string& sql);

  private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close(database); }
    };
    std::unique_ptr<sqlite3, Close> database_;
};

class Stage {
  public:
    // Makes shop.db with these statements in it.
    explicit Stage(const std::string& setup = {});

    // A connection to the file; options are further members of "connection", more are other
    // settings: "mode: read-only", "column_types: text".
    [[nodiscard]] host::Connection connect(std::string_view options = {},
                                           std::string_view more = {}) const;

    // A connection by settings as a connections file holds them.
    [[nodiscard]] host::Expected<host::Connection> connect_by(const std::string& settings) const;

    TempDir dir;
    std::filesystem::path file; // shop.db
    host::Host host;
};

// What a read delivered. A row is its values, each as text, with "|" between them: NULL, numbers,
// texts as they are, bytes as x'0A'.
struct Result {
    std::string columns; // "id:l name:u", by the letters of the C data interface
    std::vector<std::string> rows;
};

// Reads a stream to its end; the test fails where that fails.
[[nodiscard]] Result read_all(host::Expected<host::Stream> stream);

// Reads until the error that must come.
[[nodiscard]] host::Error error_of_stream(host::Expected<host::Stream> stream);

[[nodiscard]] sdk::UniqueArray next_batch(host::Stream& stream);

// The values of a batch, row by row.
[[nodiscard]] std::vector<std::string> rows_of(const ArrowSchema& schema, const ArrowArray& batch);

template <class T>
host::Error error_of(const host::Expected<T>& result) {
    REQUIRE_FALSE(result.has_value());
    return result.error();
}

template <class T>
T value_of(host::Expected<T> result) {
    if (!result) FAIL(host::describe(result.error()));
    return std::move(*result);
}

// Shorthand for a query without parameters.
template <class Source>
Result query(const Source& source, std::string_view sql) {
    return read_all(source.read(host::Request::query(sql)));
}
template <class Source>
Result query(Source& source, std::string_view sql) {
    return read_all(source.read(host::Request::query(sql)));
}

} // namespace patchbay::test
