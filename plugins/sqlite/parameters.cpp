// SPDX-License-Identifier: Apache-2.0
// Binds the values that a caller passes to the placeholders of a statement.

#include "parameters.hpp"

#include <patchbay/sdk/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstddef>
#include <string_view>

namespace patchbay::sqlite {

namespace {

using sdk::ArrayView;
using sdk::Error;
using sdk::TypeClass;

Error refuse_value(std::size_t index, std::string_view message) {
    return {.code = PATCHBAY_INVALID_REQUEST,
            .message = fmt::format("parameter {} {}", index + 1, message),
            .pointer = fmt::format("/params/{}", index)};
}

// The names of the placeholders that have one, with their first character (":a"); "?5" is none.
std::vector<std::string_view> names_of(sqlite3_stmt* statement, int count) {
    std::vector<std::string_view> names;
    for (int i = 1; i <= count; ++i) {
        const char* const name = sqlite3_bind_parameter_name(statement, i);
        if (name != nullptr && name[0] != '?') names.emplace_back(name);
    }
    return names;
}

// The placeholder that a name means, or 0.
int find_placeholder(sqlite3_stmt* statement, std::string_view name) {
    if (const int index = sqlite3_bind_parameter_index(statement, std::string(name).c_str());
        index != 0) {
        return index; // written with its first character
    }
    for (const char sign : {':', '@', '$'}) {
        const auto full = fmt::format("{}{}", sign, name);
        if (const int index = sqlite3_bind_parameter_index(statement, full.c_str()); index != 0) {
            return index;
        }
    }
    return 0;
}

bool can_be_bound(const sdk::ArrowFormat& format) {
    switch (format.type) {
    case TypeClass::null:
    case TypeClass::boolean:
    case TypeClass::signed_integer:
    case TypeClass::unsigned_integer:
    case TypeClass::text:
    case TypeClass::binary:
        return true;
    case TypeClass::floating_point:
        return format.width == sizeof(double) || format.width == sizeof(float);
    default:
        return false;
    }
}

double real_at(const ArrayView& values, std::int64_t row) {
    if (values.format().width == sizeof(float)) return double{values.value_at<float>(row)};
    return values.value_at<double>(row);
}

// Why SQLite cannot hold a value as it is; empty: it can.
std::string_view fault_of(const ArrayView& values, std::int64_t row) {
    if (values.is_null(row)) return {};
    switch (values.format().type) {
    case TypeClass::floating_point:
        if (!std::isnan(real_at(values, row))) return {};
        return "is not a number (NaN), which SQLite cannot store; pass null";
    case TypeClass::text:
        if (sdk::is_utf8(values.bytes_at(row))) return {};
        return "is no UTF-8 text; pass it as binary";
    case TypeClass::unsigned_integer:
        if (values.integer_at(row) >= 0) return {};
        return "is larger than 9223372036854775807, the largest integer of SQLite; pass it as text";
    default:
        return {};
    }
}

// Answers SQLite's result code.
int bind_value(sqlite3_stmt* statement, int index, const ArrayView& values, std::int64_t row,
               Lifetime lifetime) {
    if (values.is_null(row)) return sqlite3_bind_null(statement, index);
    // SQLITE_TRANSIENT, spelled without the cast of C that the macro holds.
    const auto destructor = lifetime == Lifetime::call
                                ? SQLITE_STATIC
                                // NOLINTNEXTLINE(performance-no-int-to-ptr): SQLite defines it so
                                : reinterpret_cast<sqlite3_destructor_type>(std::intptr_t{-1});
    switch (values.format().type) {
    case TypeClass::boolean:
        return sqlite3_bind_int(statement, index, values.bool_at(row) ? 1 : 0);
    case TypeClass::floating_point:
        return sqlite3_bind_double(statement, index, real_at(values, row));
    case TypeClass::text: {
        const auto text = values.bytes_at(row);
        // An empty text may have no address, which would be NULL.
        return sqlite3_bind_text64(statement, index, text.empty() ? "" : text.data(), text.size(),
                                   destructor, SQLITE_UTF8);
    }
    case TypeClass::binary: {
        const auto bytes = values.bytes_at(row);
        if (bytes.empty()) return sqlite3_bind_zeroblob(statement, index, 0);
        return sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), destructor);
    }
    default:
        return sqlite3_bind_int64(statement, index, values.integer_at(row));
    }
}

} // namespace

sdk::Expected<Binding> Binding::match(sqlite3_stmt* statement, const sdk::Params& params) {
    const int count = sqlite3_bind_parameter_count(statement);
    const auto given = params.size();
    if (given != static_cast<std::size_t>(count)) {
        return std::unexpected(Error{
            .code = PATCHBAY_INVALID_REQUEST,
            .message = fmt::format("the statement has {} placeholder{} and {} value{} given", count,
                                   count == 1 ? "" : "s", given, given == 1 ? " is" : "s are"),
            .pointer = "/params"});
    }
    Binding binding;
    binding.placeholders_.resize(given);
    const auto names = names_of(statement, count);
    std::vector<bool> is_taken(given + 1);
    for (std::size_t i = 0; i < given; ++i) {
        if (!can_be_bound(params.column(i).format())) return std::unexpected(params.unsupported(i));
        int index = static_cast<int>(i) + 1;
        if (const auto name = params.name(i); !name.empty() && !names.empty()) {
            index = find_placeholder(statement, name);
            if (index == 0) {
                return std::unexpected(
                    refuse_value(i, fmt::format("is named \"{}\"; the statement has {}", name,
                                                fmt::join(names, ", "))));
            }
        }
        const auto slot = static_cast<std::size_t>(index);
        if (is_taken[slot]) {
            return std::unexpected(refuse_value(
                i, fmt::format("goes to placeholder {}, which another one has taken", index)));
        }
        is_taken[slot] = true;
        binding.placeholders_[i] = index;
    }
    return binding;
}

sdk::Expected<void> Binding::bind_row(sqlite3_stmt* statement, const sdk::Params& params,
                                      std::int64_t row, Lifetime lifetime) const {
    const auto child_row = params.child_row(row);
    for (std::size_t i = 0; i < placeholders_.size(); ++i) {
        const ArrayView& values = params.column(i);
        if (const auto fault = fault_of(values, child_row); !fault.empty()) {
            return std::unexpected(refuse_value(i, fault));
        }
        const int code = bind_value(statement, placeholders_[i], values, child_row, lifetime);
        if (code == SQLITE_NOMEM) throw std::bad_alloc();
        if (code == SQLITE_TOOBIG) {
            return std::unexpected(
                refuse_value(i, "is larger than the 1,000,000,000 bytes that SQLite takes"));
        }
        if (code != SQLITE_OK) {
            return std::unexpected(
                refuse_value(i, fmt::format("could not be bound: {}", sqlite3_errstr(code))));
        }
    }
    return {};
}

} // namespace patchbay::sqlite
