// SPDX-License-Identifier: Apache-2.0
// Holds the schemas of a bundle to the dialect: what forms can show and messages can explain.

#include "lint.hpp"

#include "compiler.hpp"
#include "documents.hpp"
#include "ecma_pattern.hpp"
#include "equality.hpp"
#include "explainer.hpp"
#include "json_text.hpp"
#include "members.hpp"
#include "numbers.hpp"
#include "pointer_steps.hpp"
#include "secret_rule.hpp"
#include "verdict.hpp"
#include "words.hpp"

#include <registry/json_pointer.hpp>
#include <registry/spelling.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

constexpr std::string_view draft_07 = "http://json-schema.org/draft-07/schema#";
constexpr std::string_view shared_set = "urn:patchbay:shared:";

bool is_text(const json::value* value, std::string_view text) {
    return value != nullptr && value->is_string() && text_of(*value) == text;
}

bool is_bool(const json::value* value, bool expected) {
    return value != nullptr && value->is_bool() && value->get_bool() == expected;
}

// Keywords that the validator understands and the dialect leaves out, and what to write instead.
constexpr std::pair<Keyword, std::string_view> refused_keywords[] = {
    {Keyword::any_of, "no form can show it; use \"oneOf\" with a discriminator"},
    {Keyword::not_schema, "no form can show it; say what is allowed instead"},
    {Keyword::all_of, "merge its schemas into this one"},
    {Keyword::pattern_properties, R"(use "additionalProperties" with "propertyNames")"},
    {Keyword::contains, "no form can show it; say what every item must be in \"items\""},
    {Keyword::additional_items, "it belongs to tuples; give \"items\" one schema for all items"},
    {Keyword::content_encoding, R"(describe the text by "pattern" or "description")"},
    {Keyword::content_media_type, R"(describe the text by "pattern" or "description")"},
};

// Names of other drafts and of other catalogues that no edit distance leads from to ours.
constexpr std::pair<std::string_view, std::string_view> other_names[] = {
    {"$defs", "definitions"},
    {"dependentRequired", "dependencies"},
    {"unevaluatedProperties", "additionalProperties"},
    {"airbyte_secret", "x-secret"},
    {"sensitive", "x-secret"},
    {"id", "$id"},
};

// Where a schema stands decides which rules hold for it.
enum class Context : std::uint8_t {
    elsewhere,   // another document, which is linted on its own
    declaration, // what forms show: properties, branches, items, definitions
    assertion,   // what only checks: conditions, names of properties, labels
};

template <typename Table, typename Key>
auto find_first(const Table& table, const Key& key) {
    const auto* const found =
        std::ranges::find_if(table, [&](const auto& entry) { return entry.first == key; });
    return found == std::end(table) ? nullptr : found;
}

class Linter {
  public:
    Linter(const Compilation& compilation, bool settings)
        : schema_(*compilation.schema), compiles_(compilation.faults.empty()), settings_(settings) {
    }

    std::vector<Fault> run(std::span<const std::string> url_schemes);

  private:
    // One node, with its members.
    struct Subject {
        NodeIndex node;
        Context context;
        const Members& members;
    };

    [[nodiscard]] Context context_of(NodeIndex node) const;
    void check_node(NodeIndex node);
    void check_root(const Members& members);
    void check_keywords(const Subject& subject, const json::object& source);
    void check_annotations(const Subject& subject);
    void check_reference(const Subject& subject);
    void check_values(const Subject& subject);
    void check_examples(const Subject& subject);
    void check_text(const Subject& subject);
    void check_items(const Subject& subject);
    void check_object(const Subject& subject);
    void check_closed(const Subject& subject);
    void check_dependencies(const Subject& subject);
    void check_choice(const Subject& subject);
    void check_tagged(const Subject& subject, const Choice& choice);
    void check_branch(NodeIndex branch, const Choice& choice);
    void check_condition(const Subject& subject);
    void check_condition_branch(NodeIndex branch, NodeIndex outside);
    void check_property(const Subject& subject);
    void check_secret(const Subject& subject);
    void check_port(NodeIndex node);
    void check_required_text(NodeIndex node);
    void check_url_branch(std::span<const std::string> url_schemes);

