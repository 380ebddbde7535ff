// SPDX-License-Identifier: Apache-2.0
// Decides whether a value is what a schema asks for, as fast as it can, and says nothing more.

#include "verdict.hpp"

#include "equality.hpp"
#include "json_text.hpp"
#include "numbers.hpp"

#include <boost/json/string.hpp>
#include <re2/re2.h>

#include <algorithm>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// One step per so many bytes of a text that is read once.
constexpr std::size_t bytes_per_step = 64;

bool is_within(const NumberChecks& checks, const json::value& value) {
    const auto at_least = [&](const json::value* bound) {
        return bound == nullptr || compare_numbers(value, *bound) >= 0;
    };
    const auto at_most = [&](const json::value* bound) {
        return bound == nullptr || compare_numbers(value, *bound) <= 0;
    };
    const auto above = [&](const json::value* bound) {
        return bound == nullptr || compare_numbers(value, *bound) > 0;
    };
    const auto below = [&](const json::value* bound) {
        return bound == nullptr || compare_numbers(value, *bound) < 0;
    };
    return at_least(checks.minimum) && at_most(checks.maximum) && above(checks.exclusive_minimum) &&
           below(checks.exclusive_maximum);
}

} // namespace

bool Verdict::accepts(NodeIndex index, const json::value& value) {
    if (!budget_.spend(1)) return false;
    const auto& node = schema_.nodes[index];
    switch (value.kind()) {
    case json::kind::object:
        if ((node.types & type_object) == 0) return false;
        if ((node.groups & object_group) != 0) {
            const auto& checks = schema_.objects[node.object];
            if (!accepts_object(checks, value.get_object())) return false;
            if (checks.dependencies.count > 0 && !accepts_dependencies(checks, value)) return false;
        }
        break;
    case json::kind::array:
        if ((node.types & type_array) == 0) return false;
        if ((node.groups & array_group) != 0 &&
            !accepts_array(schema_.arrays[node.array], value.get_array())) {
            return false;
        }
        break;
    case json::kind::string:
        if ((node.types & type_text) == 0) return false;
        if ((node.groups & text_group) != 0 &&
            !accepts_text(schema_.texts[node.text], text_of(value))) {
            return false;
        }
        break;
    case json::kind::bool_:
        if ((node.types & type_boolean) == 0) return false;
        break;
    case json::kind::null:
        if ((node.types & type_null) == 0) return false;
        break;
    default:
        if ((node.types & type_of(value)) == 0) return false;
        if ((node.groups & number_group) != 0 &&
            !accepts_number(schema_.numbers[node.number], value)) {
            return false;
        }
    }
    return (node.groups & any_group) == 0 || accepts_any(schema_.anys[node.any], value);
}

bool Verdict::accepts_number(const NumberChecks& checks, const json::value& value) {
    if (value.is_int64()) {
        const auto number = value.get_int64();
        if (number < checks.lowest || number > checks.highest) return false;
    } else if (!is_within(checks, value)) {
        return false;
    }
    return checks.multiple_of == nullptr || is_multiple_of(value, *checks.multiple_of);
}

bool Verdict::accepts_text(const TextChecks& checks, std::string_view text) {
    return has_length(checks, text) &&
           (checks.pattern == no_pattern || matches(checks.pattern, text)) &&
           has_format(checks, text);
}

bool Verdict::has_length(const TextChecks& checks, std::string_view text) {
    // A code point takes one to four bytes: often there is nothing to count.
    const auto size = text.size();
    if (size < checks.min_length || size / 4 > checks.max_length) return false;
    if ((size + 3) / 4 >= checks.min_length && size <= checks.max_length) return true;
    if (!budget_.spend(size / bytes_per_step)) return false;
    const auto length = count_code_points(text);
    return length >= checks.min_length && length <= checks.max_length;
}

bool Verdict::matches(std::uint32_t index, std::string_view text) {
    // What RE2 takes at worst, when its automaton outgrows its memory: the text times the program.
    constexpr std::uint64_t work_per_step = 256;
    const auto& pattern = schema_.patterns[index];
    if (!budget_.spend(text.size() * pattern.size / work_per_step)) return false;
    return pattern.expression->Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED,
                                     nullptr, 0);
}

bool Verdict::has_format(const TextChecks& checks, std::string_view text) {
    if (!checks.format) return true;
    return budget_.spend(text.size() / bytes_per_step) && host::has_format(*checks.format, text);
}

bool Verdict::accepts_array(const ArrayChecks& checks, const json::array& items) {
    const auto size = items.size();
    if (size < checks.min_items || size > checks.max_items || !budget_.spend(size)) return false;
    const Level level(budget_);
    if (!level.entered()) return false;

    const std::size_t tuple = std::min<std::size_t>(checks.tuple.count, size);
    for (std::size_t i = 0; i < tuple; ++i) {
        if (!accepts(checks.tuple.first + static_cast<NodeIndex>(i), items[i])) return false;
    }
    if (checks.others != no_node) {
        for (std::size_t i = tuple; i < size; ++i) {
            if (!accepts(checks.others, items[i])) return false;
        }
    }
    if (checks.contains != no_node &&
        std::ranges::none_of(items, [&](const auto& i) { return accepts(checks.contains, i); })) {
        return false;
    }
    return !checks.unique || !find_equal_items(items, budget_).found;
}

