// SPDX-License-Identifier: Apache-2.0
// Which Arrow type each column of a result has: the type table of README.md as code.

#include "result_shape.hpp"

#include "ascii_case.hpp"

#include <patchbay/sdk/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <new>
#include <utility>

namespace patchbay::sqlite {

namespace {

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto word) { return text.contains(word); });
}

// Whether "INT" stands in a type for an integer, and not by chance in POINT or INTERVAL, which
// SQLite takes for integers and in which programs keep blobs and texts.
bool names_integer(std::string_view type) {
    constexpr std::string_view word = "INT";
    for (auto at = type.find(word); at != std::string_view::npos; at = type.find(word, at + 1)) {
        const bool is_point = type.substr(0, at).ends_with("PO");
        const bool is_interval = type.substr(at).starts_with("INTERVAL");
        if (!is_point && !is_interval) return true;
    }
    return false;
}

ColumnKind kind_by_declaration(std::string_view declared) {
    const auto type = to_upper(declared);
    if (names_integer(type)) return ColumnKind::integer;
    if (type.contains("INT")) return ColumnKind::undecided;
    if (contains_any(type, {"CHAR", "CLOB", "TEXT"})) return ColumnKind::text;
    if (type.contains("BLOB")) return ColumnKind::blob;
    if (contains_any(type, {"REAL", "FLOA", "DOUB"})) return ColumnKind::real;
    // What is left has the affinity NUMERIC, or none.
    if (type.contains("BOOL")) return ColumnKind::integer;
    if (contains_any(type, {"NUM", "DEC", "MONEY", "CURRENCY"})) return ColumnKind::real;
    return ColumnKind::undecided;
}

ColumnKind raw_if_wanted(ColumnKind kind, InvalidText invalid_text) {
    const bool has_bytes = kind == ColumnKind::text || kind == ColumnKind::blob;
    return has_bytes && invalid_text == InvalidText::binary ? ColumnKind::raw_text : kind;
}

} // namespace

ColumnKind kind_of_declared_type(std::string_view declared, ColumnTypes column_types,
                                 InvalidText invalid_text) {
    auto kind = kind_by_declaration(declared);
    switch (column_types) {
    case ColumnTypes::declared:
        break;
    case ColumnTypes::text_if_undeclared:
        if (kind == ColumnKind::undecided) kind = ColumnKind::text;
        break;
    case ColumnTypes::text:
        if (kind != ColumnKind::blob) kind = ColumnKind::text;
        break;
    }
    return raw_if_wanted(kind, invalid_text);
}

std::string_view arrow_format_of(ColumnKind kind) {
    switch (kind) {
    case ColumnKind::integer:
        return "l";
    case ColumnKind::real:
        return "g";
    case ColumnKind::blob:
    case ColumnKind::raw_text:
        return "z";
    case ColumnKind::text:
    case ColumnKind::name:
    case ColumnKind::undecided:
        break;
    }
    return "u";
}

std::string_view arrow_name_of(ColumnKind kind) {
    switch (kind) {
    case ColumnKind::integer:
        return "int64";
    case ColumnKind::real:
        return "double";
    case ColumnKind::blob:
    case ColumnKind::raw_text:
        return "binary";
    case ColumnKind::text:
    case ColumnKind::name:
    case ColumnKind::undecided:
        break;
    }
    return "utf8";
}

ColumnKind kind_of_values(const SeenValues& seen, InvalidText invalid_text) {
    const bool numbers = seen.integers || seen.reals;
    auto kind = ColumnKind::text; // also where all is null
    if (seen.blobs && invalid_text == InvalidText::binary) {
        kind = ColumnKind::raw_text;
    } else if (seen.blobs && !seen.texts && !numbers) {
        kind = ColumnKind::blob;
    } else if (numbers && !seen.texts) {
        if (!seen.reals) kind = ColumnKind::integer;
        if (seen.reals && !seen.inexact_integers) kind = ColumnKind::real;
    }
    return raw_if_wanted(kind, invalid_text);
}

ResultShape::ResultShape(std::vector<ResultColumn> columns) : columns_(std::move(columns)) {
    is_decided_ = std::ranges::none_of(
        columns_, [](const auto& column) { return column.kind == ColumnKind::undecided; });
    if (!is_decided_) return;
    std::vector<sdk::Field> fields;
    fields.reserve(columns_.size());
    formats_.reserve(columns_.size());
    kinds_.reserve(columns_.size());
    for (const auto& column : columns_) {
        const auto format = arrow_format_of(column.kind);
        if (column.kind == ColumnKind::text) text_columns_.push_back(kinds_.size());
        kinds_.push_back(column.kind);
        formats_.push_back(*sdk::read_arrow_format(format));
        fields.push_back(
            {.name = column.name, .format = std::string(format), .nullable = column.is_nullable});
    }
    schema_ = sdk::record(std::move(fields));
}

sdk::Expected<std::vector<ResultColumn>>
columns_of(sqlite3_stmt* statement, ColumnTypes column_types, InvalidText invalid_text) {
    std::vector<ResultColumn> columns(static_cast<std::size_t>(sqlite3_column_count(statement)));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const int index = static_cast<int>(i);
        const char* const name = sqlite3_column_name(statement, index);
        const char* const declared = sqlite3_column_decltype(statement, index);
        if (name == nullptr) throw std::bad_alloc();
        if (!sdk::is_utf8(name)) {
            return std::unexpected(sdk::Error{
                .code = PATCHBAY_BAD_DATA,
                .message = fmt::format("the name of column {} ({}) is no UTF-8 text; give it "
                                       "another one with AS in a query",
                                       i + 1, sdk::to_utf8(name))});
        }
        columns[i].name = name;
        columns[i].declared_type = declared == nullptr ? "" : declared;
        columns[i].kind =
            kind_of_declared_type(columns[i].declared_type, column_types, invalid_text);
    }
    return columns;
}

} // namespace patchbay::sqlite