    // Its own, or where it is a $ref, that of the target.
    [[nodiscard]] const json::value* find_annotation(const Subject& subject, Keyword keyword) const;
    // Of the values that a property may take, as far as its node itself says.
    [[nodiscard]] bool names_values(NodeIndex node) const;
    [[nodiscard]] bool is_closed(NodeIndex node) const;
    [[nodiscard]] NodeIndex find_declared(NodeIndex object, std::string_view key) const;
    [[nodiscard]] const Choice* find_choice(NodeIndex node) const;
    [[nodiscard]] std::string_view closest_key(NodeIndex object, std::string_view written) const;
    [[nodiscard]] std::string first_fault(NodeIndex node, const json::value& value) const;

    void fault(FaultCode code, NodeIndex node, Keyword keyword, std::string message,
               std::string_view suggestion = {}, std::string_view token = {});

    const CompiledSchema& schema_;
    bool compiles_;
    bool settings_;
    std::vector<Context> contexts_; // by node
    std::vector<Fault> faults_;
};

std::vector<Fault> Linter::run(std::span<const std::string> url_schemes) {
    contexts_.reserve(schema_.nodes.size());
    for (NodeIndex node = 0; node < schema_.nodes.size(); ++node) {
        contexts_.push_back(context_of(node));
        if (contexts_[node] != Context::elsewhere && faults_.size() < max_schema_faults) {
            check_node(node);
        }
    }
    if (compiles_ && !url_schemes.empty()) check_url_branch(url_schemes);
    return std::move(faults_);
}

// A parent always has the smaller number.
Context Linter::context_of(NodeIndex node) const {
    const auto& info = schema_.infos[node];
    if (info.parent == no_node) {
        const auto pointer = schema_.pointer(node);
        return pointer.empty() || pointer.front() == '/' ? Context::declaration
                                                         : Context::elsewhere;
    }
    const auto outer = contexts_[info.parent];
    if (outer != Context::declaration) return outer;
    switch (info.keyword) {
    case Keyword::if_schema:
    case Keyword::then_schema:
    case Keyword::else_schema:
    case Keyword::property_names:
        return Context::assertion;
    case Keyword::one_of: {
        const auto* choice = find_choice(info.parent);
        return choice != nullptr && choice->form == Choice::Form::labels ? Context::assertion
                                                                         : Context::declaration;
    }
    case Keyword::any_of:
    case Keyword::all_of:
    case Keyword::not_schema:
    case Keyword::pattern_properties:
    case Keyword::contains:
    case Keyword::additional_items:
        return Context::assertion; // refused anyhow
    default:
        return Context::declaration;
    }
}

void Linter::check_node(NodeIndex node) {
    static const json::object bare; // true and false have no members
    const auto& info = schema_.infos[node];
    const auto* source = info.source->if_object();
    if (source == nullptr && !info.source->is_bool()) return; // no schema, and said to be none
    const Members members(source == nullptr ? bare : *source);
    const Subject subject{node, contexts_[node], members};
    if (subject.context == Context::declaration && info.keyword == Keyword::properties) {
        check_property(subject);
    }
    if (node == CompiledSchema::root) check_root(members);
    if (source == nullptr) return;
    check_keywords(subject, *source);
    check_annotations(subject);
    check_examples(subject);
    if (members.has(Keyword::ref)) return check_reference(subject);
    check_values(subject);
    check_text(subject);
    check_items(subject);
    check_object(subject);
    check_choice(subject);
    check_condition(subject);
}

void Linter::check_root(const Members& members) {
    const auto* draft = members[Keyword::schema];
    if (draft == nullptr) {
        fault(
            FaultCode::lint_draft, CompiledSchema::root, Keyword::none,
            fmt::format(R"(must say which draft it is written in: add "$schema": "{}")", draft_07));
    } else if (draft->is_string() && !is_text(draft, draft_07)) {
        fault(FaultCode::lint_draft, CompiledSchema::root, Keyword::schema,
              fmt::format("must be \"{}\"; it is {}", draft_07, quote(text_of(*draft))), draft_07);
    }
    if (!is_text(members[Keyword::type], "object")) {
        fault(FaultCode::lint_root_not_object, CompiledSchema::root, Keyword::none,
              R"(must describe an object: add "type": "object")");
    }
}

