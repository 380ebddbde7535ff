// SPDX-License-Identifier: Apache-2.0
// The walk that finds the faults of one value and words them.

#include "explainer.hpp"

#include "equality.hpp"
#include "explanation.hpp"
#include "json_text.hpp"
#include "numbers.hpp"
#include "scalar_text.hpp"
#include "url_secrets.hpp"
#include "words.hpp"

#include <registry/json_pointer.hpp>
#include <registry/spelling.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// Longer ones are not repeated to a program either.
constexpr std::size_t max_actual_bytes = 1000;
constexpr std::size_t max_listed_values = 100;

// The choice of a node whose branches that key tells apart; nullptr where there is none.
const Choice* find_tagged_choice(const CompiledSchema& schema, NodeIndex index,
                                 std::string_view key) {
    const auto& node = schema.nodes[index];
    if ((node.groups & any_group) == 0) return nullptr;
    for (const auto choice : {schema.anys[node.any].one_of, schema.anys[node.any].any_of}) {
        if (choice != none && schema.choices[choice].form == Choice::Form::tagged &&
            schema.choices[choice].tag_key == key) {
            return &schema.choices[choice];
        }
    }
    return nullptr;
}

// "1 item", "2 items".
std::string count_words(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

} // namespace

class Explainer::Step {
  public:
    Step(Explainer& explainer, std::string_view key)
        : pointer_(explainer.pointer_), size_(pointer_.size()) {
        registry::append_pointer(pointer_, key);
    }
    Step(Explainer& explainer, std::size_t index)
        : pointer_(explainer.pointer_), size_(pointer_.size()) {
        registry::append_pointer(pointer_, index);
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

void Explainer::explain(NodeIndex index, const json::value& value, const Scope& scope) {
    if (is_full() || !budget_.spend(1)) return;
    const Level level(budget_);
    if (!level.entered()) return;

    const auto& node = schema_.nodes[index];
    if ((node.types & type_of(value)) == 0) return explain_type(scope, value);
    if ((node.groups & number_group) != 0 && value.is_number()) explain_number(scope, value);
    if ((node.groups & text_group) != 0 && value.is_string()) explain_text(scope, value);
    if ((node.groups & array_group) != 0 && value.is_array()) {
        explain_array(scope, value.get_array());
    }
    if ((node.groups & object_group) != 0 && value.is_object()) explain_object(scope, value);
    if ((node.groups & any_group) != 0) explain_any(scope, value);
}

// A part of the value at hand; the step to it is taken.
void Explainer::explain_child(NodeIndex node, const json::value& value, const Scope& from) {
    explain(node, value, Scope{nullptr, schema_.target(node), from.reason, nullptr, 0});
}

// The same value, handed on. A condition nearer to the fault is the better reason.
void Explainer::explain_in_place(NodeIndex node, const json::value& value, const Scope& from,
                                 std::string_view reason) {
    explain(node, value,
            Scope{&from, schema_.target(node), reason.empty() ? from.reason : reason, nullptr, 0});
}

void Explainer::explain_type(const Scope& scope, const json::value& value) {
    const auto types = schema_.nodes[scope.node].types;
    const bool secret = is_secret_here();
    if (types == 0) {
        return report(scope, {FaultCode::settings_forbidden, scope.node, Keyword::none,
                              "is not allowed here"});
    }
    Finding finding{FaultCode::settings_type, scope.node, Keyword::type,
                    fmt::format("must be {}", type_words(types))};
    if (secret || value.is_structured()) {
        finding.actual = type_words(type_of(value));
    } else {
        finding.actual = value_words(value);
        if (value.is_string()) finding.actual.insert(0, "the text ");
    }
    if (value.is_string() && !secret && read_scalar(text_of(value), types)) {
        finding.suggestion = std::string(text_of(value));
        finding.advice = "write it without quotes";
    } else if ((types & type_text) != 0 && !value.is_structured() && !value.is_null()) {
        finding.advice = "write it in quotes";
    }
    json::array allowed;
    for (const auto name : type_names()) {
        const auto type = find_type(name);
        const bool said = name == "integer" && (types & type_fraction) != 0;
        if ((types & type) == type && !said) allowed.emplace_back(boost_view(name));
    }
    finding.params["allowed"] = std::move(allowed);
    report(scope, std::move(finding));
}

void Explainer::explain_number(const Scope& scope, const json::value& value) {
    const auto& checks = schema_.numbers[schema_.nodes[scope.node].number];
    const auto refuse = [&](FaultCode code, Keyword keyword, std::string_view demand,
                            const json::value& limit) {
        Finding finding{code, scope.node, keyword,
                        fmt::format("must be {} {}", demand, number_text(limit))};
        finding.params["limit"] = limit;
        if (!is_secret_here()) {
            finding.actual = number_text(value);
            finding.params["actual"] = value;
        }
        report(scope, std::move(finding));
    };
    if (checks.minimum != nullptr && !(compare_numbers(value, *checks.minimum) >= 0)) {
        refuse(FaultCode::settings_minimum, Keyword::minimum, "at least", *checks.minimum);
    } else if (checks.exclusive_minimum != nullptr &&
               !(compare_numbers(value, *checks.exclusive_minimum) > 0)) {
        refuse(FaultCode::settings_exclusive_minimum, Keyword::exclusive_minimum, "more than",
               *checks.exclusive_minimum);
    }
    if (checks.maximum != nullptr && !(compare_numbers(value, *checks.maximum) <= 0)) {
        refuse(FaultCode::settings_maximum, Keyword::maximum, "at most", *checks.maximum);
    } else if (checks.exclusive_maximum != nullptr &&
               !(compare_numbers(value, *checks.exclusive_maximum) < 0)) {
        refuse(FaultCode::settings_exclusive_maximum, Keyword::exclusive_maximum, "less than",
               *checks.exclusive_maximum);
    }
    if (checks.multiple_of != nullptr && !is_multiple_of(value, *checks.multiple_of)) {
        refuse(FaultCode::settings_multiple_of, Keyword::multiple_of, "a multiple of",
               *checks.multiple_of);
    }
}

void Explainer::explain_text(const Scope& scope, const json::value& value) {
    const auto& checks = schema_.texts[schema_.nodes[scope.node].text];
    const auto text = text_of(value);
    if (!verdict_.has_length(checks, text)) {
        explain_length(scope, checks, text);
        if (text.empty()) return; // that it is empty is all there is to say
    }
    if (checks.pattern != no_pattern && !verdict_.matches(checks.pattern, text)) {
        explain_pattern(scope, checks, value);
    }
    if (!verdict_.has_format(checks, text)) {
        Finding finding{FaultCode::settings_format, scope.node, Keyword::format,
                        fmt::format("must be {}", format_description(*checks.format))};
        finding.params["format"] = *schema_.find_member(scope.node, Keyword::format);
        if (!is_secret_here()) finding.actual = value_words(value);
        report(scope, std::move(finding));
    }
}

void Explainer::explain_length(const Scope& scope, const TextChecks& checks,
                               std::string_view text) {
    if (budget_.exhausted()) return;
    const auto length = count_code_points(text);
    const bool too_short = length < checks.min_length;
    const auto limit = too_short ? checks.min_length : checks.max_length;
    Finding finding{too_short ? FaultCode::settings_min_length : FaultCode::settings_max_length,
                    scope.node, too_short ? Keyword::min_length : Keyword::max_length,
                    fmt::format("must have at {} {}", too_short ? "least" : "most",
                                count_words(limit, "character"))};
    finding.params["limit"] = limit;
    if (too_short && length == 0) {
        finding.demand = "must not be empty";
    } else if (!is_secret_here()) {
        finding.advice = fmt::format("it has {}", length);
        finding.params["actual"] = length;
    }
    report(scope, std::move(finding));
}

void Explainer::explain_pattern(const Scope& scope, const TextChecks& checks,
                                const json::value& value) {
    if (budget_.exhausted()) return;
    const auto written = schema_.patterns[checks.pattern].written;
    const auto message = schema_.find_text(scope.node, Keyword::x_pattern_message);
    Finding finding{FaultCode::settings_pattern, scope.node, Keyword::pattern,
                    message.empty() ? fmt::format("must match the pattern {}", written)
                                    : fmt::format("does not have the right form: {}", message)};
    finding.params["pattern"] = boost_view(written);
    if (!is_secret_here()) {
        show_actual(finding, value);
    }
    report(scope, std::move(finding));
}

void Explainer::explain_array(const Scope& scope, const json::array& items) {
    const auto& checks = schema_.arrays[schema_.nodes[scope.node].array];
    const auto size = items.size();
    const auto refuse = [&](FaultCode code, Keyword keyword, std::string demand,
                            std::uint64_t limit) {
        Finding finding{code, scope.node, keyword, std::move(demand)};
        if (size > 0) finding.advice = fmt::format("it holds {}", size);
        finding.params["limit"] = limit;
        finding.params["actual"] = size;
        report(scope, std::move(finding));
    };
    if (size < checks.min_items) {
        refuse(FaultCode::settings_min_items, Keyword::min_items,
               size == 0
                   ? "must not be empty"
                   : fmt::format("must hold at least {}", count_words(checks.min_items, "item")),
               checks.min_items);
    }
    if (size > checks.max_items) {
        refuse(FaultCode::settings_max_items, Keyword::max_items,
               fmt::format("must hold at most {}", count_words(checks.max_items, "item")),
               checks.max_items);
    }
    const bool closed = checks.others != no_node && schema_.nodes[checks.others].types == 0;
    if (closed && size > checks.tuple.count) {
        refuse(FaultCode::settings_max_items,
               checks.tuple.count > 0 ? Keyword::additional_items : Keyword::items,
               fmt::format("must hold at most {}", count_words(checks.tuple.count, "item")),
               checks.tuple.count);
    }
    for (std::size_t i = 0; i < size && !is_full(); ++i) {
        const bool in_tuple = i < checks.tuple.count;
        if (!in_tuple && (closed || checks.others == no_node)) break;
        const auto node = in_tuple ? checks.tuple.first + static_cast<NodeIndex>(i) : checks.others;
        const Step step(*this, i);
        explain_child(node, items[i], scope);
    }
    if (checks.contains != no_node && std::ranges::none_of(items, [&](const auto& item) {
            return verdict_.accepts(checks.contains, item);
        })) {
        const auto wanted = requirement_words(schema_, checks.contains);
        report(scope, {FaultCode::settings_contains, scope.node, Keyword::contains,
                       wanted.empty() ? "must hold an item of the kind that \"contains\" describes"
                                      : fmt::format("must hold an item that is {}", wanted)});
    }
    if (!checks.unique) return;
    const auto equal = find_equal_items(items, budget_);
    if (!equal.found) return;
    Finding finding{FaultCode::settings_unique_items, scope.node, Keyword::unique_items,
                    fmt::format("must not hold the same item twice; {} and {} are equal",
                                equal.first, equal.second)};
    finding.params["first"] = equal.first;
    finding.params["second"] = equal.second;
    report(scope, std::move(finding));
}

void Explainer::explain_object(const Scope& scope, const json::value& value) {
    const auto& checks = schema_.objects[schema_.nodes[scope.node].object];
    const auto& object = value.get_object();
    explain_required(scope, checks, value);
    explain_size(scope, checks, object.size());
    for (const auto& [key, member] : object) {
        if (is_full() || !budget_.spend(1)) return;
        explain_member(scope, checks, std_view(key), member, object);
    }
    explain_dependencies(scope, checks, value);
}

void Explainer::explain_required(const Scope& scope, const ObjectChecks& checks,
                                 const json::value& value) {
    if (checks.required_count == 0) return;
    const auto& object = value.get_object();
    for (std::uint32_t i = 0; i < checks.keys.key_count && !is_full(); ++i) {
        if (!budget_.spend(1)) return;
        const auto key = schema_.tables.text(checks.keys, i);
        if (!schema_.properties[checks.first_property + i].required ||
            object.contains(boost_view(key)) || is_told_by_choice(scope.node, key, value)) {
            continue;
        }
        Finding finding{FaultCode::settings_required, scope.node, Keyword::required,
                        need_words(key)};
        finding.params["key"] = boost_view(key);
        report(scope, std::move(finding));
    }
}

void Explainer::explain_size(const Scope& scope, const ObjectChecks& checks, std::size_t size) {
    const bool too_few = size < checks.min_properties;
    if (!too_few && size <= checks.max_properties) return;
    const auto limit = too_few ? checks.min_properties : checks.max_properties;
    Finding finding{too_few ? FaultCode::settings_min_properties
                            : FaultCode::settings_max_properties,
                    scope.node, too_few ? Keyword::min_properties : Keyword::max_properties,
                    size == 0 ? "must not be empty"
                              : fmt::format("must hold at {} {}", too_few ? "least" : "most",
                                            count_words(limit, member_word()))};
    if (size > 0) finding.advice = fmt::format("it holds {}", size);
    finding.params["limit"] = limit;
    finding.params["actual"] = size;
    report(scope, std::move(finding));
}

void Explainer::explain_member(const Scope& scope, const ObjectChecks& checks, std::string_view key,
                               const json::value& member, const json::object& object) {
    const auto at_member = [&](NodeIndex node) {
        const Step step(*this, key);
        explain_child(node, member, scope);
    };
    if (checks.names != no_node && !verdict_.accepts_key(checks.names, key)) {
        explain_key(scope, checks.names, key);
    }
    bool declared = false;
    const auto position = schema_.tables.find(checks.keys, key);
    if (position != TextTables::not_found) {
        const auto node = schema_.properties[checks.first_property + position].node;
        declared = node != no_node;
        if (declared) at_member(node);
    }
    for (std::uint32_t i = 0; i < checks.patterns.count && budget_.spend(1); ++i) {
        const auto& pattern = schema_.pattern_properties[checks.patterns.first + i];
        if (!verdict_.matches(pattern.pattern, key)) continue;
        declared = true;
        at_member(pattern.node);
    }
    if (declared || checks.additional == no_node) return;
    if (schema_.nodes[checks.additional].types == 0) {
        explain_unknown(scope, key, object);
    } else {
        at_member(checks.additional);
    }
}

// The name of a member is a value of its own, with a schema of its own.
void Explainer::explain_key(const Scope& scope, NodeIndex names, std::string_view key) {
    if (budget_.exhausted()) return;
    const json::value name(boost_view(key));
    Explainer explainer(schema_, name, budget_, {}, subject_);
    explainer.run(names);
    const auto why = explainer.take_faults();
    if (why.empty()) return;
    Finding finding{FaultCode::settings_property_names, scope.node, Keyword::property_names,
                    fmt::format("has the {} {}, whose name {}", member_word(), quote(key),
                                why.front().message)};
    finding.params["key"] = name;
    report(scope, std::move(finding));
}

void Explainer::explain_unknown(const Scope& scope, std::string_view key,
                                const json::object& object) {
    constexpr std::uint64_t steps_per_guess = 20;
    Finding finding{FaultCode::settings_unknown, scope.node, Keyword::additional_properties,
                    unknown_words(key)};
    finding.params["key"] = boost_view(key);
    finding.advice = describe_misplaced(scope, key, finding.params);
    if (!finding.advice.empty()) return report(scope, std::move(finding));
    if (const auto deeper = find_deeper(scope, key, object); !deeper.empty()) {
        finding.suggestion = pointer_;
        registry::append_pointer(finding.suggestion, deeper);
        registry::append_pointer(finding.suggestion, key);
        finding.advice = fmt::format("it belongs inside {}: {}", quote(deeper), finding.suggestion);
    } else {
        // What it was probably meant to be, unless that is there too.
        registry::SpellingGuess guess(key);
        const auto& keys = schema_.objects[schema_.nodes[scope.node].object].keys;
        for (std::uint32_t i = 0; i < keys.key_count && budget_.spend(steps_per_guess); ++i) {
            const auto known = schema_.tables.text(keys, i);
            if (!is_written(object, known)) guess.consider(known);
        }
        finding.suggestion = std::string(guess.best());
    }
    report(scope, std::move(finding));
}

// The only object here that declares a key which stands one level too high, as its name; empty
// where none or several do, or where it has that key already.
std::string Explainer::find_deeper(const Scope& scope, std::string_view key,
                                   const json::object& object) {
    const auto here = secrets_.places().at(root_, pointer_);
    const auto& keys = schema_.objects[schema_.nodes[scope.node].object].keys;
    std::string found;
    for (std::uint32_t i = 0; i < keys.key_count; ++i) {
        const auto name = schema_.tables.text(keys, i);
        const auto inside = secrets_.places().of_member(here, name);
        if (words_budget_.exhausted()) return {};
        if (std::ranges::none_of(inside, [&](NodeIndex node) {
                return schema_.find_property(node, key) != no_node;
            })) {
            continue;
        }
        const auto* const member = object.if_contains(boost_view(name));
        const bool taken = member != nullptr && member->is_object() &&
                           member->get_object().contains(boost_view(key));
        if (taken || !found.empty()) return {};
        found = name;
    }
    return found;
}

// Whether somebody wrote a member: a default that took the place of a word that was mistyped must
// not hide what was meant.
bool Explainer::is_written(const json::object& object, std::string_view key) const {
    if (!object.contains(boost_view(key))) return false;
    if (filled_.empty()) return true;
    std::string pointer = pointer_;
    registry::append_pointer(pointer, key);
    return std::ranges::find(filled_, pointer) == filled_.end();
}

void Explainer::explain_dependencies(const Scope& scope, const ObjectChecks& checks,
                                     const json::value& value) {
    const auto& object = value.get_object();
    for (std::uint32_t i = 0; i < checks.dependencies.count && !is_full(); ++i) {
        const auto& dependency = schema_.dependencies[checks.dependencies.first + i];
        if (!budget_.spend(1 + dependency.names.count)) return;
        if (!object.contains(boost_view(dependency.key))) continue;
        const auto reason = fmt::format("{} is given", dependency.key);
        for (std::uint32_t name = 0; name < dependency.names.count; ++name) {
            const auto key = schema_.dependency_names[dependency.names.first + name];
            if (object.contains(boost_view(key))) continue;
            Finding finding{FaultCode::settings_dependencies, scope.node, Keyword::dependencies,
                            fmt::format("{} because {}", need_words(key), reason)};
            finding.token = dependency.key;
            finding.params["key"] = boost_view(key);
            finding.params["because"] = boost_view(dependency.key);
            report(Scope{nullptr, scope.node, {}, nullptr, 0}, std::move(finding));
        }
        if (dependency.node != no_node) explain_in_place(dependency.node, value, scope, reason);
    }
}

void Explainer::explain_any(const Scope& scope, const json::value& value) {
    const auto& checks = schema_.anys[schema_.nodes[scope.node].any];
    for (const auto& [set, keyword] : {std::pair{checks.constant, Keyword::constant},
                                       std::pair{checks.enumeration, Keyword::enumeration}}) {
        if (set != none && !verdict_.in_set(set, value)) {
            return explain_set(scope, set, keyword, value);
        }
    }
    if (checks.one_of != none) {
        explain_choice(scope, schema_.choices[checks.one_of], Keyword::one_of, value);
    }
    if (checks.any_of != none) {
        explain_choice(scope, schema_.choices[checks.any_of], Keyword::any_of, value);
    }
    for (std::uint32_t i = 0; i < checks.all_of.count; ++i)
        explain_in_place(checks.all_of.first + i, value, scope, {});
    if (checks.negated != no_node && verdict_.accepts(checks.negated, value)) {
        explain_not(scope, checks.negated, value);
    }
    if (checks.condition != no_node) explain_condition(scope, checks, value);
}

void Explainer::explain_set(const Scope& scope, std::uint32_t value_set, Keyword keyword,
                            const json::value& value) {
    if (budget_.exhausted()) return;
    const auto run = schema_.value_sets[value_set].values;
    const auto first = schema_.value_pool.begin() + run.first;
    report_values(scope, keyword,
                  keyword == Keyword::constant ? FaultCode::settings_const
                                               : FaultCode::settings_enum,
                  {first, first + run.count}, value);
}

void Explainer::explain_not(const Scope& scope, NodeIndex negated, const json::value& value) {
    if (budget_.exhausted()) return;
    const auto what = requirement_words(schema_, schema_.target(negated));
    Finding finding{FaultCode::settings_not, scope.node, Keyword::not_schema,
                    what.empty() ? "must not be what \"not\" describes"
                                 : fmt::format("must not be {}", what)};
    if (!value.is_structured() && !is_secret_here()) finding.actual = value_words(value);
    report(scope, std::move(finding));
}

void Explainer::explain_condition(const Scope& scope, const AnyChecks& checks,
                                  const json::value& value) {
    const bool holds = verdict_.accepts(checks.condition, value);
    const auto branch = holds ? checks.then_node : checks.else_node;
    if (branch == no_node || verdict_.accepts(branch, value)) return;
    const auto reason = condition_words(checks.condition, holds, value);
    explain_in_place(branch, value, scope, reason);
}

void Explainer::report(const Scope& scope, Finding finding) {
    if (is_full() || budget_.exhausted()) return;
    auto message = printable(std::move(finding.demand));
    if (!scope.reason.empty())
        message += fmt::format(" because {}", printable(std::string(scope.reason)));
    if (!finding.actual.empty()) message += fmt::format("; it is {}", finding.actual);
    if (!finding.advice.empty()) {
        message += fmt::format("; {}", printable(std::move(finding.advice)));
    } else if (!finding.suggestion.empty()) {
        message += fmt::format("; did you mean {}?", quote(finding.suggestion));
    }
    if (std::ranges::any_of(faults_, [&](const Fault& fault) {
            return fault.pointer == pointer_ && fault.message == message;
        })) {
        return; // two parts of the schema ask for one thing
    }
    auto schema_pointer = schema_.pointer(finding.node, finding.keyword);
    if (!finding.token.empty()) registry::append_pointer(schema_pointer, finding.token);
    Fault fault{finding.code,
                pointer_,
                std::move(schema_pointer),
                std::string(keyword_name(finding.keyword)),
                std::move(message),
                json::serialize(finding.params),
                std::move(finding.suggestion)};
    if (faults_.size() + 1 == max_settings_faults && trials_ == 0) {
        fault = {FaultCode::settings_more,
                 "",
                 "",
                 "",
                 "has more faults than these; correct these first",
                 "{}",
                 ""};
    }
    faults_.push_back(std::move(fault));
}

// The value is none of those allowed.
void Explainer::report_values(const Scope& scope, Keyword keyword, FaultCode code,
                              const std::vector<const json::value*>& allowed,
                              const json::value& value) {
    constexpr std::size_t few = 4;
    constexpr std::size_t many = 20;
    const bool secret = is_secret_here();
    Finding finding{code, scope.node, keyword, {}};
    registry::SpellingGuess guess(value.is_string() && !secret ? text_of(value)
                                                               : std::string_view{});
    std::vector<std::string> words;
    json::array list;
    for (const auto* one : allowed) {
        if (list.size() == max_listed_values) break;
        words.push_back(constant_words(*one));
        list.push_back(*one);
        if (one->is_string()) guess.consider(text_of(*one));
    }
    finding.suggestion = std::string(guess.best());
    if (allowed.size() == 1) {
        finding.demand = fmt::format("must be {}", words.front());
    } else if (words.size() > few && !finding.suggestion.empty()) {
        // The one that was meant follows; the others would only hide it.
        finding.demand = fmt::format("must be one of {}, ..., {}", words.front(), words.back());
    } else if (words.size() > many) {
        words.resize(many);
        finding.demand = fmt::format("must be one of {} and {} more", fmt::join(words, ", "),
                                     allowed.size() - many);
    } else if (words.empty()) {
        finding.demand = "is not allowed here: no value is";
    } else {
        finding.demand = fmt::format("must be one of {}", fmt::join(words, ", "));
    }
    finding.params["allowed"] = std::move(list);
    if (value.is_structured()) {
        finding.actual = type_words(type_of(value));
    } else if (!secret) {
        show_actual(finding, value);
    }
    report(scope, std::move(finding));
}

bool Explainer::is_full() const {
    return faults_.size() >= max_settings_faults;
}

void Explainer::show_actual(Finding& finding, const json::value& value) {
    finding.actual = value_words(value);
    if (!value.is_string()) {
        finding.params["actual"] = value;
    } else if (text_of(value).size() <= max_actual_bytes) {
        finding.params["actual"] = boost_view(masked_open_text(text_of(value)));
    }
}

bool Explainer::is_secret_here() {
    return secrets_.is_secret(root_, pointer_);
}

// "ca_file" (CA certificate file), with the title that any part of the schema gives it. Where the
// key tells the branches of a choice apart, also what it may be: "method" (Method): "a" or "b".
std::string Explainer::name_key(std::string_view key) {
    std::string_view title;
    std::vector<std::string> tags;
    for (const auto index : secrets_.places().at(root_, pointer_)) {
        const auto property = schema_.find_property(index, key);
        if (property != no_node && title.empty())
            title = schema_.find_text(property, Keyword::title);
        const auto* choice = find_tagged_choice(schema_, index, key);
        if (choice == nullptr || !tags.empty()) continue;
        for (std::uint32_t i = 0; i < choice->tags.key_count; ++i)
            tags.push_back(quote(schema_.tables.text(choice->tags, i)));
    }
    auto words = quote(key);
    if (!title.empty()) words += fmt::format(" ({})", title);
    if (!tags.empty()) words += fmt::format(": {}", join_words(tags, "or"));
    return words;
}

std::string Explainer::need_words(std::string_view key) {
    return fmt::format("needs {}{}", subject_ == Subject::request ? "" : "the setting ",
                       name_key(key));
}

std::string Explainer::unknown_words(std::string_view key) const {
    return fmt::format("{} {}",
                       subject_ == Subject::request ? "does not take" : "has the unknown setting",
                       quote(key));
}

std::string_view Explainer::member_word() const {
    return subject_ == Subject::request ? "member" : "setting";
}

} // namespace patchbay::host
