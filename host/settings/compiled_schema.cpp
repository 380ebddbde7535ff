// SPDX-License-Identifier: Apache-2.0
// The compiled form of a schema, which everything in this folder works on.

#include "compiled_schema.hpp"

#include "numbers.hpp"

#include <registry/json_pointer.hpp>

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <ranges>

namespace patchbay::host {
namespace json = boost::json;

TypeMask type_of(const json::value& value) {
    switch (value.kind()) {
    case json::kind::null:
        return type_null;
    case json::kind::bool_:
        return type_boolean;
    case json::kind::string:
        return type_text;
    case json::kind::array:
        return type_array;
    case json::kind::object:
        return type_object;
    default:
        return is_integer(value) ? type_integer : type_fraction;
    }
}

void CompiledSchema::append_in_place(NodeIndex index, std::vector<NodeIndex>& to) const {
    const auto append = [&to](NodeIndex node) {
        if (node != no_node) to.push_back(node);
    };
    const auto append_run = [&to](Run run) {
        for (std::uint32_t i = 0; i < run.count; ++i)
            to.push_back(run.first + i);
    };
    if (infos[index].reference != no_node) return append(infos[index].reference);
    const auto& node = nodes[index];
    if ((node.groups & any_group) != 0) {
        const auto& checks = anys[node.any];
        append_run(checks.all_of);
        for (const auto choice : {checks.one_of, checks.any_of}) {
            if (choice != none) append_run(choices[choice].branches);
        }
        for (const auto child :
             {checks.negated, checks.condition, checks.then_node, checks.else_node})
            append(child);
    }
    if ((node.groups & object_group) != 0) {
        const auto run = objects[node.object].dependencies;
        for (std::uint32_t i = 0; i < run.count; ++i)
            append(dependencies[run.first + i].node);
    }
}

void CompiledSchema::append_beneath(NodeIndex index, std::vector<NodeIndex>& to) const {
    const auto append = [&to](NodeIndex node) {
        if (node != no_node) to.push_back(node);
    };
    if (infos[index].reference != no_node) return;
    const auto& node = nodes[index];
    if ((node.groups & array_group) != 0) {
        const auto& checks = arrays[node.array];
        for (std::uint32_t i = 0; i < checks.tuple.count; ++i)
            append(checks.tuple.first + i);
        append(checks.others);
        append(checks.contains);
    }
    if ((node.groups & object_group) != 0) {
        const auto& checks = objects[node.object];
        for (std::uint32_t i = 0; i < checks.keys.key_count; ++i)
            append(properties[checks.first_property + i].node);
        for (std::uint32_t i = 0; i < checks.patterns.count; ++i)
            append(pattern_properties[checks.patterns.first + i].node);
        append(checks.additional);
    }
}

std::string CompiledSchema::pointer(NodeIndex node) const {
    std::vector<NodeIndex> way;
    for (; infos[node].parent != no_node; node = infos[node].parent)
        way.push_back(node);
    const auto entry = std::ranges::find(entry_points, node, &EntryPoint::node);
    std::string text = entry == entry_points.end() ? std::string{} : entry->pointer;
    for (const auto step : std::views::reverse(way)) {
        const auto& info = infos[step];
        registry::append_pointer(text, keyword_name(info.keyword));
        const auto holds = holds_schemas(info.keyword);
        const auto* const list =
            infos[info.parent].source->get_object().if_contains(keyword_name(info.keyword));
        if (holds == Holds::map || holds == Holds::map_or_names) {
            registry::append_pointer(text, info.token);
        } else if (list != nullptr && list->is_array()) {
            registry::append_pointer(text, std::size_t{info.index});
        }
    }
    return text;
}

std::string CompiledSchema::pointer(NodeIndex node, Keyword keyword) const {
    auto text = pointer(node);
    if (keyword != Keyword::none) registry::append_pointer(text, keyword_name(keyword));
    return text;
}

const json::value* CompiledSchema::find_member(NodeIndex node, Keyword keyword) const {
    const auto* object = infos[node].source->if_object();
    return object == nullptr ? nullptr : object->if_contains(keyword_name(keyword));
}

const json::value* CompiledSchema::find_annotation(NodeIndex node, Keyword keyword) const {
    while (true) {
        if (const auto* found = find_member(node, keyword)) return found;
        if (infos[node].reference == no_node) return nullptr;
        node = infos[node].reference;
    }
}

std::string_view CompiledSchema::find_text(NodeIndex node, Keyword keyword) const {
    const auto* found = find_annotation(node, keyword);
    if (found == nullptr || !found->is_string()) return {};
    return {found->get_string().data(), found->get_string().size()};
}

NodeIndex CompiledSchema::find_property(NodeIndex node, std::string_view key) const {
    const auto& compiled = nodes[node];
    if ((compiled.groups & object_group) == 0) return no_node;
    const auto& checks = objects[compiled.object];
    const auto position = tables.find(checks.keys, key);
    return position == TextTables::not_found ? no_node
                                             : properties[checks.first_property + position].node;
}

} // namespace patchbay::host