void Linter::check_keywords(const Subject& subject, const json::object& source) {
    for (const auto& [boost_key, value] : source) {
        const auto key = std_view(boost_key);
        const auto keyword = find_keyword(key);
        if (keyword == Keyword::none) {
            registry::SpellingGuess guess(key);
            std::ranges::for_each(keyword_names(), [&](auto name) { guess.consider(name); });
            const auto* const other = find_first(other_names, key);
            const auto meant = other != nullptr ? other->second : guess.best();
            fault(FaultCode::lint_unknown_keyword, subject.node, Keyword::none,
                  meant.empty() ? "is no keyword of the dialect; remove it"
                                : "is no keyword of the dialect",
                  meant, key);
        } else if (const auto* const refused = find_first(refused_keywords, keyword)) {
            fault(FaultCode::lint_refused_keyword, subject.node, keyword,
                  fmt::format("is left out of the dialect: {}", refused->second));
        }
    }
}

void Linter::check_annotations(const Subject& subject) {
    const auto expect = [&](Keyword keyword, std::string_view expected, auto is_right) {
        const auto* value = subject.members[keyword];
        if (value == nullptr || is_right(*value)) return;
        fault(FaultCode::lint_annotation_type, subject.node, keyword,
              fmt::format("must be {}; it is {}", expected, value_words(*value)));
    };
    for (const auto keyword :
         {Keyword::x_secret, Keyword::x_multiline, Keyword::x_advanced, Keyword::x_deprecated}) {
        expect(keyword, "true or false", [](const auto& value) { return value.is_bool(); });
    }
    for (const auto keyword :
         {Keyword::x_group, Keyword::x_placeholder, Keyword::x_pattern_message}) {
        expect(keyword, "a text that is not empty",
               [](const auto& value) { return value.is_string() && !value.get_string().empty(); });
    }
    expect(Keyword::x_order, "a whole number", is_integer);
    expect(Keyword::x_groups, "a list", [](const auto& value) { return value.is_array(); });
    expect(Keyword::x_file, R"("path" or "pem")",
           [](const auto& value) { return is_text(&value, "path") || is_text(&value, "pem"); });
    expect(Keyword::discriminator, R"(an object with "propertyName" alone)", [](const auto& value) {
        const auto* object = value.if_object();
        const auto* name = object == nullptr ? nullptr : object->if_contains("propertyName");
        return name != nullptr && name->is_string() && object->size() == 1;
    });
}

void Linter::check_reference(const Subject& subject) {
    // These say nothing about values, and so lose nothing by being ignored.
    constexpr Keyword beside[] = {Keyword::ref, Keyword::schema, Keyword::id, Keyword::comment,
                                  Keyword::definitions};
    for (std::size_t i = 0; i < static_cast<std::size_t>(first_annotation); ++i) {
        const auto keyword = static_cast<Keyword>(i);
        if (!subject.members.has(keyword) || std::ranges::count(beside, keyword) > 0) continue;
        fault(FaultCode::lint_ignored_keyword, subject.node, keyword,
              "is ignored beside \"$ref\", says draft-07; move it to what the reference leads to");
    }
    const auto* reference = subject.members[Keyword::ref];
    if (!reference->is_string()) return;
    const auto text = text_of(*reference);
    const auto uri = without_fragment(text);
    const auto* own_id = schema_.find_member(CompiledSchema::root, Keyword::id);
    const bool own = uri.empty() || is_text(own_id, uri);
    if ((!own && !uri.starts_with(shared_set)) ||
        !text.substr(uri.size()).starts_with("#/definitions/")) {
        fault(FaultCode::lint_reference_place, subject.node, Keyword::ref,
              fmt::format("must lead to \"#/definitions/...\" or to the host's shared set, "
                          "\"{}1#/definitions/...\"; it is {}",
                          shared_set, quote(text)));
    }
}

void Linter::check_values(const Subject& subject) {
    const auto* type = subject.members[Keyword::type];
    if (type != nullptr && type->is_array()) {
        fault(FaultCode::lint_type_not_one, subject.node, Keyword::type,
              "must be the name of one type, since forms show one kind of field; it is a list");
    }
    const auto* values = subject.members[Keyword::enumeration];
    if (values == nullptr || !values->is_array()) return;
    if (values->get_array().empty()) {
        fault(FaultCode::lint_enum_values, subject.node, Keyword::enumeration,
              "must hold at least one value");
    }
    Budget budget;
    const auto equal = find_equal_items(values->get_array(), budget);
    if (equal.found) {
        fault(FaultCode::lint_enum_values, subject.node, Keyword::enumeration,
              fmt::format("must hold each value once; {} and {} are equal", equal.first,
                          equal.second));
    }
}

