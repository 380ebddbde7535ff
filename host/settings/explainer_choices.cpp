// SPDX-License-Identifier: Apache-2.0
// What to tell of "oneOf", "anyOf" and "if": the one branch that was meant, and why it counts.

#include "explainer.hpp"
#include "explanation.hpp"
#include "json_text.hpp"
#include "words.hpp"

#include <registry/json_pointer.hpp>
#include <registry/spelling.hpp>

#include <boost/json/string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <ranges>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// How far a branch is from what was written. A wrong type where the value itself stands means that
// the branch was not meant at all; a key it does not know, or misses, weighs more than a value.
std::size_t distance(const std::vector<Fault>& faults, std::string_view pointer) {
    constexpr std::size_t wrong_type = 10;
    std::size_t sum = 0;
    for (const auto& fault : faults) {
        switch (fault.code) {
        case FaultCode::settings_type:
            sum += fault.pointer == pointer ? wrong_type : 1;
            break;
        case FaultCode::settings_unknown:
        case FaultCode::settings_required:
        case FaultCode::settings_const:
            sum += 2;
            break;
        default:
            sum += 1;
        }
    }
    return sum;
}

} // namespace

void Explainer::explain_choice(const Scope& scope, const Choice& choice, Keyword keyword,
                               const json::value& value) {
    if (verdict_.accepts_choice(choice, keyword == Keyword::one_of, value)) return;
    if (budget_.exhausted()) return;
    if (choice.form == Choice::Form::labels)
        return explain_set(scope, choice.values, keyword, value);
    if (choice.form == Choice::Form::tagged && value.is_object()) {
        return explain_tagged(scope, choice, keyword, value);
    }
    explain_plain(scope, choice, keyword, value);
}

void Explainer::explain_tagged(const Scope& scope, const Choice& choice, Keyword keyword,
                               const json::value& value) {
    const auto& object = value.get_object();
    const auto* tag = object.if_contains(boost_view(choice.tag_key));
    const auto branch = find_tagged_branch(schema_, choice, object);
    if (branch != none) {
        const auto node = schema_.target(choice.branches.first + branch);
        return explain(node, value, Scope{&scope, node, scope.reason, &choice, branch});
    }
    if (tag == nullptr) {
        const auto told = faults_.size();
        explain_undeclared(scope, choice, object);
        if (faults_.size() > told || explain_likeliest(scope, choice, value)) return;
        Finding finding{FaultCode::settings_required, scope.node, keyword,
                        need_words(choice.tag_key)};
        finding.params["key"] = boost_view(choice.tag_key);
        return report(scope, std::move(finding));
    }
    json::array tags;
    for (std::uint32_t i = 0; i < choice.tags.key_count; ++i)
        tags.emplace_back(boost_view(schema_.tables.text(choice.tags, i)));
    std::vector<const json::value*> allowed;
    allowed.reserve(tags.size());
    for (const auto& one : tags)
        allowed.push_back(&one);
    const auto size = pointer_.size();
    registry::append_pointer(pointer_, choice.tag_key);
    report_values(scope, keyword, FaultCode::settings_enum, allowed, *tag);
    pointer_.resize(size);
    explain_undeclared(scope, choice, object);
}

// Whether a missing key is the tag of a choice of the same node, which knows better what to say.
bool Explainer::is_told_by_choice(NodeIndex index, std::string_view key, const json::value& value) {
    const auto& node = schema_.nodes[index];
    if ((node.groups & any_group) == 0) return false;
    const auto& checks = schema_.anys[node.any];
    return std::ranges::any_of(std::initializer_list{checks.one_of, checks.any_of}, [&](auto at) {
        return at != none && schema_.choices[at].form == Choice::Form::tagged &&
               schema_.choices[at].tag_key == key &&
               !verdict_.accepts_choice(schema_.choices[at], at == checks.one_of, value);
    });
}

