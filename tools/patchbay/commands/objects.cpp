// SPDX-License-Identifier: Apache-2.0
// What there is to read in a source.

#include "commands/all.hpp"
#include "context.hpp"
#include "output/cell.hpp"
#include "output/progress_line.hpp"
#include "output/text_table.hpp"
#include "row_stream.hpp"
#include "source.hpp"

#include <patchbay/sdk/array_view.hpp>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <fnmatch.h>

#include <array>

namespace patchbay::command {
namespace {

namespace json = boost::json;

// As patchbay/abi/catalog.h has it.
constexpr std::array<std::string_view, 5> members = {"catalog", "schema", "name", "kind",
                                                     "comment"};
constexpr std::size_t name_member = 2;

using Object = std::array<std::optional<std::string>, members.size()>;

// Where each member stands among the columns of the stream.
using Places = std::array<std::optional<std::size_t>, members.size()>;

Result<Places> find_places(const std::vector<Column>& columns) {
    Places places;
    for (std::size_t member = 0; member < members.size(); ++member) {
        const auto column = std::ranges::find(columns, members[member], &Column::name);
        if (column == columns.end() || column->format.layout != sdk::Layout::variable ||
            column->format.type != sdk::TypeClass::text) {
            continue;
        }
        places[member] = static_cast<std::size_t>(column - columns.begin());
    }
    if (!places[name_member]) {
        return failed({.code = host::ErrorCode::broken_rule,
                       .message = "the connector's list of objects has no text column \"name\""},
                      Phase::working);
    }
    return places;
}

// "shop.orders" of "main.shop.orders": what a pattern with a dot may mean.
bool matches(const Object& object, const std::string& pattern) {
    const auto& [catalog, schema, name, kind, comment] = object;
    std::string full = name.value_or("");
    if (::fnmatch(pattern.c_str(), full.c_str(), 0) == 0) return true;
    if (!schema) return false;
    full = *schema + '.' + full;
    if (::fnmatch(pattern.c_str(), full.c_str(), 0) == 0) return true;
    return catalog && ::fnmatch(pattern.c_str(), (*catalog + '.' + full).c_str(), 0) == 0;
}

Result<std::vector<Object>> read_objects(host::Stream& stream, const std::string& pattern,
                                         StatusOutput& status) {
    const auto columns = read_columns(stream);
    if (!columns) return std::unexpected(columns.error());
    const auto places = find_places(*columns);
    if (!places) return std::unexpected(places.error());
    ProgressLine progress(status);
    std::vector<Object> objects;
    std::vector<sdk::ArrayView> values;
    std::uint64_t size_bytes = 0;
    const auto read = for_each_batch(stream, [&](const ArrowArray& batch) -> Result<void> {
        view_columns(*columns, batch, values);
        for (std::int64_t row = 0; row < batch.length; ++row) {
            Object object;
            for (std::size_t member = 0; member < members.size(); ++member) {
                const auto place = (*places)[member];
                if (!place || values[*place].is_null(row)) continue;
                object[member] = values[*place].bytes_at(row);
                size_bytes += object[member]->size();
            }
            if (matches(object, pattern)) objects.push_back(std::move(object));
        }
        progress.update(objects.size(), size_bytes);
        return {};
    });
    if (!read) return std::unexpected(read.error());
    return objects;
}

json::value objects_json(const std::vector<Object>& objects) {
    json::array array;
    for (const auto& object : objects) {
        json::object entry;
        for (std::size_t member = 0; member < members.size(); ++member)
            entry[members[member]] = object[member] ? json::value(*object[member]) : nullptr;
        array.push_back(std::move(entry));
    }
    return {{"objects", std::move(array)}};
}

// Members that no object has are left out.
std::string objects_text(const std::vector<Object>& objects, const Terminal& terminal) {
    constexpr std::array<std::string_view, members.size()> headings = {"CATALOG", "SCHEMA", "NAME",
                                                                       "KIND", "COMMENT"};
    std::vector<std::size_t> shown;
    std::vector<TextTable::Heading> titles;
    for (std::size_t member = 0; member < members.size(); ++member) {
        const bool given = std::ranges::any_of(
            objects, [&](const Object& object) { return object[member].has_value(); });
        if (!given) continue;
        shown.push_back(member);
        titles.push_back({std::string(headings[member])});
    }
    if (shown.empty()) return {};
    TextTable table(std::move(titles));
    for (const auto& object : objects) {
        std::vector<TextTable::Cell> cells;
        cells.reserve(shown.size());
        for (const auto member : shown)
            cells.emplace_back(object[member].value_or(""));
        table.add_row(std::move(cells));
    }
    return table.text(terminal);
}

Result<ExitCode> run(const Context& context) {
    const auto limit = TimeLimit::read(context);
    if (!limit) return std::unexpected(limit.error());
    auto source = open_source(context, *limit);
    if (!source) return std::unexpected(std::move(source).error());
    auto stream = source->session.objects(limit->options());
    if (!stream) return failed(std::move(stream.error()), Phase::working);
    const std::string pattern(context.arguments.operand("PATTERN").value_or("*"));
    const auto objects = read_objects(*stream, pattern, context.status);
    if (!objects) return std::unexpected(objects.error());
    if (context.json()) return context.print(objects_json(*objects));
    return context.print(objects_text(*objects, context.terminal));
}

} // namespace

const CommandDefinition& objects_command() {
    static const CommandDefinition definition = {
        .name = "objects",
        .summary = "list the tables and views of a source",
        .synopsis = {"REF [PATTERN]"},
        .description = {"Lists what can be read: tables, views and whatever else the source has."},
        .operands = {source_operand(),
                     {.name = "PATTERN",
                      .help = "Only those whose name matches, with the * and ? of a shell; with a "
                              "dot in it, schema and name together.",
                      .optional = true}},
        .options = {timeout_option()},
        .examples = {{"patchbay objects @sqlite.shop", "everything there is"},
                     {"patchbay objects @sqlite.shop 'order*'", "what begins with order"}},
        .takes_source = true,
        .run = run};
    return definition;
}

} // namespace patchbay::command