// What a schema offers must be what it takes.
void Linter::check_examples(const Subject& subject) {
    if (!compiles_) return;
    if (const auto* value = subject.members[Keyword::default_value]) {
        const auto why = first_fault(subject.node, *value);
        if (!why.empty()) {
            fault(FaultCode::lint_default_invalid, subject.node, Keyword::default_value,
                  fmt::format("must fit its own schema: {}", why));
        }
    }
    const auto* examples = subject.members[Keyword::examples];
    if (examples == nullptr || !examples->is_array()) return;
    for (std::size_t i = 0; i < examples->get_array().size(); ++i) {
        const auto why = first_fault(subject.node, examples->get_array()[i]);
        if (why.empty()) continue;
        fault(FaultCode::lint_example_invalid, subject.node, Keyword::examples,
              fmt::format("must fit its own schema: {}", why), {}, std::to_string(i));
    }
}

void Linter::check_text(const Subject& subject) {
    const auto* format = subject.members[Keyword::format];
    if (format != nullptr && format->is_string()) {
        const auto name = text_of(*format);
        if (name != "password" && !find_format(name)) {
            registry::SpellingGuess guess(name);
            std::ranges::for_each(format_names(), [&](auto known) { guess.consider(known); });
            guess.consider("password");
            fault(FaultCode::lint_unknown_format, subject.node, Keyword::format,
                  fmt::format(R"(must be "password" or one of "{}"; it is {})",
                              fmt::join(format_names(), "\", \""), quote(name)),
                  guess.best());
        }
    }
    const auto* pattern = subject.members[Keyword::pattern];
    const bool has_message = subject.members.has(Keyword::x_pattern_message);
    if (pattern == nullptr) {
        if (has_message) {
            fault(FaultCode::lint_ignored_keyword, subject.node, Keyword::x_pattern_message,
                  "has no \"pattern\" beside it to speak of; remove it");
        }
        return;
    }
    if (subject.context == Context::declaration && !has_message) {
        fault(FaultCode::lint_pattern_message_missing, subject.node, Keyword::pattern,
              "needs \"x-pattern-message\" beside it: say in a few words what to write, since "
              "nobody reads patterns");
    }
    if (!pattern->is_string()) return;
    const auto read = read_ecma_pattern(text_of(*pattern));
    if (!read.not_portable.empty()) {
        fault(FaultCode::lint_pattern_not_portable, subject.node, Keyword::pattern,
              fmt::format("is refused by browsers, which compile it with the flag \"u\": {}",
                          read.not_portable));
    }
}

void Linter::check_items(const Subject& subject) {
    const auto* items = subject.members[Keyword::items];
    if (items == nullptr || !items->is_array()) return;
    fault(FaultCode::lint_tuple_items, subject.node, Keyword::items,
          "must be one schema for all items; to give each place its own meaning use an object");
}

void Linter::check_object(const Subject& subject) {
    check_dependencies(subject);
    if (subject.context != Context::declaration) return;
    check_closed(subject);
    const auto* required = subject.members[Keyword::required];
    if (required == nullptr || !required->is_array()) return;
    for (const auto& name : required->get_array()) {
        if (!name.is_string() || find_declared(subject.node, text_of(name)) != no_node) continue;
        fault(FaultCode::lint_required_undeclared, subject.node, Keyword::required,
              fmt::format("names {}, which \"properties\" does not declare", quote(text_of(name))),
              closest_key(subject.node, text_of(name)));
    }
}

// Fixed objects are closed, so that a misspelt key is seen.
void Linter::check_closed(const Subject& subject) {
    const bool is_object = is_text(subject.members[Keyword::type], "object") ||
                           subject.members.has(Keyword::properties);
    if (!is_object) return;
    const auto* additional = subject.members[Keyword::additional_properties];
    if (subject.members.has(Keyword::one_of)) {
        // Its branches close it. From outside, "false" would refuse whatever they declare.
        if (is_bool(additional, false)) {
            fault(FaultCode::lint_choice_form, subject.node, Keyword::additional_properties,
                  "refuses every key that only the branches of \"oneOf\" declare; remove it here "
                  "and close the branches");
        }
        return;
    }
    const bool map =
        additional != nullptr && additional->is_object() && !additional->get_object().empty();
    if (map || is_bool(additional, false)) return;
    fault(FaultCode::lint_object_open, subject.node, Keyword::none,
          subject.members.has(Keyword::properties)
              ? R"(must be closed, so that a misspelt key is seen: "additionalProperties": false)"
              : R"(must say what it holds: "properties" with "additionalProperties": false, or a )"
                R"(schema for every value in "additionalProperties")");
}