// Tells what is wrong with the branch that declares most of the keys given, as if its tag were
// there. False where no branch stands out, or nothing but the tag is missing.
bool Explainer::explain_likeliest(const Scope& scope, const Choice& choice,
                                  const json::value& value) {
    const auto& object = value.get_object();
    std::size_t most = 0;
    std::uint32_t likeliest = none;
    for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
        if (!budget_.spend(1 + object.size())) return false;
        const auto declared =
            static_cast<std::size_t>(std::ranges::count_if(object, [&](const auto& member) {
                return schema_.find_property(choice.branches.first + i, std_view(member.key())) !=
                       no_node;
            }));
        if (declared == most) likeliest = none;
        if (declared > most) {
            most = declared;
            likeliest = i;
        }
    }
    if (likeliest == none) return false;
    auto told = std::exchange(faults_, {});
    const auto node = schema_.target(choice.branches.first + likeliest);
    explain(node, value, Scope{&scope, node, scope.reason, &choice, likeliest});
    const auto tag_words = need_words(choice.tag_key);
    std::erase_if(faults_, [&](const Fault& fault) {
        return fault.code == FaultCode::settings_required && fault.pointer == pointer_ &&
               fault.message.starts_with(tag_words);
    });
    auto found = std::exchange(faults_, std::move(told));
    const bool any = !found.empty();
    for (auto& fault : found)
        if (!is_full()) faults_.push_back(std::move(fault));
    return any;
}

// No branch is chosen; a key that none of them has is wrong in any case.
void Explainer::explain_undeclared(const Scope& scope, const Choice& choice,
                                   const json::object& object) {
    constexpr std::uint64_t steps_per_guess = 20;
    const auto is_closed = [this](NodeIndex node) {
        const auto& compiled = schema_.nodes[node];
        if ((compiled.groups & object_group) == 0) return false;
        const auto& checks = schema_.objects[compiled.object];
        return checks.additional != no_node && schema_.nodes[checks.additional].types == 0 &&
               checks.patterns.count == 0;
    };
    const auto first = choice.branches.first;
    const auto branches = std::views::iota(first, first + choice.branches.count);
    if (!std::ranges::all_of(branches, is_closed)) return;
    for (const auto& [boost_key, member] : object) {
        const auto key = std_view(boost_key);
        if (is_full() || !budget_.spend(choice.branches.count)) return;
        if (std::ranges::any_of(branches, [&](NodeIndex branch) {
                return schema_.find_property(branch, key) != no_node;
            })) {
            continue;
        }
        registry::SpellingGuess guess(key);
        for (const auto branch : branches) {
            const auto& keys = schema_.objects[schema_.nodes[branch].object].keys;
            for (std::uint32_t i = 0; i < keys.key_count && budget_.spend(steps_per_guess); ++i) {
                const auto known = schema_.tables.text(keys, i);
                if (!object.contains(boost_view(known))) guess.consider(known);
            }
        }
        Finding finding{FaultCode::settings_unknown, schema_.target(first),
                        Keyword::additional_properties, unknown_words(key)};
        finding.params["key"] = boost_view(key);
        finding.suggestion = std::string(guess.best());
        report(scope, std::move(finding));
    }
}

