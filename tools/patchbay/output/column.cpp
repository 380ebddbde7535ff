// SPDX-License-Identifier: Apache-2.0
// The columns of a stream, as a writer needs to know them.

#include "output/column.hpp"

#include "output/json_text.hpp"
#include "output/terminal_text.hpp"
#include "output/utf8.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <utility>

namespace patchbay::command {
namespace {

using sdk::Layout;
using sdk::TypeClass;

constexpr int max_levels = 64; // of types inside each other

std::unexpected<Failure> bad_column(host::ErrorCode code, std::string_view name,
                                    std::string_view what) {
    return failed({.code = code,
                   .message = fmt::format("the column \"{}\" {}", make_printable(name).text, what)},
                  Phase::working);
}

// How many children a type must have; nothing where any number will do.
std::optional<std::int64_t> child_count(const sdk::ArrowFormat& format) {
    switch (format.layout) {
    case Layout::structure:
        return std::nullopt;
    case Layout::list:
    case Layout::list_large:
    case Layout::fixed_list:
        return 1;
    default:
        return 0;
    }
}

Result<Column> read_column(const ArrowSchema& schema, int levels) {
    Column column;
    column.name = schema.name == nullptr ? "" : schema.name;
    if (!is_utf8(column.name)) {
        return bad_column(host::ErrorCode::bad_data, column.name,
                          "has a name that is not UTF-8; give it another with AS");
    }
    column.json_key = json_text(column.name) + ':';

    const std::string_view format_text = schema.format == nullptr ? "" : schema.format;
    const auto format = sdk::read_arrow_format(format_text);
    if (!format || schema.dictionary != nullptr) {
        return bad_column(host::ErrorCode::unsupported, column.name,
                          fmt::format("has the Arrow type \"{}\"{}, which cannot be written; "
                                      "convert it to another in the query",
                                      make_printable(format_text).text,
                                      schema.dictionary == nullptr ? "" : " with a dictionary"));
    }
    column.format = *format;
    column.format.timezone = {};
    column.is_instant = !format->timezone.empty();

    if (levels == 0) {
        return bad_column(host::ErrorCode::unsupported, column.name,
                          fmt::format("lies more than {} types deep", max_levels));
    }
    const auto contradiction = [&] {
        return bad_column(host::ErrorCode::bad_data, column.name,
                          fmt::format("has the Arrow type \"{}\" with child columns that do not "
                                      "fit it; this is a fault of the connector",
                                      format_text));
    };
    if (child_count(*format).value_or(schema.n_children) != schema.n_children) {
        return contradiction();
    }
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        auto child = read_column(*schema.children[i], levels - 1);
        if (!child) return child;
        column.children.push_back(std::move(*child));
    }
    if (format->type == TypeClass::map) {
        auto& pair = column.children.front();
        if (pair.format.type != TypeClass::structure || pair.children.size() != 2) {
            return contradiction();
        }
        // Its parts may be called anything; their order says what they are.
        pair.children[0].json_key = "\"key\":";
        pair.children[1].json_key = "\"value\":";
    }
    return column;
}

} // namespace

Result<std::vector<Column>> read_columns(const ArrowSchema& schema) {
    auto rows = read_column(schema, max_levels);
    if (!rows) return std::unexpected(std::move(rows).error());
    if (rows->format.type != TypeClass::structure) {
        return failed({.code = host::ErrorCode::bad_data,
                       .message = "the stream does not consist of columns; this is a fault of the "
                                  "connector"},
                      Phase::working);
    }
    return std::move(rows->children);
}

std::optional<std::string_view> find_duplicate_name(const std::vector<Column>& columns) {
    std::unordered_set<std::string_view> names;
    for (const auto& column : columns) {
        if (!names.insert(column.json_key).second) return column.name;
    }
    for (const auto& column : columns) {
        if (const auto name = find_duplicate_name(column.children)) return name;
    }
    return std::nullopt;
}

} // namespace patchbay::command