void Linter::check_dependencies(const Subject& subject) {
    const auto* dependencies = subject.members[Keyword::dependencies];
    if (dependencies == nullptr || !dependencies->is_object()) return;
    for (const auto& [boost_key, names] : dependencies->get_object()) {
        const auto key = std_view(boost_key);
        if (!names.is_array()) {
            fault(FaultCode::lint_refused_keyword, subject.node, Keyword::dependencies,
                  R"(must be a list of the keys that this one needs; for more use "if" and "then")",
                  {}, key);
            continue;
        }
        if (subject.context != Context::declaration) continue;
        auto undeclared = find_declared(subject.node, key) == no_node ? key : std::string_view{};
        for (const auto& name : names.get_array()) {
            if (name.is_string() && find_declared(subject.node, text_of(name)) == no_node) {
                undeclared = text_of(name);
            }
        }
        if (undeclared.empty()) continue;
        fault(FaultCode::lint_dependency_undeclared, subject.node, Keyword::dependencies,
              fmt::format("names {}, which \"properties\" does not declare", quote(undeclared)),
              closest_key(subject.node, undeclared), key);
    }
}

void Linter::check_choice(const Subject& subject) {
    if (!compiles_ || !subject.members.has(Keyword::one_of)) return;
    const auto& choice = *find_choice(subject.node);
    if (choice.form == Choice::Form::tagged) return check_tagged(subject, choice);
    if (choice.form == Choice::Form::plain) {
        fault(FaultCode::lint_choice_form, subject.node, Keyword::one_of,
              "must be two or more closed objects that one key tells apart, by a \"const\" of its "
              "own in each, or two or more different \"const\" with a \"title\" each");
        return;
    }
    for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
        const auto branch = choice.branches.first + i;
        if (schema_.find_text(branch, Keyword::title).empty()) {
            fault(FaultCode::lint_title_missing, branch, Keyword::none,
                  "needs a \"title\", which people read instead of the constant");
        }
    }
}

void Linter::check_tagged(const Subject& subject, const Choice& choice) {
    const auto* discriminator = subject.members[Keyword::discriminator];
    const auto* object = discriminator == nullptr ? nullptr : discriminator->if_object();
    const auto* name = object == nullptr ? nullptr : object->if_contains("propertyName");
    if (name != nullptr && !is_text(name, choice.tag_key)) {
        fault(FaultCode::lint_choice_discriminator, subject.node, Keyword::discriminator,
              fmt::format("must name the key that tells the branches apart; it is {}",
                          value_words(*name)),
              choice.tag_key);
    }
    for (std::uint32_t i = 0; i < choice.branches.count; ++i)
        check_branch(choice.branches.first + i, choice);

    const auto* properties = subject.members[Keyword::properties];
    if (properties == nullptr || !properties->is_object()) return;
    for (const auto& [key, value] : properties->get_object()) {
        for (std::uint32_t i = 0; i < choice.branches.count; ++i) {
            const auto branch = choice.branches.first + i;
            if (schema_.find_property(branch, std_view(key)) != no_node) continue;
            fault(FaultCode::lint_choice_form, subject.node, Keyword::properties,
                  fmt::format("can never be given in the branch {}, which is closed and does not "
                              "declare it; move it into the branches, or out of this object",
                              schema_.pointer(branch)),
                  {}, std_view(key));
            break;
        }
    }
}

