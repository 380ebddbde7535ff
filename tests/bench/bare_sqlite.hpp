// SPDX-License-Identifier: Apache-2.0
// SQLite without anything of ours: handles, and the loops that a program would write by hand.
#pragma once

#include "rounds.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::bench {

class BareSqlite {
  public:
    explicit BareSqlite(const std::filesystem::path& file) {
        sqlite3* opened = nullptr;
        const int code = sqlite3_open_v2(file.c_str(), &opened,
                                         SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
        database_.reset(opened);
        if (code != SQLITE_OK) stop(std::string("cannot open ") + file.string());
    }

    // Reads every value of every row: asks for its type, takes the number, copies the text.
    [[nodiscard]] std::int64_t drain(std::string_view sql) {
        const auto statement = prepare(sql);
        const int columns = sqlite3_column_count(statement.get());
        std::int64_t rows = 0;
        while (sqlite3_step(statement.get()) == SQLITE_ROW) {
            for (int i = 0; i < columns; ++i)
                take(sqlite3_column_value(statement.get(), i));
            ++rows;
        }
        return rows;
    }

    // Prepares, binds, steps to the end and finalises; answers how many rows it was.
    [[nodiscard]] std::int64_t find_row(std::string_view sql, std::int64_t rowid) {
        const auto statement = prepare(sql);
        sqlite3_bind_int64(statement.get(), 1, rowid);
        std::int64_t rows = 0;
        while (sqlite3_step(statement.get()) == SQLITE_ROW)
            ++rows;
        return rows;
    }

  private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close(database); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

    [[nodiscard]] Statement prepare(std::string_view sql) {
        sqlite3_stmt* prepared = nullptr;
        const int code = sqlite3_prepare_v2(database_.get(), sql.data(),
                                            static_cast<int>(sql.size()), &prepared, nullptr);
        if (code != SQLITE_OK) stop(sqlite3_errmsg(database_.get()));
        return Statement(prepared);
    }

    // Where values go: numbers into a sum, texts into memory that is used again and again.
    void take(sqlite3_value* value) {
        switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER:
            integers_ += static_cast<std::uint64_t>(sqlite3_value_int64(value));
            break;
        case SQLITE_FLOAT:
            reals_ += sqlite3_value_double(value);
            break;
        case SQLITE_TEXT: {
            const auto* const text = sqlite3_value_text(value);
            const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
            if (size > texts_.size()) texts_.resize(size);
            std::memcpy(texts_.data(), text, size);
            break;
        }
        default:
            ++others_;
        }
    }

    std::unique_ptr<sqlite3, Close> database_;
    std::uint64_t integers_ = 0;
    double reals_ = 0;
    std::uint64_t others_ = 0;
    std::vector<char> texts_;
};

} // namespace patchbay::bench
