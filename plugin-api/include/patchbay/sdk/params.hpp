// SPDX-License-Identifier: Apache-2.0
// The values that a caller bound to the placeholders of a statement.
#pragma once

#include <patchbay/abi/params.h>
#include <patchbay/sdk/array_view.hpp>
#include <patchbay/sdk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::sdk {

// Borrowed for the length of a call. [session]
class Params {
  public:
    // No placeholders are bound.
    Params() = default;

    // Reads the types of all placeholders.
    //
    // Errors: PATCHBAY_INVALID_REQUEST with "/params/<n>" for a type that Patchbay does not carry.
    [[nodiscard]] static Expected<Params> read(const patchbay_params* params) {
        Params result;
        if (params == nullptr) return result;
        result.given_ = true;
        result.rows_ = params->array->length;
        const auto count = static_cast<std::size_t>(params->schema->n_children);
        result.columns_.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const ArrowSchema& schema = *params->schema->children[i];
            const auto format = read_arrow_format(schema.format);
            if (!format || schema.dictionary != nullptr) {
                return std::unexpected(unsupported(i, schema.format));
            }
            result.columns_.push_back(
                {schema.name == nullptr ? std::string_view() : std::string_view(schema.name),
                 schema.format, ArrayView(*format, *params->array->children[i])});
        }
        result.offset_ = params->array->offset;
        return result;
    }

    // Whether the caller passed parameters at all; with none a statement runs once.
    [[nodiscard]] bool given() const { return given_; }
    [[nodiscard]] std::size_t size() const { return columns_.size(); }
    [[nodiscard]] std::int64_t row_count() const { return rows_; }

    // The name of placeholder i; empty where it is bound by position.
    [[nodiscard]] std::string_view name(std::size_t i) const { return columns_[i].name; }
    [[nodiscard]] const ArrayView& column(std::size_t i) const { return columns_[i].values; }

    // The row of column(i) that holds the given row of parameters.
    [[nodiscard]] std::int64_t child_row(std::int64_t row) const { return offset_ + row; }

    // The error for a placeholder of a type that the connector cannot bind.
    [[nodiscard]] Error unsupported(std::size_t i) const {
        return unsupported(i, columns_[i].format);
    }

  private:
    struct Column {
        std::string_view name;
        std::string_view format;
        ArrayView values;
    };

    [[nodiscard]] static Error unsupported(std::size_t i, std::string_view format) {
        return {.code = PATCHBAY_INVALID_REQUEST,
                .message = "parameter " + std::to_string(i + 1) + " has the Arrow type \"" +
                           std::string(format) +
                           "\", which cannot be bound; pass it as text, binary, boolean or number",
                .pointer = "/params/" + std::to_string(i)};
    }

    std::vector<Column> columns_;
    std::int64_t rows_ = 0;
    std::int64_t offset_ = 0;
    bool given_ = false;
};

} // namespace patchbay::sdk