void Linter::check_branch(NodeIndex branch, const Choice& choice) {
    if (schema_.find_text(branch, Keyword::title).empty()) {
        fault(FaultCode::lint_title_missing, branch, Keyword::none,
              "needs a \"title\", by which people choose this branch");
    }
    if (schema_.nodes[branch].types != type_object || !is_closed(branch)) {
        fault(FaultCode::lint_choice_branch_open, branch, Keyword::none,
              R"(must be a closed object: "type": "object" and "additionalProperties": false)");
    }
    const auto& checks = schema_.objects[schema_.nodes[branch].object];
    const auto position = schema_.tables.find(checks.keys, choice.tag_key);
    if (!schema_.properties[checks.first_property + position].required) {
        fault(FaultCode::lint_choice_discriminator, branch, Keyword::none,
              fmt::format("must list {}, which tells it from the others, in \"required\"",
                          quote(choice.tag_key)));
    }
}

void Linter::check_condition(const Subject& subject) {
    const bool has_branch = subject.members.has_any({Keyword::then_schema, Keyword::else_schema});
    if (!subject.members.has(Keyword::if_schema)) {
        for (const auto keyword : {Keyword::then_schema, Keyword::else_schema}) {
            if (!subject.members.has(keyword)) continue;
            fault(FaultCode::lint_ignored_keyword, subject.node, keyword,
                  "is ignored without \"if\"; add the condition, or remove it");
        }
        return;
    }
    if (!has_branch) {
        fault(FaultCode::lint_ignored_keyword, subject.node, Keyword::if_schema,
              R"(does nothing without "then" or "else"; add one, or remove it)");
    }
    if (subject.context != Context::declaration) return;
    if ((schema_.nodes[subject.node].groups & any_group) == 0) return; // it was not compiled
    const auto& checks = schema_.anys[schema_.nodes[subject.node].any];
    for (const auto branch : {checks.condition, checks.then_node, checks.else_node}) {
        if (branch != no_node) check_condition_branch(branch, subject.node);
    }
}

// A condition speaks of what is declared outside it; what it declared itself, no form would show.
void Linter::check_condition_branch(NodeIndex branch, NodeIndex outside) {
    if (schema_.infos[branch].reference != no_node ||
        (schema_.nodes[branch].groups & object_group) == 0) {
        return;
    }
    const auto& checks = schema_.objects[schema_.nodes[branch].object];
    for (std::uint32_t i = 0; i < checks.keys.key_count; ++i) {
        const auto key = schema_.tables.text(checks.keys, i);
        const auto node = schema_.properties[checks.first_property + i].node;
        const auto declared = find_declared(outside, key);
        if (declared != no_node) {
            if (node != no_node) check_condition_branch(node, schema_.target(declared));
        } else if (node == no_node) {
            fault(FaultCode::lint_required_undeclared, branch, Keyword::required,
                  fmt::format("names {}, which nothing outside the condition declares", quote(key)),
                  closest_key(outside, key));
        } else {
            fault(FaultCode::lint_condition_new_property, branch, Keyword::properties,
                  "is declared by the condition alone, and no form would show it; declare it "
                  "outside, and require or bound it here",
                  closest_key(outside, key), key);
        }
    }
}

void Linter::check_property(const Subject& subject) {
    const auto node = subject.node;
    const auto name = schema_.infos[node].token;
    const auto* title = find_annotation(subject, Keyword::title);
    if (title == nullptr || is_text(title, "")) {
        fault(FaultCode::lint_title_missing, node, Keyword::none,
              "needs a \"title\", which forms and messages call it by");
    }
    if (settings_ && schema_.infos[node].parent == CompiledSchema::root &&
        (name == "connector" || name == "default" || name == "runtime")) {
        fault(FaultCode::lint_reserved_name, node, Keyword::none,
              "has a name that the connections file uses for itself; choose another");
    }
    check_secret(subject);
    check_port(node);
    check_required_text(node);
}

void Linter::check_secret(const Subject& subject) {
    const auto node = subject.node;
    const auto* mark = find_annotation(subject, Keyword::x_secret);
    const bool password = is_text(find_annotation(subject, Keyword::format), "password");
    const bool write_only = is_bool(find_annotation(subject, Keyword::write_only), true);
    const bool text = (schema_.nodes[node].types & type_text) != 0;
    if (is_bool(mark, true)) {
        if (!write_only || (text && !password)) {
            fault(FaultCode::lint_secret_incomplete, node, Keyword::none,
                  R"(is a secret and needs "format": "password" and "writeOnly": true as well, so )"
                  "that forms hide it");
        }
        if (find_annotation(subject, Keyword::default_value) != nullptr) {
            fault(FaultCode::lint_secret_default, node, Keyword::default_value,
                  "is the default of a secret, which everybody would know; remove it");
        }
        return;
    }
    if (mark != nullptr) return;
    const bool sounds = text && !names_values(node) && sounds_secret(schema_.infos[node].token);
    if (!password && !write_only && !sounds) return;
    fault(FaultCode::lint_secret_unmarked, node, Keyword::none,
          fmt::format(R"({}: add "x-secret": true, "format": "password" and "writeOnly": true, or )"
                      R"(say "x-secret": false)",
                      sounds ? "has the name of a secret" : "looks like a secret"));
}

