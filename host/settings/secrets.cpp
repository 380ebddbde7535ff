// SPDX-License-Identifier: Apache-2.0
// Which values of given settings are secret, and what may be shown instead.

#include "secrets.hpp"

#include "json_text.hpp"
#include "numbers.hpp"
#include "percent_encoding.hpp"
#include "pointer_steps.hpp"
#include "secret_rule.hpp"
#include "url_secrets.hpp"

#include <registry/json_pointer.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <ranges>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

class SecretSearch {
  public:
    explicit SecretSearch(const CompiledSchema& schema) : rule_(schema, budget_) {}

    std::vector<std::string> run(const json::value& settings) {
        visit(rule_.places().at_root(), settings);
        // What could not be followed to its end may be anything.
        if (budget_.exhausted()) return {""};
        return std::move(found_);
    }

  private:
    void visit(const Nodes& nodes, const json::value& value) {
        const Level level(budget_);
        if (!level.entered() || !budget_.spend(1)) return;
        const bool misplaced =
            !value.is_structured() && !value.is_null() && rule_.any_beneath(nodes);
        if (misplaced || rule_.any_marks(nodes)) {
            found_.push_back(pointer_);
        } else if (const auto* object = value.if_object()) {
            for (const auto& [boost_key, member] : *object)
                visit_member(nodes, std_view(boost_key), member);
        } else if (const auto* items = value.if_array()) {
            for (std::size_t i = 0; i < items->size() && !budget_.exhausted(); ++i) {
                const auto size = pointer_.size();
                registry::append_pointer(pointer_, i);
                visit(rule_.places().of_item(nodes, i), (*items)[i]);
                pointer_.resize(size);
            }
        }
    }

    void visit_member(const Nodes& nodes, std::string_view key, const json::value& member) {
        if (budget_.exhausted()) return;
        const auto size = pointer_.size();
        registry::append_pointer(pointer_, key);
        if (rule_.resembles_secret(nodes, key)) {
            found_.push_back(pointer_);
        } else {
            visit(rule_.places().of_member(nodes, key), member);
        }
        pointer_.resize(size);
    }

    Budget budget_;
    SecretRule rule_;
    std::string pointer_;
    std::vector<std::string> found_;
};

const json::value* find(const json::value& settings, std::string_view pointer) {
    const json::value* value = &settings;
    while (!pointer.empty() && value != nullptr)
        value = find_step(*value, take_pointer_token(pointer));
    return value;
}

json::value* find(json::value& settings, std::string_view pointer) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the settings are not const
    return const_cast<json::value*>(find(std::as_const(settings), pointer));
}

// Removes what a pointer names; a list gets shorter.
void erase(json::value& settings, std::string_view pointer) {
    const auto slash = pointer.rfind('/');
    auto* parent = find(settings, pointer.substr(0, slash));
    auto last = pointer.substr(slash);
    const auto token = take_pointer_token(last);
    if (auto* object = parent->if_object()) {
        object->erase(token);
    } else if (auto* items = parent->if_array()) {
        const auto* item = find_step(*parent, token);
        items->erase(items->begin() + (item - items->data()));
    }
}

void append_encoded(std::string_view secret, std::vector<std::string>& values) {
    values.emplace_back(secret);
    values.push_back(percent_decode(secret));
}

void append_url_password(std::string_view text, std::vector<std::string>& values) {
    append_encoded(url_password(text), values);
    for (const auto& [name, value] : url_parameters(text))
        if (name == "password") append_encoded(value, values);
}

// Whether the schema declares a setting of that name, at whatever place, and marks none.
// Where the budget ends, it does not.
bool declares_open(const CompiledSchema& schema, std::string_view name, Budget& budget) {
    const SecretRule rule(schema, budget);
    bool declared = false;
    for (const auto& checks : schema.objects) {
        if (!budget.spend(1)) return false;
        const auto position = schema.tables.find(checks.keys, name);
        if (position == TextTables::not_found) continue;
        const auto node = schema.properties[checks.first_property + position].node;
        if (node == no_node) continue;
        if (rule.marks(node) || rule.marks(schema.target(node))) return false;
        declared = true;
    }
    return declared;
}

// A list of what is still to be looked at, instead of recursion.
void append_scalars(const json::value& secret, std::vector<std::string>& values) {
    std::vector<const json::value*> open{&secret};
    while (!open.empty()) {
        const auto& value = *open.back();
        open.pop_back();
        if (const auto* object = value.if_object()) {
            for (const auto& member : *object)
                open.push_back(&member.value());
        } else if (const auto* items = value.if_array()) {
            for (const auto& item : *items)
                open.push_back(&item);
        } else if (value.is_string()) {
            values.emplace_back(text_of(value));
            append_url_password(text_of(value), values);
        } else if (value.is_number()) {
            values.push_back(number_text(value));
        }
    }
}

// Shorter ones are ordinary words, which would be masked wherever they stand.
constexpr std::size_t min_parameter_bytes = 4;

void append_open_url(const CompiledSchema& schema, std::string_view text, Budget& budget,
                     std::vector<std::string>& values) {
    if (!resembles_url(text)) return;
    append_encoded(url_password(text), values);
    for (const auto& [name, value] : url_parameters(text)) {
        if (value.size() < min_parameter_bytes && !sounds_secret(name)) continue;
        if (!declares_open(schema, percent_decode(name), budget)) append_encoded(value, values);
    }
}

// Calls visit(text) for each text of the settings. A list instead of recursion.
template <typename Value, typename Visit>
void for_each_text(Value& settings, const Visit& visit) {
    std::vector<Value*> open{&settings};
    while (!open.empty()) {
        auto& value = *open.back();
        open.pop_back();
        if (auto* object = value.if_object()) {
            for (auto& member : *object)
                open.push_back(&member.value());
        } else if (auto* items = value.if_array()) {
            for (auto& item : *items)
                open.push_back(&item);
        } else if (value.is_string()) {
            visit(value);
        }
    }
}

} // namespace

std::vector<std::string> find_secrets(const Schema& schema, const json::value& settings) {
    return SecretSearch(schema.compiled()).run(settings);
}

json::value mask_secrets(const Schema& schema, const json::value& settings) {
    auto masked = settings;
    for (const auto& pointer : find_secrets(schema, settings))
        *find(masked, pointer) = boost_view(secret_mask);
    return masked;
}

std::vector<std::string> secret_values(const Schema& schema, const json::value& settings) {
    std::vector<std::string> values;
    for (const auto& pointer : find_secrets(schema, settings))
        append_scalars(*find(settings, pointer), values);
    Budget budget;
    for_each_text(settings, [&](const json::value& text) {
        append_open_url(schema.compiled(), text_of(text), budget, values);
    });
    std::erase(values, "");
    std::ranges::sort(values);
    values.erase(std::ranges::unique(values).begin(), values.end());
    return values;
}

void mask_urls(json::value& settings) {
    for_each_text(settings, [](json::value& text) {
        text = json::string(boost_view(masked_open_text(text_of(text))));
    });
}

json::value keep_masked(const Schema& schema, json::value sent, const json::value& stored) {
    const auto secrets = find_secrets(schema, sent);
    // From the last to the first, so that leaving one out of a list moves none that follow.
    for (const auto& pointer : std::views::reverse(secrets)) {
        auto* value = find(sent, pointer);
        if (!value->is_string() || text_of(*value) != secret_mask) continue;
        if (const auto* kept = find(stored, pointer)) {
            *value = *kept;
        } else if (!pointer.empty()) {
            erase(sent, pointer);
        } else {
            *value = nullptr;
        }
    }
    return sent;
}

} // namespace patchbay::host
