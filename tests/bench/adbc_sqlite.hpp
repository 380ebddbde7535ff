// SPDX-License-Identifier: Apache-2.0
// The ADBC SQLite driver as a peer: the shared library of its Python package, called directly.
#pragma once

#include <patchbay/abi/arrow.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace patchbay::bench {

// A connection of the driver. The structs of ADBC's C interface stay in the source file.
class AdbcSqlite {
  public:
    AdbcSqlite(const std::filesystem::path& driver, const std::filesystem::path& database);
    AdbcSqlite(const AdbcSqlite&) = delete;
    AdbcSqlite(AdbcSqlite&&) = delete;
    AdbcSqlite& operator=(const AdbcSqlite&) = delete;
    AdbcSqlite& operator=(AdbcSqlite&&) = delete;
    ~AdbcSqlite();

    // Runs a statement to its end, drops its batches, and answers how many rows it was.
    [[nodiscard]] std::int64_t drain(const std::string& sql);

  private:
    struct Api;
    std::unique_ptr<Api> api_;
};

} // namespace patchbay::bench