void Linter::check_port(NodeIndex node) {
    const auto name = schema_.infos[node].token;
    if (name != "port" && !name.ends_with("_port")) return;
    const auto& compiled = schema_.nodes[node];
    const auto* numbers =
        (compiled.groups & number_group) != 0 ? &schema_.numbers[compiled.number] : nullptr;
    if (compiled.types == type_integer && numbers != nullptr && numbers->lowest >= 1 &&
        numbers->highest <= 65535) {
        return;
    }
    fault(FaultCode::lint_port_range, node, Keyword::none,
          R"(must be a port: "type": "integer", "minimum": 1, "maximum": 65535)");
}

// Required and empty would be as good as missing.
void Linter::check_required_text(NodeIndex node) {
    const auto& info = schema_.infos[node];
    const auto& checks = schema_.objects[schema_.nodes[info.parent].object];
    const auto position = schema_.tables.find(checks.keys, info.token);
    if (!schema_.properties[checks.first_property + position].required) return;
    const auto& compiled = schema_.nodes[node];
    if (compiled.types != type_text || names_values(node)) return;
    if ((compiled.groups & text_group) != 0) {
        const auto& text = schema_.texts[compiled.text];
        if (text.min_length >= 1 || text.pattern != no_pattern) return;
    }
    fault(FaultCode::lint_text_unbounded, node, Keyword::none,
          R"(is required and may still be empty: add "minLength": 1, "pattern" or "enum")");
}

void Linter::check_url_branch(std::span<const std::string> url_schemes) {
    const auto connection = schema_.find_property(CompiledSchema::root, "connection");
    const auto* choice = connection == no_node ? nullptr : find_choice(connection);
    if (choice != nullptr && choice->form == Choice::Form::tagged && choice->tag_key == "method") {
        const auto branch = schema_.tables.find(choice->tags, "url");
        const auto url = branch == TextTables::not_found
                             ? no_node
                             : schema_.find_property(choice->branches.first + branch, "url");
        if (url != no_node && schema_.nodes[url].types == type_text) return;
    }
    fault(
        FaultCode::lint_url_branch_missing, CompiledSchema::root, Keyword::none,
        fmt::format("must take the URLs that the manifest promises (\"{}\"): \"connection\" needs "
                    "a branch whose \"method\" is \"url\", with a property \"url\" of type "
                    "\"string\"",
                    fmt::join(url_schemes, "\", \"")));
}

const json::value* Linter::find_annotation(const Subject& subject, Keyword keyword) const {
    const auto* own = subject.members[keyword];
    const auto reference = schema_.infos[subject.node].reference;
    return own != nullptr || reference == no_node ? own
                                                  : schema_.find_annotation(reference, keyword);
}

bool Linter::names_values(NodeIndex node) const {
    const auto& compiled = schema_.nodes[node];
    if ((compiled.groups & any_group) == 0) return false;
    const auto& checks = schema_.anys[compiled.any];
    return checks.constant != none || checks.enumeration != none || checks.one_of != none;
}

bool Linter::is_closed(NodeIndex node) const {
    if ((schema_.nodes[node].groups & object_group) == 0) return false;
    const auto additional = schema_.objects[schema_.nodes[node].object].additional;
    return additional != no_node && schema_.nodes[additional].types == 0;
}

// The node that an object itself, a branch of it, or its map has for a key.
NodeIndex Linter::find_declared(NodeIndex object, std::string_view key) const {
    if (const auto found = schema_.find_property(object, key); found != no_node) return found;
    if (const auto* choice = find_choice(object)) {
        for (std::uint32_t i = 0; i < choice->branches.count; ++i) {
            const auto found = schema_.find_property(choice->branches.first + i, key);
            if (found != no_node) return found;
        }
    }
    const auto& node = schema_.nodes[object];
    if ((node.groups & object_group) == 0) return no_node;
    const auto additional = schema_.objects[node.object].additional;
    return additional != no_node && schema_.nodes[additional].types != 0 ? additional : no_node;
}

