// SPDX-License-Identifier: Apache-2.0
// Recognises the two forms of "oneOf" that people can be told about: labels and tagged objects.

#include "choices.hpp"

#include "equality.hpp"
#include "json_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <string_view>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// More branches than this are nothing that people choose from.
constexpr std::uint32_t max_branches = 256;

// The one value that a node allows; nullptr where that is not all it says about values.
const json::value* constant_of(const CompiledSchema& schema, NodeIndex index) {
    const auto& node = schema.nodes[index];
    if ((node.groups & any_group) == 0) return nullptr;
    const auto& checks = schema.anys[node.any];
    const auto set = checks.constant != none ? checks.constant : checks.enumeration;
    if (set == none || schema.value_sets[set].values.count != 1) return nullptr;
    return schema.value_pool[schema.value_sets[set].values.first];
}

// A constant and its annotations.
const json::value* label_of(const CompiledSchema& schema, NodeIndex index) {
    const auto& node = schema.nodes[index];
    const auto* constant = constant_of(schema, index);
    if (constant == nullptr || node.groups != any_group || (node.types & type_of(*constant)) == 0) {
        return nullptr;
    }
    const auto& checks = schema.anys[node.any];
    const bool alone = (checks.constant == none) != (checks.enumeration == none) &&
                       checks.one_of == none && checks.any_of == none && checks.all_of.count == 0 &&
                       checks.negated == no_node && checks.condition == no_node;
    return alone ? constant : nullptr;
}

bool all_different(const std::vector<const json::value*>& values) {
    Budget budget;
    for (std::size_t i = 1; i < values.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (equal_values(*values[i], *values[j], budget)) return false;
        }
    }
    return !budget.exhausted();
}

bool make_labels(CompiledSchema& schema, Choice& choice) {
    std::vector<const json::value*> constants;
    constants.reserve(choice.branches.count);
    for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
        const auto* label = label_of(schema, choice.branches.first + i);
        if (label == nullptr) return false;
        constants.push_back(label);
    }
    if (!all_different(constants)) return false;

    ValueSet set;
    set.values = {static_cast<std::uint32_t>(schema.value_pool.size()), choice.branches.count};
    set.all_text = std::ranges::all_of(constants, [](auto* c) { return c->is_string(); });
    schema.value_pool.insert(schema.value_pool.end(), constants.begin(), constants.end());
    if (set.all_text) {
        std::vector<std::string_view> texts;
        texts.reserve(constants.size());
        for (const auto* constant : constants)
            texts.push_back(text_of(*constant));
        set.texts = schema.tables.add(texts);
    }
    choice.form = Choice::Form::labels;
    choice.values = static_cast<std::uint32_t>(schema.value_sets.size());
    schema.value_sets.push_back(set);
    return true;
}

// Whether each branch has that key with a text of its own; those texts.
std::vector<std::string_view> tags_of(const CompiledSchema& schema, const Choice& choice,
                                      std::string_view key) {
    std::vector<std::string_view> tags;
    tags.reserve(choice.branches.count);
    for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
        const auto property = schema.find_property(choice.branches.first + i, key);
        const auto* constant = property == no_node ? nullptr : constant_of(schema, property);
        if (constant == nullptr || !constant->is_string()) return {};
        tags.push_back(text_of(*constant));
    }
    auto sorted = tags;
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) != sorted.end()) return {};
    return tags;
}

bool make_tagged_by(CompiledSchema& schema, Choice& choice, std::string_view key) {
    const auto tags = tags_of(schema, choice, key);
    if (tags.empty()) return false;
    choice.form = Choice::Form::tagged;
    choice.tag_key = key;
    choice.tags = schema.tables.add(tags);
    return true;
}

void make_tagged(CompiledSchema& schema, Choice& choice) {
    const auto& first = schema.nodes[choice.branches.first];
    if ((first.groups & object_group) == 0) return;
    const auto owner = schema.infos[choice.branches.first].parent;
    const auto* named = schema.find_member(owner, Keyword::discriminator);
    const auto* key = named != nullptr && named->is_object()
                          ? named->get_object().if_contains("propertyName")
                          : nullptr;
    if (key != nullptr && key->is_string() && make_tagged_by(schema, choice, text_of(*key))) return;
    // Any key that the first branch has could be the one; the first that serves is taken.
    const auto keys = schema.objects[first.object].keys;
    for (std::uint32_t position = 0; position < keys.key_count; ++position) {
        if (make_tagged_by(schema, choice, schema.tables.text(keys, position))) return;
    }
}

} // namespace

void classify_choices(CompiledSchema& schema) {
    for (auto& choice : schema.choices) {
        if (choice.branches.count < 2 || choice.branches.count > max_branches) continue;
        if (!make_labels(schema, choice)) make_tagged(schema, choice);
    }
}

} // namespace patchbay::host