// What to say of a key that belongs to another branch than the chosen one: with method "params"
// give host, database and user, or choose method "url".
std::string Explainer::describe_misplaced(const Scope& scope, std::string_view key,
                                          json::object& params) const {
    const Scope* chosen = &scope;
    while (chosen != nullptr && chosen->choice == nullptr)
        chosen = chosen->outer;
    if (chosen == nullptr) return {};

    const auto& choice = *chosen->choice;
    std::vector<std::string> others;
    json::array tags;
    for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
        if (i == chosen->branch ||
            schema_.find_property(choice.branches.first + i, key) == no_node) {
            continue;
        }
        const auto tag = schema_.tables.text(choice.tags, i);
        others.push_back(quote(tag));
        tags.emplace_back(boost_view(tag));
    }
    if (others.empty()) return {};
    params["belongs_to"] = std::move(tags);

    std::vector<std::string> needed;
    const auto& checks = schema_.objects[schema_.nodes[chosen->node].object];
    for (std::uint32_t i = 0; i < checks.keys.key_count; ++i) {
        const auto name = schema_.tables.text(checks.keys, i);
        if (schema_.properties[checks.first_property + i].required && name != choice.tag_key) {
            needed.emplace_back(name);
        }
    }
    const auto choose = fmt::format("choose {} {}", choice.tag_key, join_words(others, "or"));
    const auto tag = quote(schema_.tables.text(choice.tags, chosen->branch));
    if (needed.empty())
        return fmt::format("{} {} does not take it; {}", choice.tag_key, tag, choose);
    return fmt::format("with {} {} give {}, or {}", choice.tag_key, tag, join_words(needed, "and"),
                       choose);
}

// A choice that nothing tells the branches apart in, or that is made for another type of value.
void Explainer::explain_plain(const Scope& scope, const Choice& choice, Keyword keyword,
                              const json::value& value) {
    std::vector<std::uint32_t> accepted;
    std::vector<std::uint32_t> candidates; // that take a value of this type
    TypeMask types = 0;
    for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
        const auto node = choice.branches.first + i;
        if (verdict_.accepts(node, value)) accepted.push_back(i);
        if (budget_.exhausted()) return;
        types |= schema_.nodes[node].types;
        if ((schema_.nodes[node].types & type_of(value)) != 0) candidates.push_back(i);
    }
    if (accepted.size() > 1) return explain_too_many(scope, choice, accepted);

    if (candidates.empty()) {
        Finding finding{FaultCode::settings_type, scope.node, keyword,
                        types == 0 ? "is not allowed here"
                                   : fmt::format("must be {}", type_words(types))};
        const bool shown = !value.is_structured() && !is_secret_here();
        finding.actual = shown ? value_words(value) : type_words(type_of(value));
        return report(scope, std::move(finding));
    }
    // Constants in several branches are one list to choose from.
    std::vector<const json::value*> constants;
    for (const auto candidate : candidates) {
        const auto& node = schema_.nodes[choice.branches.first + candidate];
        const auto* checks = node.groups == any_group ? &schema_.anys[node.any] : nullptr;
        const auto set = checks == nullptr          ? none
                         : checks->constant != none ? checks->constant
                                                    : checks->enumeration;
        if (set == none) {
            return explain_closest(scope, choice, keyword, candidates, value);
        }
        const auto run = schema_.value_sets[set].values;
        const auto first = schema_.value_pool.begin() + run.first;
        constants.insert(constants.end(), first, first + run.count);
    }
    report_values(scope, keyword, FaultCode::settings_enum, constants, value);
}

void Explainer::explain_too_many(const Scope& scope, const Choice& choice,
                                 const std::vector<std::uint32_t>& accepted) {
    constexpr std::size_t shown = 3;
    std::vector<std::string> names;
    for (const auto branch : accepted | std::views::take(shown))
        names.push_back(form_name(choice, branch));
    Finding finding{
        FaultCode::settings_one_of, scope.node, Keyword::one_of,
        fmt::format(
            "must fit only one of the forms allowed here; it fits {}{}", join_words(names, "and"),
            accepted.size() > shown ? fmt::format(" and {} more", accepted.size() - shown) : "")};
    report(scope, std::move(finding));
}

