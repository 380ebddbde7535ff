// SPDX-License-Identifier: Apache-2.0
// Which values of given settings are secret, and what may be shown instead.

#include "secrets.hpp"

#include "json_text.hpp"
#include "numbers.hpp"
#include "percent_encoding.hpp"
#include "pointer_steps.hpp"
#include "secret_rule.hpp"

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

// The password of "scheme://user:password@host", and one among the parameters. By hand, because
// the URLs of databases are often none to a parser: several hosts, a slash in the password.
void append_url_password(std::string_view text, std::vector<std::string>& values) {
    const auto append = [&values](std::string_view password) {
        values.emplace_back(password);
        values.push_back(percent_decode(password));
    };
    constexpr std::string_view begin = "://";
    const auto start = text.find(begin);
    if (start == std::string_view::npos) return;
    const auto authority = start + begin.size();
    const auto path = text.find_first_of("/?#", authority);
    auto at = text.rfind('@', path);
    if (at == std::string_view::npos || at < authority) at = text.rfind('@');
    const auto colon = text.find(':', authority);
    if (at != std::string_view::npos && colon < at) append(text.substr(colon + 1, at - colon - 1));

    constexpr std::string_view parameter = "password=";
    for (auto found = text.find(parameter); found != std::string_view::npos;
         found = text.find(parameter, found + 1)) {
        const auto value = text.substr(found + parameter.size());
        append(value.substr(0, value.find_first_of("&#")));
    }
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
    std::erase(values, "");
    std::ranges::sort(values);
    values.erase(std::ranges::unique(values).begin(), values.end());
    return values;
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