const Choice* Linter::find_choice(NodeIndex node) const {
    const auto& compiled = schema_.nodes[node];
    if ((compiled.groups & any_group) == 0) return nullptr;
    const auto choice = schema_.anys[compiled.any].one_of;
    return choice == none ? nullptr : &schema_.choices[choice];
}

std::string_view Linter::closest_key(NodeIndex object, std::string_view written) const {
    registry::SpellingGuess guess(written);
    const auto consider = [&](NodeIndex node) {
        if ((schema_.nodes[node].groups & object_group) == 0) return;
        const auto& checks = schema_.objects[schema_.nodes[node].object];
        for (std::uint32_t i = 0; i < checks.keys.key_count; ++i) {
            if (schema_.properties[checks.first_property + i].node != no_node) {
                guess.consider(schema_.tables.text(checks.keys, i));
            }
        }
    };
    consider(object);
    if (const auto* choice = find_choice(object)) {
        for (std::uint32_t i = 0; i < choice->branches.count; ++i)
            consider(choice->branches.first + i);
    }
    return guess.best();
}

// What is wrong with a value that a node should take; "" where nothing is.
std::string Linter::first_fault(NodeIndex node, const json::value& value) const {
    Budget budget;
    if (Verdict(schema_, budget).accepts(node, value) && !budget.exhausted()) return {};
    Budget for_words;
    Explainer explainer(schema_, value, for_words);
    explainer.run(node);
    const auto faults = explainer.take_faults();
    return faults.empty() ? "it takes too many steps to check" : describe(faults.front());
}

void Linter::fault(FaultCode code, NodeIndex node, Keyword keyword, std::string message,
                   std::string_view suggestion, std::string_view token) {
    if (faults_.size() == max_schema_faults) return;
    auto pointer = schema_.pointer(node, keyword);
    if (!token.empty()) registry::append_pointer(pointer, token);
    if (!suggestion.empty()) message += fmt::format("; did you mean {}?", quote(suggestion));
    faults_.push_back({code,
                       std::move(pointer),
                       {},
                       std::string(keyword_name(keyword)),
                       printable(std::move(message)),
                       "{}",
                       std::string(suggestion)});
}

// How far down the document each step of a pointer leads, for putting faults in its order.
std::vector<std::size_t> place_of(const std::string& pointer, const json::value& document) {
    std::vector<std::size_t> place;
    const json::value* value = &document;
    std::string_view rest = pointer;
    while (!rest.empty() && value != nullptr && rest.front() == '/') {
        const auto token = take_pointer_token(rest);
        const auto* next = find_step(*value, token);
        if (const auto* object = value->if_object(); object != nullptr && next != nullptr) {
            place.push_back(static_cast<std::size_t>(object->find(token) - object->begin()));
        } else if (const auto* array = value->if_array(); array != nullptr && next != nullptr) {
            place.push_back(static_cast<std::size_t>(next - array->data()));
        }
        value = next;
    }
    return place;
}

CheckedSchema lint(json::value document, std::span<const std::string> url_schemes, bool settings,
                   const Documents& documents) {
    auto compilation = compile_schema(std::move(document), documents);
    auto faults = Linter(compilation, settings).run(url_schemes);
    CheckedSchema checked;
    checked.faults = compilation.faults;
    checked.faults.insert(checked.faults.end(), std::make_move_iterator(faults.begin()),
                          std::make_move_iterator(faults.end()));
    if (checked.faults.size() > 1) {
        const auto& source = compilation.schema->document;
        std::ranges::sort(checked.faults, {}, [&source](const Fault& fault) {
            return std::tuple(place_of(fault.pointer, source), fault.code);
        });
    }
    if (compilation.faults.empty()) checked.schema = Schema(std::move(compilation.schema));
    return checked;
}

} // namespace

CheckedSchema lint_settings_schema(json::value document, std::span<const std::string> url_schemes,
                                   const CompileOptions& options) {
    return lint(std::move(document), url_schemes, true, options.documents);
}

CheckedSchema lint_request_schema(json::value document, const CompileOptions& options) {
    return lint(std::move(document), {}, false, options.documents);
}

} // namespace patchbay::host
