// SPDX-License-Identifier: Apache-2.0
// Makes whole what people and forms leave out: defaults, the obvious choice, empty fields.

#include "completion.hpp"

#include "compiled_schema.hpp"
#include "json_text.hpp"
#include "numbers.hpp"
#include "places.hpp"
#include "pointer_steps.hpp"
#include "scalar_text.hpp"
#include "verdict.hpp"

#include <registry/json_pointer.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// What applies to one value, as its tags have it.
struct Active {
    Nodes nodes;                       // no references among them
    std::vector<const Choice*> unmade; // tagged choices of an object that lacks the tag
};

class Follower {
  public:
    Follower(const CompiledSchema& schema, Budget& budget) : schema_(schema), budget_(budget) {}

    // The given nodes and those they hand the value to for certain: through references, "allOf" and
    // the branch that a tag chooses.
    [[nodiscard]] Active follow(const Nodes& nodes, const json::value& value) {
        constexpr std::size_t nodes_per_step = 512;
        Active active;
        if (!budget_.spend(schema_.nodes.size() / nodes_per_step)) return active;
        std::vector<bool> seen(schema_.nodes.size());
        Nodes open(nodes.rbegin(), nodes.rend());
        while (!open.empty() && budget_.spend(1)) {
            const auto node = schema_.target(open.back());
            open.pop_back();
            if (seen[node]) continue;
            seen[node] = true;
            active.nodes.push_back(node);
            if ((schema_.nodes[node].groups & any_group) == 0) continue;
            const auto& checks = schema_.anys[schema_.nodes[node].any];
            for (auto i = checks.all_of.count; i > 0; --i)
                open.push_back(checks.all_of.first + i - 1);
            for (const auto index : {checks.one_of, checks.any_of}) {
                if (index != none) follow_choice(schema_.choices[index], value, active, open);
            }
        }
        return active;
    }

    // What the active nodes of an object have for one of its members.
    [[nodiscard]] Nodes member(const Active& active, std::string_view key) {
        return Places(schema_, budget_).declared(active.nodes, key);
    }

    [[nodiscard]] Nodes item(const Active& active, std::size_t index) const {
        Nodes nodes;
        for (const auto node : active.nodes) {
            if ((schema_.nodes[node].groups & array_group) == 0) continue;
            const auto& checks = schema_.arrays[schema_.nodes[node].array];
            const auto found = index < checks.tuple.count
                                   ? checks.tuple.first + static_cast<NodeIndex>(index)
                                   : checks.others;
            if (found != no_node) nodes.push_back(found);
        }
        return nodes;
    }

  private:
    void follow_choice(const Choice& choice, const json::value& value, Active& active,
                       Nodes& open) const {
        if (choice.form != Choice::Form::tagged || !value.is_object()) return;
        const auto& object = value.get_object();
        if (!object.contains(boost_view(choice.tag_key))) {
            active.unmade.push_back(&choice);
            return;
        }
        const auto branch = find_tagged_branch(schema_, choice, object);
        if (branch != none) open.push_back(choice.branches.first + branch);
    }

    const CompiledSchema& schema_;
    Budget& budget_;
};

class Completer {
  public:
    Completer(const CompiledSchema& schema, Completion& completion)
        : schema_(schema), completion_(completion), follower_(schema, budget_) {}

    void complete(const Nodes& nodes, json::value& value) {
        if (nodes.empty()) return;
        if (value.is_double()) return make_whole(nodes, value);
        if (!value.is_structured()) return;
        const Level level(budget_);
        if (!level.entered()) return;
        auto active = follower_.follow(nodes, value);
        if (value.is_object()) {
            drop_empty(active, value.get_object());
            if (infer(active, value.get_object())) active = follower_.follow(nodes, value);
            fill(active, value.get_object());
            if (!active.unmade.empty()) {
                // A default may have made the choice.
                active = follower_.follow(nodes, value);
                fill(active, value.get_object());
            }
            for (auto& [key, member] : value.get_object()) {
                const Step step(pointer_, std_view(key));
                complete(follower_.member(active, std_view(key)), member);
            }
        } else {
            auto& items = value.get_array();
            for (std::size_t i = 0; i < items.size() && budget_.spend(1); ++i) {
                const Step step(pointer_, i);
                complete(follower_.item(active, i), items[i]);
            }
        }
    }

