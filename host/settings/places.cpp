// SPDX-License-Identifier: Apache-2.0
// Which parts of a schema speak about one place in the settings.

#include "places.hpp"

#include "pointer_steps.hpp"
#include "verdict.hpp"

#include <algorithm>
#include <string>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// The checks of a node that is no $ref; one that is has those of its target, which is among the
// nodes too.
const ObjectChecks* object_checks(const CompiledSchema& schema, NodeIndex index) {
    const auto& node = schema.nodes[index];
    const bool own = schema.infos[index].reference == no_node && (node.groups & object_group) != 0;
    return own ? &schema.objects[node.object] : nullptr;
}

const ArrayChecks* array_checks(const CompiledSchema& schema, NodeIndex index) {
    const auto& node = schema.nodes[index];
    const bool own = schema.infos[index].reference == no_node && (node.groups & array_group) != 0;
    return own ? &schema.arrays[node.array] : nullptr;
}

} // namespace

Nodes Places::at_root() {
    Nodes nodes{CompiledSchema::root};
    complete(nodes);
    return nodes;
}

Nodes Places::of_member(const Nodes& object, std::string_view key) {
    auto nodes = declared(object, key);
    complete(nodes);
    return nodes;
}

Nodes Places::declared(const Nodes& object, std::string_view key) {
    Nodes nodes;
    for (const auto node : object) {
        const auto* checks = object_checks(schema_, node);
        if (checks == nullptr) continue;
        const bool named = append_named(*checks, key, nodes);
        if (!named && checks->additional != no_node) nodes.push_back(checks->additional);
    }
    return nodes;
}

bool Places::names_member(const Nodes& object, std::string_view key) {
    Nodes ignored;
    return std::ranges::any_of(object, [&](NodeIndex node) {
        const auto* checks = object_checks(schema_, node);
        return checks != nullptr && append_named(*checks, key, ignored);
    });
}

Nodes Places::of_item(const Nodes& list, std::size_t index) {
    Nodes nodes;
    for (const auto node : list) {
        const auto* checks = array_checks(schema_, node);
        if (checks == nullptr) continue;
        const bool in_tuple = index < checks->tuple.count;
        const auto item =
            in_tuple ? checks->tuple.first + static_cast<NodeIndex>(index) : checks->others;
        for (const auto child : {item, checks->contains}) {
            if (child != no_node) nodes.push_back(child);
        }
    }
    complete(nodes);
    return nodes;
}

Nodes Places::at(const json::value& settings, std::string_view pointer) {
    auto nodes = at_root();
    const json::value* value = &settings;
    while (!pointer.empty()) {
        if (value == nullptr) return {};
        const auto token = take_pointer_token(pointer);
        const auto* next = find_step(*value, token);
        if (value->is_array() && next != nullptr) {
            nodes = of_item(nodes, static_cast<std::size_t>(next - value->get_array().data()));
        } else {
            nodes = of_member(nodes, token);
        }
        value = next;
    }
    return nodes;
}

bool Places::append_named(const ObjectChecks& checks, std::string_view key, Nodes& nodes) {
    bool named = false;
    const auto position = schema_.tables.find(checks.keys, key);
    if (position != TextTables::not_found) {
        const auto node = schema_.properties[checks.first_property + position].node;
        named = node != no_node;
        if (named) nodes.push_back(node);
    }
    for (std::uint32_t i = 0; i < checks.patterns.count && budget_.spend(1); ++i) {
        const auto& entry = schema_.pattern_properties[checks.patterns.first + i];
        if (!Verdict(schema_, budget_).matches(entry.pattern, key)) continue;
        named = true;
        nodes.push_back(entry.node);
    }
    return named;
}

// Leaves each node once, and adds all those that they hand their value to.
void Places::complete(Nodes& nodes) {
    constexpr std::size_t nodes_per_step = 512;
    if (!budget_.spend(1 + schema_.nodes.size() / nodes_per_step)) return;
    std::vector<bool> seen(schema_.nodes.size());
    Nodes found;
    const auto add = [&](NodeIndex node) {
        if (!seen[node]) found.push_back(node);
        seen[node] = true;
    };
    std::ranges::for_each(nodes, add);
    for (std::size_t i = 0; i < found.size() && budget_.spend(1); ++i) {
        nodes.clear();
        schema_.append_in_place(found[i], nodes);
        std::ranges::for_each(nodes, add);
    }
    nodes = std::move(found);
}

} // namespace patchbay::host