// Tries each branch. One that is nearest speaks for the choice; where several are, all are named.
void Explainer::explain_closest(const Scope& scope, const Choice& choice, Keyword keyword,
                                const std::vector<std::uint32_t>& candidates,
                                const json::value& value) {
    constexpr std::size_t max_tried = 16;
    constexpr std::size_t shown = 3;
    constexpr int max_trials = 2; // of choices inside choices
    if (candidates.size() == 1) {
        return explain_in_place(choice.branches.first + candidates.front(), value, scope, {});
    }
    struct Tried {
        std::uint32_t branch;
        std::size_t distance;
        std::vector<Fault> faults;
    };
    std::vector<Tried> tried;
    if (trials_ < max_trials) {
        ++trials_;
        for (const auto branch : candidates | std::views::take(max_tried)) {
            auto told = std::exchange(faults_, {});
            explain_in_place(choice.branches.first + branch, value, scope, {});
            auto faults = std::exchange(faults_, std::move(told));
            const auto away = distance(faults, pointer_);
            if (!faults.empty()) tried.push_back({branch, away, std::move(faults)});
        }
        --trials_;
        std::ranges::sort(tried, {},
                          [](const Tried& one) { return std::pair(one.distance, one.branch); });
    }
    if (!tried.empty() && (tried.size() == 1 || tried[0].distance < tried[1].distance)) {
        for (auto& fault : tried.front().faults) {
            if (!is_full()) faults_.push_back(std::move(fault));
        }
        return;
    }
    std::string reasons;
    for (const auto& one : tried | std::views::take(shown)) {
        const auto& fault = one.faults.front();
        const auto place = std::string_view(fault.pointer).substr(pointer_.size());
        reasons +=
            fmt::format("{} {}: {}{}{}", reasons.empty() ? ":" : ";", form_name(choice, one.branch),
                        place, place.empty() ? "" : " ", fault.message);
    }
    Finding finding{
        keyword == Keyword::one_of ? FaultCode::settings_one_of : FaultCode::settings_any_of,
        scope.node, keyword,
        fmt::format("fits none of the {} forms allowed here{}", choice.branches.count, reasons)};
    report(scope, std::move(finding));
}

std::string Explainer::form_name(const Choice& choice, std::uint32_t branch) const {
    const auto title = schema_.find_text(choice.branches.first + branch, Keyword::title);
    return title.empty() ? fmt::format("form {}", branch + 1) : quote(title);
}

// Why a condition led to its branch, told by the keys it looks at: ca_source is "file". Empty where
// it asks more than can be said in a few words.
std::string Explainer::condition_words(NodeIndex condition, bool holds, const json::value& value) {
    condition = schema_.target(condition);
    const auto& node = schema_.nodes[condition];
    if (node.groups != object_group || !value.is_object()) return {};
    const auto& checks = schema_.objects[node.object];
    const bool only_keys = checks.additional == no_node && checks.names == no_node &&
                           checks.patterns.count == 0 && checks.dependencies.count == 0 &&
                           checks.min_properties == 0 && checks.max_properties == no_limit;
    if (!only_keys || checks.keys.key_count > 3) return {};

    std::vector<std::string> reasons;
    for (std::uint32_t i = 0; i < checks.keys.key_count; ++i) {
        const auto key = schema_.tables.text(checks.keys, i);
        const auto* member = value.get_object().if_contains(boost_view(key));
        const auto wanted_by = schema_.properties[checks.first_property + i].node;
        const auto wanted =
            wanted_by == no_node ? std::string{} : requirement_words(schema_, wanted_by);
        const auto size = pointer_.size();
        registry::append_pointer(pointer_, key);
        const bool secret = is_secret_here();
        pointer_.resize(size);
        if (wanted_by != no_node && wanted.empty()) return {};
        if (wanted_by == no_node || (secret && member != nullptr)) {
            reasons.push_back(fmt::format("{} is {}given", key, member != nullptr ? "" : "not "));
        } else if (holds) {
            const bool constant = member != nullptr && !member->is_structured();
            reasons.push_back(
                fmt::format("{} is {}", key, constant ? value_words(*member) : wanted));
        } else {
            reasons.push_back(fmt::format("{} is not {}", key, wanted));
        }
    }
    // Which of several parts failed is not known.
    if (!holds && reasons.size() > 1) return {};
    return join_words(reasons, "and");
}

} // namespace patchbay::host