  private:
    // One step deeper into the settings, as long as it lives.
    class Step {
      public:
        template <typename Token>
        Step(std::string& pointer, const Token& token) : pointer_(pointer), size_(pointer.size()) {
            registry::append_pointer(pointer, token);
        }
        Step(const Step&) = delete;
        Step(Step&&) = delete;
        Step& operator=(const Step&) = delete;
        Step& operator=(Step&&) = delete;
        ~Step() { pointer_.resize(size_); }

      private:
        std::string& pointer_;
        std::size_t size_;
    };

    [[nodiscard]] std::string pointer_to(std::string_view key) const {
        auto pointer = pointer_;
        registry::append_pointer(pointer, key);
        return pointer;
    }

    // 5e3 is a whole number, and connectors read it as one where the schema wants one.
    void make_whole(const Nodes& nodes, json::value& value) {
        constexpr double limit = 0x1p63;
        const auto number = value.get_double();
        if (!is_integer(value) || number < -limit || number >= limit) return;
        const auto active = follower_.follow(nodes, value);
        if (std::ranges::any_of(active.nodes, [&](NodeIndex node) {
                return (schema_.nodes[node].types & type_number) == type_integer;
            })) {
            value = static_cast<std::int64_t>(number);
        }
    }

    void drop_empty(const Active& active, json::object& object) {
        std::vector<std::string> keys;
        for (const auto& [key, value] : object) {
            if (!value.is_string() || !value.get_string().empty() || !budget_.spend(1)) continue;
            if (is_optional_text(active, std_view(key))) keys.emplace_back(key);
        }
        for (const auto& key : keys) {
            object.erase(key);
            completion_.dropped.push_back(pointer_to(key));
        }
    }

    // Of all nodes that declare the key, or as long as no branch is chosen, could do so.
    [[nodiscard]] bool is_optional_text(const Active& active, std::string_view key) const {
        bool declared = false;
        const auto is_free_of_it = [&](NodeIndex node) {
            const auto* checks = object_checks(node);
            if (checks == nullptr) return true;
            const auto position = schema_.tables.find(checks->keys, key);
            if (position == TextTables::not_found) return true;
            const auto& property = schema_.properties[checks->first_property + position];
            if (property.required) return false;
            declared = true;
            return takes_only_text(property.node);
        };
        for (const auto* choice : active.unmade) {
            for (std::uint32_t i = 0; i < choice->branches.count; ++i) {
                if (!is_free_of_it(choice->branches.first + i)) return false;
            }
        }
        return std::ranges::all_of(active.nodes, is_free_of_it) && declared;
    }

    // Text, and not the empty one by name.
    [[nodiscard]] bool takes_only_text(NodeIndex node) const {
        static const json::value empty("");
        if (schema_.nodes[node].types != type_text) return false;
        if ((schema_.nodes[node].groups & any_group) == 0) return true;
        Budget budget;
        const bool taken = Verdict(schema_, budget).accepts(node, empty);
        return !taken || budget.exhausted();
    }

    // Sets the tag of each choice that the keys leave only one branch of.
    [[nodiscard]] bool infer(const Active& active, json::object& object) {
        bool inferred = false;
        for (const auto* choice : active.unmade) {
            const auto branch = only_branch(active, *choice, object);
            if (!branch) continue;
            const auto tag = schema_.tables.text(choice->tags, *branch);
            object[boost_view(choice->tag_key)] = boost_view(tag);
            completion_.filled.push_back(pointer_to(choice->tag_key));
            inferred = true;
        }
        return inferred;
    }