bool Verdict::accepts_object(const ObjectChecks& checks, const json::object& object) {
    const auto size = object.size();
    if (size < checks.required_count || size < checks.min_properties ||
        size > checks.max_properties || !budget_.spend(size)) {
        return false;
    }
    const Level level(budget_);
    if (!level.entered()) return false;

    std::uint32_t required = 0; // keys of an object differ, so that counting them is enough
    std::uint32_t expected = 0;
    for (const auto& [boost_key, value] : object) {
        const auto key = std_view(boost_key);
        bool declared = false;
        const auto position = schema_.tables.find(checks.keys, key, expected);
        if (position != TextTables::not_found) {
            const auto& property = schema_.properties[checks.first_property + position];
            expected = position + 1;
            required += property.required ? 1 : 0;
            if (property.node != no_node) {
                declared = true;
                if (!accepts(property.node, value)) return false;
            }
        }
        for (std::uint32_t i = 0; i < checks.patterns.count; ++i) {
            const auto& pattern = schema_.pattern_properties[checks.patterns.first + i];
            if (!budget_.spend(1)) return false;
            if (!matches(pattern.pattern, key)) continue;
            declared = true;
            if (!accepts(pattern.node, value)) return false;
        }
        if (!declared && checks.additional != no_node && !accepts(checks.additional, value)) {
            return false;
        }
        if (checks.names != no_node && !accepts_key(checks.names, key)) return false;
    }
    return required == checks.required_count;
}

bool Verdict::accepts_key(NodeIndex names, std::string_view key) {
    const json::value text(json::string_view(key.data(), key.size()));
    return accepts(names, text);
}

bool Verdict::accepts_dependencies(const ObjectChecks& checks, const json::value& value) {
    const auto& object = value.get_object();
    for (std::uint32_t i = 0; i < checks.dependencies.count; ++i) {
        const auto& dependency = schema_.dependencies[checks.dependencies.first + i];
        if (!budget_.spend(1 + dependency.names.count)) return false;
        if (!object.contains(dependency.key)) continue;
        for (std::uint32_t name = 0; name < dependency.names.count; ++name) {
            if (!object.contains(schema_.dependency_names[dependency.names.first + name])) {
                return false;
            }
        }
        if (dependency.node != no_node) {
            const Level level(budget_);
            if (!level.entered() || !accepts(dependency.node, value)) return false;
        }
    }
    return true;
}

bool Verdict::accepts_any(const AnyChecks& checks, const json::value& value) {
    if (checks.constant != none && !in_set(checks.constant, value)) return false;
    if (checks.enumeration != none && !in_set(checks.enumeration, value)) return false;
    const Level level(budget_);
    if (!level.entered()) return false;

    if (checks.one_of != none && !accepts_choice(schema_.choices[checks.one_of], true, value)) {
        return false;
    }
    if (checks.any_of != none && !accepts_choice(schema_.choices[checks.any_of], false, value)) {
        return false;
    }
    for (std::uint32_t i = 0; i < checks.all_of.count; ++i) {
        if (!accepts(checks.all_of.first + i, value)) return false;
    }
    if (checks.negated != no_node && accepts(checks.negated, value)) return false;
    if (checks.condition != no_node) {
        const auto branch = accepts(checks.condition, value) ? checks.then_node : checks.else_node;
        if (branch != no_node && !accepts(branch, value)) return false;
    }
    return true;
}

bool Verdict::accepts_choice(const Choice& choice, bool only_one, const json::value& value) {
    if (choice.form == Choice::Form::labels) return in_set(choice.values, value);
    if (choice.form == Choice::Form::tagged && value.is_object()) {
        const auto* tag = value.get_object().if_contains(choice.tag_key);
        if (tag != nullptr) {
            // Every other branch wants another tag.
            const auto branch = find_tagged_branch(schema_, choice, value.get_object());
            return branch != none && accepts(choice.branches.first + branch, value);
        }
    }
    std::uint32_t accepted = 0;
    for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
        if (!accepts(choice.branches.first + i, value)) continue;
        if (!only_one) return true;
        if (++accepted > 1) return false;
    }
    return accepted == 1;
}

bool Verdict::in_set(std::uint32_t value_set, const json::value& value) {
    const auto& set = schema_.value_sets[value_set];
    if (set.all_text) {
        return value.is_string() &&
               schema_.tables.find(set.texts, text_of(value)) != TextTables::not_found;
    }
    if (set.first_hash == none) {
        for (std::uint32_t i = 0; i < set.values.count; ++i) {
            if (equal_values(*schema_.value_pool[set.values.first + i], value, budget_))
                return true;
        }
        return false;
    }
    const auto hash = hash_value(value, budget_);
    const auto first = schema_.value_hashes.begin() + set.first_hash;
    const auto last = first + set.values.count;
    auto candidate = std::lower_bound(first, last, hash,
                                      [](const auto& entry, auto h) { return entry.first < h; });
    for (; candidate != last && candidate->first == hash; ++candidate) {
        if (equal_values(*candidate->second, value, budget_)) return true;
    }
    return false;
}

std::uint32_t find_tagged_branch(const CompiledSchema& schema, const Choice& choice,
                                 const json::object& object) {
    const auto* tag = object.if_contains(boost_view(choice.tag_key));
    if (tag == nullptr || !tag->is_string()) return none;
    return schema.tables.find(choice.tags, text_of(*tag));
}

std::size_t count_code_points(std::string_view text) {
    // All bytes but those that continue a code point.
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

} // namespace patchbay::host
