// SPDX-License-Identifier: Apache-2.0
// Which Arrow type each column of a result has: the type table of README.md as code.
#pragma once

#include "settings.hpp"

#include <patchbay/sdk/arrow_format.hpp>
#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/sdk/error.hpp>

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::sqlite {

// How the values of a column are delivered.
enum class ColumnKind : std::uint8_t {
    undecided, // its first rows decide
    integer,   // int64
    real,      // double; integers that a double holds exactly are delivered as such
    text,      // utf8; numbers with all their digits
    blob,      // binary
    name,      // utf8; as text, but what is not UTF-8 becomes U+FFFD; for the connector's own
    raw_text,  // binary; as text, but not held to be UTF-8, and blobs as they are
};

// The kind that a declared type stands for, by SQLite's rules of affinity
// (https://www.sqlite.org/datatype3.html#determination_of_column_affinity) and the exceptions of
// README.md. An empty one is no declaration.
[[nodiscard]] ColumnKind kind_of_declared_type(std::string_view declared, ColumnTypes column_types,
                                               InvalidText invalid_text);

// The Arrow format string of a kind that is decided.
[[nodiscard]] std::string_view arrow_format_of(ColumnKind kind);

// The name of the Arrow type, for messages.
[[nodiscard]] std::string_view arrow_name_of(ColumnKind kind);

// What the first rows of a column hold.
struct SeenValues {
    bool integers = false;
    bool inexact_integers = false; // that no double holds exactly
    bool reals = false;
    bool texts = false;
    bool blobs = false;
};

// Decides a column by its first rows. What then does not fit is found when it is delivered.
[[nodiscard]] ColumnKind kind_of_values(const SeenValues& seen, InvalidText invalid_text);

// Whether a double holds an integer exactly.
[[nodiscard]] constexpr bool is_exact_double(std::int64_t value) {
    // The last comparison would overflow for what rounds up to 2^63.
    constexpr double limit = 9223372036854775808.0;
    const auto rounded = static_cast<double>(value);
    return rounded < limit && static_cast<std::int64_t>(rounded) == value;
}

struct ResultColumn {
    std::string name;
    std::string declared_type; // empty where there is none
    ColumnKind kind = ColumnKind::undecided;
    bool by_first_rows = false; // whether these decided it
    bool is_nullable = true;
};

// The columns of a statement's result as they are declared.
//
// Errors: PATCHBAY_BAD_DATA for a name that is not UTF-8.
[[nodiscard]] sdk::Expected<std::vector<ResultColumn>>
columns_of(sqlite3_stmt* statement, ColumnTypes column_types, InvalidText invalid_text);

// The columns of one result.
class ResultShape {
  public:
    explicit ResultShape(std::vector<ResultColumn> columns);

    [[nodiscard]] const std::vector<ResultColumn>& columns() const { return columns_; }
    [[nodiscard]] bool is_decided() const { return is_decided_; }

    // Of a shape that is decided: what the loop over rows needs, close together ...
    [[nodiscard]] const std::vector<ColumnKind>& kinds() const { return kinds_; }
    // ... the columns whose bytes must be UTF-8 ...
    [[nodiscard]] const std::vector<std::size_t>& text_columns() const { return text_columns_; }
    // ... and what the builder and the stream's consumer are told.
    [[nodiscard]] const std::vector<sdk::ArrowFormat>& formats() const { return formats_; }
    [[nodiscard]] const sdk::Field& schema() const { return schema_; }

  private:
    std::vector<ResultColumn> columns_;
    std::vector<ColumnKind> kinds_;
    std::vector<std::size_t> text_columns_;
    std::vector<sdk::ArrowFormat> formats_;
    sdk::Field schema_;
    bool is_decided_ = true;
};

} // namespace patchbay::sqlite