    [[nodiscard]] std::optional<std::uint32_t>
    only_branch(const Active& active, const Choice& choice, const json::object& object) {
        const auto declared_outside = [&](std::string_view key) {
            return std::ranges::any_of(active.nodes, [&](NodeIndex node) {
                return schema_.find_property(node, key) != no_node;
            });
        };
        std::optional<std::uint32_t> only;
        for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
            if (!budget_.spend(1 + object.size())) return std::nullopt;
            const bool declares_all = std::ranges::all_of(object, [&](const auto& member) {
                const auto key = std_view(member.key());
                return schema_.find_property(choice.branches.first + i, key) != no_node ||
                       declared_outside(key);
            });
            if (!declares_all) continue;
            if (only) return std::nullopt;
            only = i;
        }
        return only;
    }

    void fill(const Active& active, json::object& object) {
        for (const auto node : active.nodes) {
            const auto* checks = object_checks(node);
            if (checks == nullptr) continue;
            for (std::uint32_t i = 0; i < checks->keys.key_count && budget_.spend(1); ++i) {
                const auto property = schema_.properties[checks->first_property + i].node;
                const auto key = schema_.tables.text(checks->keys, i);
                if (property == no_node || object.contains(boost_view(key))) continue;
                const auto* value = schema_.find_annotation(property, Keyword::default_value);
                if (value == nullptr) continue;
                object[boost_view(key)] = *value;
                completion_.filled.push_back(pointer_to(key));
            }
        }
    }

    [[nodiscard]] const ObjectChecks* object_checks(NodeIndex node) const {
        const auto& compiled = schema_.nodes[node];
        return (compiled.groups & object_group) != 0 ? &schema_.objects[compiled.object] : nullptr;
    }

    const CompiledSchema& schema_;
    Completion& completion_;
    Budget budget_;
    Follower follower_;
    std::string pointer_;
};

// What the nodes at one place want, where any of them says so.
TypeMask wanted_types(const CompiledSchema& schema, const Nodes& nodes) {
    TypeMask types = 0;
    for (const auto index : nodes) {
        const auto& node = schema.nodes[index];
        if (node.types != all_types) {
            types |= node.types;
        } else if ((node.groups & any_group) != 0) {
            const auto& checks = schema.anys[node.any];
            const auto labels = checks.one_of == none ? none : schema.choices[checks.one_of].values;
            for (const auto set : {checks.constant, checks.enumeration, labels}) {
                if (set == none) continue;
                const auto run = schema.value_sets[set].values;
                for (std::uint32_t i = 0; i < run.count; ++i)
                    types |= type_of(*schema.value_pool[run.first + i]);
            }
        }
    }
    return types;
}

} // namespace

Completion complete(const Schema& schema, json::value settings) {
    Completion completion;
    completion.settings = std::move(settings);
    Completer(schema.compiled(), completion).complete({CompiledSchema::root}, completion.settings);
    return completion;
}

json::value coerce_text(const Schema& schema, const json::value& settings, std::string_view pointer,
                        std::string_view text) {
    const auto& compiled = schema.compiled();
    Budget budget;
    Follower follower(compiled, budget);
    const json::value* value = &settings;
    Nodes nodes{CompiledSchema::root};
    while (!pointer.empty() && value != nullptr) {
        const auto active = follower.follow(nodes, *value);
        const auto token = take_pointer_token(pointer);
        const auto* const next = find_step(*value, token);
        const bool item = value->is_array() && next != nullptr;
        nodes =
            item ? follower.item(active, static_cast<std::size_t>(next - value->get_array().data()))
                 : follower.member(active, token);
        for (const auto* choice : active.unmade) {
            for (std::uint32_t i = 0; i < choice->branches.count; ++i) {
                const auto node = compiled.find_property(choice->branches.first + i, token);
                if (node != no_node) nodes.push_back(node);
            }
        }
        value = next;
    }
    const auto types = wanted_types(compiled, follower.follow(nodes, json::value(nullptr)).nodes);
    if ((types & type_text) == 0) {
        if (auto scalar = read_scalar(text, types)) return std::move(*scalar);
    }
    return json::string(boost_view(text));
}

std::vector<Fault> check_example(const Schema& schema, json::value example) {
    const auto completion = complete(schema, std::move(example));
    return schema.explain(completion.settings, completion.filled);
}

} // namespace patchbay::host
