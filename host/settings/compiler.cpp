// SPDX-License-Identifier: Apache-2.0
// Turns a JSON Schema into its compiled form, or says what keeps it from being one.

#include "compiler.hpp"

#include "choices.hpp"
#include "ecma_pattern.hpp"
#include "equality.hpp"
#include "json_text.hpp"
#include "members.hpp"
#include "numbers.hpp"
#include "references.hpp"
#include "words.hpp"

#include <registry/json_pointer.hpp>
#include <registry/spelling.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

constexpr std::string_view draft_07 = "http://json-schema.org/draft-07/schema";

// The least int64 that is at least (or, exclusive, more than) the bound; nothing where none is.
std::optional<std::int64_t> lowest_above(const json::value& bound, bool exclusive) {
    constexpr auto most = INT64_MAX;
    std::int64_t lowest = 0;
    bool exact = true; // whether the bound itself is that integer
    if (bound.is_int64()) {
        lowest = bound.get_int64();
    } else if (bound.is_uint64()) {
        if (bound.get_uint64() > static_cast<std::uint64_t>(most)) return std::nullopt;
        lowest = static_cast<std::int64_t>(bound.get_uint64());
    } else {
        const double up = std::ceil(bound.get_double());
        if (up >= 0x1p63) return std::nullopt;
        if (up < -0x1p63) return INT64_MIN;
        lowest = static_cast<std::int64_t>(up);
        exact = up == bound.get_double();
    }
    if (!exclusive || !exact) return lowest;
    if (lowest == most) return std::nullopt;
    return lowest + 1;
}

// The greatest int64 that is at most (or, exclusive, less than) the bound.
std::optional<std::int64_t> highest_below(const json::value& bound, bool exclusive) {
    constexpr auto least = INT64_MIN;
    std::int64_t highest = 0;
    bool exact = true;
    if (bound.is_int64()) {
        highest = bound.get_int64();
    } else if (bound.is_uint64()) {
        if (bound.get_uint64() > static_cast<std::uint64_t>(INT64_MAX)) return INT64_MAX;
        highest = static_cast<std::int64_t>(bound.get_uint64());
    } else {
        const double down = std::floor(bound.get_double());
        if (down < -0x1p63) return std::nullopt;
        if (down >= 0x1p63) return INT64_MAX;
        highest = static_cast<std::int64_t>(down);
        exact = down == bound.get_double();
    }
    if (!exclusive || !exact) return highest;
    if (highest == least) return std::nullopt;
    return highest - 1;
}

// Works through a list of subschemas that grows while it is worked through: no recursion, and the
// subschemas of one keyword stand side by side.
class Compiler {
  public:
    Compiler(CompiledSchema& schema, const Documents& documents)
        : schema_(schema), references_(schema, identifiers_, documents) {}

    std::vector<Fault> run();

  private:
    struct Reference {
        NodeIndex node;
        std::string_view text;
    };

    // Where a child hangs.
    struct Place {
        NodeIndex parent;
        Keyword keyword;
        std::string_view token;
        std::uint32_t index;
    };

    NodeIndex add_node(const json::value& source, Place place);
    NodeIndex add_schema(NodeIndex parent, Keyword keyword, const json::value& value);
    Run add_list(NodeIndex parent, Keyword keyword, const json::value& value);
    Run add_map(NodeIndex parent, Keyword keyword, const json::value& value);

    void compile_node(NodeIndex node);
    void compile_identity(NodeIndex node, const Members& members);
    void compile_types(NodeIndex node, const json::value& value);
    void compile_number_checks(NodeIndex node, const Members& members);
    void compile_text_checks(NodeIndex node, const Members& members);
    void compile_array_checks(NodeIndex node, const Members& members);
    void compile_object_checks(NodeIndex node, const Members& members);
    void compile_keys(NodeIndex node, const Members& members, ObjectChecks& checks);
    void compile_pattern_properties(NodeIndex node, const json::value& value, ObjectChecks& checks);
    void compile_dependencies(NodeIndex node, const json::value& value, ObjectChecks& checks);
    void compile_any_checks(NodeIndex node, const Members& members);
    std::uint32_t compile_choice(NodeIndex node, Keyword keyword, const json::value& value);
    std::uint32_t add_value_set(NodeIndex node, std::span<const json::value> values);
    std::uint32_t compile_pattern(NodeIndex node, Keyword keyword, std::string_view pattern);
    void check_annotations(NodeIndex node, const Members& members);

    void resolve(const Reference& reference);
    [[nodiscard]] NodeIndex find_node(const json::value& source);
    void finish_references();
    bool follow_chain(NodeIndex node);

    // Each says so where the value is not what the keyword takes.
    bool expect(NodeIndex node, Keyword keyword, const json::value& value, json::kind kind);
    bool expect_boolean(NodeIndex node, Keyword keyword, const json::value& value);
    std::optional<std::uint64_t> read_count(NodeIndex node, Keyword keyword,
                                            const json::value& value);
    const json::value* read_number(NodeIndex node, Keyword keyword, const json::value* value);
    std::optional<std::vector<std::string_view>>
    read_names(NodeIndex node, Keyword keyword, const json::value& value, std::string_view token);

    void fault(FaultCode code, NodeIndex node, Keyword keyword, std::string message,
               std::string_view token = {}, std::string suggestion = {});

    CompiledSchema& schema_;
    Identifiers identifiers_;
    References references_;
    std::vector<std::uint8_t> levels_; // of nodes
    std::vector<Reference> reference_list_;
    std::unordered_map<const json::value*, NodeIndex> node_by_source_; // filled when first needed
    std::unordered_map<std::string_view, std::uint32_t> pattern_by_text_;
    std::size_t pattern_size_ = 0;
    std::vector<std::string_view> keys_; // scratch
    std::vector<Fault> faults_;
    bool gave_up_ = false;
};

std::vector<Fault> Compiler::run() {
    identifiers_.add_resource("", schema_.document);
    add_node(schema_.document, {no_node, Keyword::none, {}, 0});
    std::size_t compiled = 0;
    std::size_t resolved = 0;
    while (!gave_up_) {
        // All of the document first, so that every $id is known before one is referred to.
        if (compiled < schema_.nodes.size()) {
            compile_node(static_cast<NodeIndex>(compiled++));
        } else if (resolved < reference_list_.size()) {
            resolve(reference_list_[resolved++]);
        } else {
            break;
        }
    }
    if (!gave_up_) finish_references();
    if (faults_.empty()) classify_choices(schema_);
    return std::move(faults_);
}

NodeIndex Compiler::add_node(const json::value& source, Place place) {
    const auto node = static_cast<NodeIndex>(schema_.nodes.size());
    const bool entry = place.parent == no_node;
    const std::size_t level = entry ? 1 : levels_[place.parent] + std::size_t{1};
    schema_.nodes.emplace_back();
    schema_.infos.push_back({&source, place.parent, no_node,
                             entry ? 0 : schema_.infos[place.parent].resource, place.index,
                             place.token, place.keyword});
    levels_.push_back(static_cast<std::uint8_t>(std::min(level, max_schema_levels)));
    if (!node_by_source_.empty()) node_by_source_.try_emplace(&source, node);
    if (gave_up_) return node;
    if (level > max_schema_levels) {
        fault(FaultCode::schema_too_deep, node, Keyword::none,
              fmt::format("schemas stand inside each other in more than {} levels; move the inner "
                          "ones to \"definitions\" and refer to them",
                          max_schema_levels));
        gave_up_ = true;
    } else if (schema_.nodes.size() > max_subschemas) {
        fault(FaultCode::schema_too_large, node, Keyword::none,
              fmt::format("is one more than the {} subschemas allowed", max_subschemas));
        gave_up_ = true;
    }
    return node;
}

NodeIndex Compiler::add_schema(NodeIndex parent, Keyword keyword, const json::value& value) {
    return add_node(value, {parent, keyword, {}, 0});
}

Run Compiler::add_list(NodeIndex parent, Keyword keyword, const json::value& value) {
    Run run{static_cast<std::uint32_t>(schema_.nodes.size()), 0};
    for (const auto& item : value.get_array()) {
        if (gave_up_) break;
        add_node(item, {parent, keyword, {}, run.count++});
    }
    return run;
}

Run Compiler::add_map(NodeIndex parent, Keyword keyword, const json::value& value) {
    Run run{static_cast<std::uint32_t>(schema_.nodes.size()), 0};
    for (const auto& [key, member] : value.get_object()) {
        if (gave_up_) break;
        add_node(member, {parent, keyword, std_view(key), 0});
        ++run.count;
    }
    return run;
}

void Compiler::compile_node(NodeIndex node) {
    const auto& source = *schema_.infos[node].source;
    if (source.is_bool()) {
        schema_.nodes[node].types = source.get_bool() ? all_types : 0;
        return;
    }
    if (!source.is_object()) {
        fault(FaultCode::schema_not_a_schema, node, Keyword::none,
              fmt::format("must be a schema, which is an object, true or false; it is {}",
                          kind_words(source)));
        return;
    }
    const Members members(source.get_object());
    const auto* reference = members[Keyword::ref];
    if (reference == nullptr) compile_identity(node, members);
    if (const auto* definitions = members[Keyword::definitions]) {
        if (expect(node, Keyword::definitions, *definitions, json::kind::object)) {
            add_map(node, Keyword::definitions, *definitions);
        }
    }
    if (reference != nullptr) {
        // Everything else beside a $ref is ignored, says draft-07.
        if (expect(node, Keyword::ref, *reference, json::kind::string)) {
            reference_list_.push_back({node, text_of(*reference)});
        }
        return;
    }
    if (const auto* type = members[Keyword::type]) compile_types(node, *type);
    compile_number_checks(node, members);
    compile_text_checks(node, members);
    compile_array_checks(node, members);
    compile_object_checks(node, members);
    compile_any_checks(node, members);
    check_annotations(node, members);
}

void Compiler::compile_identity(NodeIndex node, const Members& members) {
    auto& info = schema_.infos[node];
    if (const auto* id = members[Keyword::id]) {
        if (!expect(node, Keyword::id, *id, json::kind::string)) return;
        if (identifiers_.resource(info.resource).foreign) {
            const auto known = identifiers_.find(info.source);
            if (known < identifiers_.resource_count()) {
                info.resource = static_cast<std::uint32_t>(known);
            }
        } else {
            const auto added = identifiers_.add_id(text_of(*id), *info.source, info.resource);
            info.resource = static_cast<std::uint32_t>(added.resource);
            if (added.taken) {
                fault(FaultCode::schema_duplicate_id, node, Keyword::id,
                      fmt::format("must differ from every other \"$id\"; {} stands twice",
                                  quote(id->get_string())));
            }
        }
    }
    const auto* draft = members[Keyword::schema];
    if (draft == nullptr || !expect(node, Keyword::schema, *draft, json::kind::string)) return;
    const auto uri = without_fragment(text_of(*draft));
    const bool official =
        uri.starts_with("http://json-schema.org/") || uri.starts_with("https://json-schema.org/");
    if (official && uri != draft_07) {
        fault(FaultCode::schema_draft, node, Keyword::schema,
              fmt::format("must be \"{}#\", the only draft that is understood; it is {}", draft_07,
                          quote(draft->get_string())),
              {}, std::string(draft_07) + "#");
    }
}

void Compiler::compile_types(NodeIndex node, const json::value& value) {
    TypeMask types = 0;
    const auto add = [&](const json::value& name) {
        if (!expect(node, Keyword::type, name, json::kind::string)) return;
        const auto type = find_type(text_of(name));
        if (type == 0) {
            registry::SpellingGuess guess(text_of(name));
            for (const auto known : type_names())
                guess.consider(known);
            fault(FaultCode::schema_keyword_value, node, Keyword::type,
                  fmt::format("must be one of \"{}\"; it is {}", fmt::join(type_names(), "\", \""),
                              quote(name.get_string())),
                  {}, std::string(guess.best()));
        } else if ((types & type) == type) {
            fault(
                FaultCode::schema_keyword_value, node, Keyword::type,
                fmt::format("must name each type once; {} stands twice", quote(name.get_string())));
        }
        types |= type;
    };
    if (!value.is_array()) {
        add(value);
    } else {
        if (value.get_array().empty()) {
            fault(FaultCode::schema_keyword_value, node, Keyword::type,
                  "must name at least one type");
        }
        for (const auto& name : value.get_array())
            add(name);
    }
    schema_.nodes[node].types = types;
}

void Compiler::compile_number_checks(NodeIndex node, const Members& members) {
    if (!members.has_any({Keyword::minimum, Keyword::maximum, Keyword::exclusive_minimum,
                          Keyword::exclusive_maximum, Keyword::multiple_of})) {
        return;
    }
    const auto read = [&](Keyword keyword) { return read_number(node, keyword, members[keyword]); };
    NumberChecks checks;
    checks.minimum = read(Keyword::minimum);
    checks.maximum = read(Keyword::maximum);
    checks.exclusive_minimum = read(Keyword::exclusive_minimum);
    checks.exclusive_maximum = read(Keyword::exclusive_maximum);
    checks.multiple_of = read(Keyword::multiple_of);
    if (checks.multiple_of != nullptr &&
        compare_numbers(*checks.multiple_of, json::value(0)) <= 0) {
        fault(FaultCode::schema_keyword_value, node, Keyword::multiple_of,
              fmt::format("must be more than 0; it is {}", number_text(*checks.multiple_of)));
        checks.multiple_of = nullptr;
    }

    bool possible = true; // whether any int64 is
    const auto raise = [&](const json::value* bound, bool exclusive) {
        if (bound == nullptr) return;
        const auto lowest = lowest_above(*bound, exclusive);
        possible = possible && lowest.has_value();
        checks.lowest = std::max(checks.lowest, lowest.value_or(INT64_MAX));
    };
    const auto lower = [&](const json::value* bound, bool exclusive) {
        if (bound == nullptr) return;
        const auto highest = highest_below(*bound, exclusive);
        possible = possible && highest.has_value();
        checks.highest = std::min(checks.highest, highest.value_or(INT64_MIN));
    };
    raise(checks.minimum, false);
    raise(checks.exclusive_minimum, true);
    lower(checks.maximum, false);
    lower(checks.exclusive_maximum, true);
    if (!possible) {
        checks.lowest = INT64_MAX;
        checks.highest = INT64_MIN;
    }
    schema_.nodes[node].groups |= number_group;
    schema_.nodes[node].number = static_cast<std::uint32_t>(schema_.numbers.size());
    schema_.numbers.push_back(checks);
}

void Compiler::compile_text_checks(NodeIndex node, const Members& members) {
    // They assert nothing, but must be well-formed.
    for (const auto keyword : {Keyword::content_encoding, Keyword::content_media_type}) {
        if (members[keyword] != nullptr) {
            (void)expect(node, keyword, *members[keyword], json::kind::string);
        }
    }
    if (!members.has_any(
            {Keyword::min_length, Keyword::max_length, Keyword::pattern, Keyword::format})) {
        return;
    }
    TextChecks checks;
    if (const auto* value = members[Keyword::min_length]) {
        checks.min_length = read_count(node, Keyword::min_length, *value).value_or(0);
    }
    if (const auto* value = members[Keyword::max_length]) {
        checks.max_length = read_count(node, Keyword::max_length, *value).value_or(no_limit);
    }
    if (const auto* value = members[Keyword::pattern]) {
        if (expect(node, Keyword::pattern, *value, json::kind::string)) {
            checks.pattern = compile_pattern(node, Keyword::pattern, text_of(*value));
        }
    }
    if (const auto* value = members[Keyword::format]) {
        if (expect(node, Keyword::format, *value, json::kind::string)) {
            checks.format = find_format(text_of(*value));
        }
    }
    schema_.nodes[node].groups |= text_group;
    schema_.nodes[node].text = static_cast<std::uint32_t>(schema_.texts.size());
    schema_.texts.push_back(checks);
}

void Compiler::compile_array_checks(NodeIndex node, const Members& members) {
    if (!members.has_any({Keyword::items, Keyword::additional_items, Keyword::min_items,
                          Keyword::max_items, Keyword::unique_items, Keyword::contains})) {
        return;
    }
    ArrayChecks checks;
    const auto* items = members[Keyword::items];
    if (items != nullptr && items->is_array()) {
        checks.tuple = add_list(node, Keyword::items, *items);
    } else if (items != nullptr) {
        checks.others = add_schema(node, Keyword::items, *items);
    }
    if (const auto* value = members[Keyword::additional_items]) {
        // Without a tuple it says nothing, but is a schema all the same.
        const auto others = add_schema(node, Keyword::additional_items, *value);
        if (items != nullptr && items->is_array()) checks.others = others;
    }
    if (const auto* value = members[Keyword::contains]) {
        checks.contains = add_schema(node, Keyword::contains, *value);
    }
    if (const auto* value = members[Keyword::min_items]) {
        checks.min_items = read_count(node, Keyword::min_items, *value).value_or(0);
    }
    if (const auto* value = members[Keyword::max_items]) {
        checks.max_items = read_count(node, Keyword::max_items, *value).value_or(no_limit);
    }
    if (const auto* value = members[Keyword::unique_items]) {
        checks.unique = expect_boolean(node, Keyword::unique_items, *value) && value->get_bool();
    }
    schema_.nodes[node].groups |= array_group;
    schema_.nodes[node].array = static_cast<std::uint32_t>(schema_.arrays.size());
    schema_.arrays.push_back(checks);
}

void Compiler::compile_object_checks(NodeIndex node, const Members& members) {
    if (!members.has_any({Keyword::properties, Keyword::required, Keyword::additional_properties,
                          Keyword::pattern_properties, Keyword::property_names,
                          Keyword::min_properties, Keyword::max_properties,
                          Keyword::dependencies})) {
        return;
    }
    ObjectChecks checks;
    compile_keys(node, members, checks);
    if (const auto* value = members[Keyword::pattern_properties]) {
        compile_pattern_properties(node, *value, checks);
    }
    if (const auto* value = members[Keyword::dependencies]) {
        compile_dependencies(node, *value, checks);
    }
    if (const auto* value = members[Keyword::additional_properties]) {
        checks.additional = add_schema(node, Keyword::additional_properties, *value);
    }
    if (const auto* value = members[Keyword::property_names]) {
        checks.names = add_schema(node, Keyword::property_names, *value);
    }
    if (const auto* value = members[Keyword::min_properties]) {
        checks.min_properties = read_count(node, Keyword::min_properties, *value).value_or(0);
    }
    if (const auto* value = members[Keyword::max_properties]) {
        checks.max_properties =
            read_count(node, Keyword::max_properties, *value).value_or(no_limit);
    }
    schema_.nodes[node].groups |= object_group;
    schema_.nodes[node].object = static_cast<std::uint32_t>(schema_.objects.size());
    schema_.objects.push_back(checks);
}

// One table for the keys that have a schema and those that must be there.
void Compiler::compile_keys(NodeIndex node, const Members& members, ObjectChecks& checks) {
    checks.first_property = static_cast<std::uint32_t>(schema_.properties.size());
    keys_.clear();
    if (const auto* value = members[Keyword::properties]) {
        if (expect(node, Keyword::properties, *value, json::kind::object)) {
            const auto children = add_map(node, Keyword::properties, *value);
            for (std::uint32_t i = 0; i < children.count; ++i) {
                keys_.push_back(schema_.infos[children.first + i].token);
                schema_.properties.push_back({children.first + i, false});
            }
        }
    }
    checks.keys = schema_.tables.add(keys_);
    const auto* value = members[Keyword::required];
    if (value == nullptr) return;
    const auto names = read_names(node, Keyword::required, *value, {});
    if (!names) return;
    const auto declared = keys_.size();
    for (const auto name : *names) {
        const auto position = schema_.tables.find(checks.keys, name);
        if (position == TextTables::not_found) {
            keys_.push_back(name);
            schema_.properties.push_back({no_node, true});
        } else {
            schema_.properties[checks.first_property + position].required = true;
        }
    }
    checks.required_count = static_cast<std::uint32_t>(names->size());
    if (keys_.size() > declared) checks.keys = schema_.tables.add(keys_);
}

void Compiler::compile_pattern_properties(NodeIndex node, const json::value& value,
                                          ObjectChecks& checks) {
    if (!expect(node, Keyword::pattern_properties, value, json::kind::object)) return;
    const auto children = add_map(node, Keyword::pattern_properties, value);
    checks.patterns.first = static_cast<std::uint32_t>(schema_.pattern_properties.size());
    for (std::uint32_t i = 0; i < children.count && !gave_up_; ++i) {
        const auto text = schema_.infos[children.first + i].token;
        const auto pattern = compile_pattern(node, Keyword::pattern_properties, text);
        if (pattern == no_pattern) continue;
        schema_.pattern_properties.push_back({pattern, children.first + i});
        ++checks.patterns.count;
    }
}

void Compiler::compile_dependencies(NodeIndex node, const json::value& value,
                                    ObjectChecks& checks) {
    if (!expect(node, Keyword::dependencies, value, json::kind::object)) return;
    checks.dependencies.first = static_cast<std::uint32_t>(schema_.dependencies.size());
    for (const auto& [key, member] : value.get_object()) {
        if (gave_up_) return;
        Dependency dependency{std_view(key), no_node, {}};
        if (member.is_array()) {
            const auto names = read_names(node, Keyword::dependencies, member, std_view(key));
            if (!names) continue;
            dependency.names = {static_cast<std::uint32_t>(schema_.dependency_names.size()),
                                static_cast<std::uint32_t>(names->size())};
            schema_.dependency_names.insert(schema_.dependency_names.end(), names->begin(),
                                            names->end());
        } else {
            dependency.node = add_node(member, {node, Keyword::dependencies, std_view(key), 0});
        }
        schema_.dependencies.push_back(dependency);
        ++checks.dependencies.count;
    }
}

void Compiler::compile_any_checks(NodeIndex node, const Members& members) {
    if (!members.has_any({Keyword::enumeration, Keyword::constant, Keyword::all_of, Keyword::any_of,
                          Keyword::one_of, Keyword::not_schema, Keyword::if_schema,
                          Keyword::then_schema, Keyword::else_schema})) {
        return;
    }
    AnyChecks checks;
    if (const auto* value = members[Keyword::constant]) {
        checks.constant = add_value_set(node, {value, 1});
    }
    if (const auto* value = members[Keyword::enumeration]) {
        if (expect(node, Keyword::enumeration, *value, json::kind::array)) {
            const auto& values = value->get_array();
            checks.enumeration = add_value_set(node, {values.data(), values.size()});
        }
    }
    const auto is_list = [&](Keyword keyword) {
        const auto* value = members[keyword];
        if (value == nullptr || !expect(node, keyword, *value, json::kind::array)) return false;
        if (!value->get_array().empty()) return true;
        fault(FaultCode::schema_keyword_value, node, keyword, "must hold at least one schema");
        return false;
    };
    if (is_list(Keyword::all_of)) {
        checks.all_of = add_list(node, Keyword::all_of, *members[Keyword::all_of]);
    }
    if (is_list(Keyword::any_of)) {
        checks.any_of = compile_choice(node, Keyword::any_of, *members[Keyword::any_of]);
    }
    if (is_list(Keyword::one_of)) {
        checks.one_of = compile_choice(node, Keyword::one_of, *members[Keyword::one_of]);
    }
    const auto child = [&](Keyword keyword) {
        const auto* value = members[keyword];
        return value == nullptr ? no_node : add_schema(node, keyword, *value);
    };
    checks.negated = child(Keyword::not_schema);
    checks.condition = child(Keyword::if_schema);
    checks.then_node = child(Keyword::then_schema);
    checks.else_node = child(Keyword::else_schema);
    if (checks.condition == no_node)
        checks.then_node = checks.else_node = no_node; // they say nothing then
    schema_.nodes[node].groups |= any_group;
    schema_.nodes[node].any = static_cast<std::uint32_t>(schema_.anys.size());
    schema_.anys.push_back(checks);
}

std::uint32_t Compiler::compile_choice(NodeIndex node, Keyword keyword, const json::value& value) {
    Choice choice;
    choice.branches = add_list(node, keyword, value);
    schema_.choices.push_back(choice);
    return static_cast<std::uint32_t>(schema_.choices.size() - 1);
}

std::uint32_t Compiler::add_value_set(NodeIndex node, std::span<const json::value> values) {
    constexpr std::size_t many = 16;
    ValueSet set;
    set.values = {static_cast<std::uint32_t>(schema_.value_pool.size()),
                  static_cast<std::uint32_t>(values.size())};
    for (const auto& value : values) {
        schema_.value_pool.push_back(&value);
        set.all_text = set.all_text && value.is_string();
    }
    if (set.all_text) {
        keys_.clear();
        for (const auto& value : values)
            keys_.push_back(text_of(value));
        set.texts = schema_.tables.add(keys_);
    } else if (values.size() > many) {
        Budget budget;
        set.first_hash = static_cast<std::uint32_t>(schema_.value_hashes.size());
        for (const auto& value : values)
            schema_.value_hashes.emplace_back(hash_value(value, budget), &value);
        std::sort(schema_.value_hashes.begin() + set.first_hash, schema_.value_hashes.end());
        if (budget.exhausted()) {
            fault(FaultCode::schema_too_large, node, Keyword::enumeration, "holds too much");
        }
    }
    schema_.value_sets.push_back(set);
    return static_cast<std::uint32_t>(schema_.value_sets.size() - 1);
}

std::uint32_t Compiler::compile_pattern(NodeIndex node, Keyword keyword, std::string_view pattern) {
    const auto known = pattern_by_text_.find(pattern);
    if (known != pattern_by_text_.end()) return known->second;

    const auto token = keyword == Keyword::pattern_properties ? pattern : std::string_view{};
    const auto refuse = [&](std::string message) {
        fault(FaultCode::schema_pattern, node, keyword, std::move(message), token);
        // Told once, however often it stands there.
        pattern_by_text_.emplace(pattern, no_pattern);
        return no_pattern;
    };
    const auto read = read_ecma_pattern(pattern);
    if (!read.syntax_error.empty()) {
        return refuse(fmt::format("is no regular expression: {}", read.syntax_error));
    }
    if (!read.unsupported.empty()) {
        return refuse(fmt::format("uses {}, which could take unbounded time or is not offered; "
                                  "write the pattern without it",
                                  read.unsupported));
    }
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(std::int64_t{1} << 20U);
    auto expression = std::make_shared<const RE2>(read.re2, options);
    if (!expression->ok()) {
        return refuse(fmt::format("cannot be used: {}; make it simpler", expression->error()));
    }
    constexpr std::size_t size_of_any = 100; // what even the smallest expression takes
    const auto size = static_cast<std::uint32_t>(expression->ProgramSize());
    pattern_size_ += size + size_of_any;
    if (pattern_size_ > max_pattern_size) {
        fault(FaultCode::schema_pattern_size, node, keyword,
              "makes the patterns of this schema larger than is allowed for all of them together; "
              "use fewer, or smaller counts in {}",
              token);
        gave_up_ = true;
        return no_pattern;
    }
    const auto index = static_cast<std::uint32_t>(schema_.patterns.size());
    schema_.patterns.push_back({std::move(expression), size, pattern});
    pattern_by_text_.emplace(pattern, index);
    return index;
}

// Those of draft-07; our own are the linter's business.
void Compiler::check_annotations(NodeIndex node, const Members& members) {
    for (const auto keyword : {Keyword::title, Keyword::description, Keyword::comment}) {
        if (const auto* value = members[keyword]) {
            (void)expect(node, keyword, *value, json::kind::string);
        }
    }
    for (const auto keyword : {Keyword::read_only, Keyword::write_only}) {
        if (const auto* value = members[keyword]) (void)expect_boolean(node, keyword, *value);
    }
    if (const auto* value = members[Keyword::examples]) {
        (void)expect(node, Keyword::examples, *value, json::kind::array);
    }
}

void Compiler::resolve(const Reference& reference) {
    const auto resource = schema_.infos[reference.node].resource;
    const auto target = references_.find(reference.text, resource);
    if (!target) {
        const auto& why = target.error();
        fault(why.remote ? FaultCode::schema_reference_remote
                         : FaultCode::schema_reference_unresolved,
              reference.node, Keyword::ref, why.message, {}, why.suggestion);
        return;
    }
    auto node = find_node(*target->schema);
    if (node == no_node) {
        // It stands where no keyword of draft-07 put it, or in another document.
        node = add_node(*target->schema, {no_node, Keyword::none, {}, 0});
        schema_.infos[node].resource = static_cast<std::uint32_t>(target->resource);
        const auto& base = identifiers_.resource(target->base);
        const auto base_node = base.foreign ? no_node : find_node(*base.root);
        auto place = base.foreign           ? fmt::format("{}#", base.uri)
                     : base_node != no_node ? schema_.pointer(base_node)
                                            : std::string{};
        schema_.entry_points.push_back({node, place + target->fragment});
    }
    schema_.infos[reference.node].reference = node;
}

NodeIndex Compiler::find_node(const json::value& source) {
    if (node_by_source_.empty()) {
        node_by_source_.reserve(schema_.infos.size() * 2);
        for (NodeIndex node = 0; node < schema_.infos.size(); ++node)
            node_by_source_.try_emplace(schema_.infos[node].source, node);
    }
    const auto found = node_by_source_.find(&source);
    return found == node_by_source_.end() ? no_node : found->second;
}

void Compiler::finish_references() {
    if (reference_list_.empty()) return;
    const auto loops = find_reference_loops(schema_);
    for (const auto node : loops) {
        fault(FaultCode::schema_reference_loop, node, Keyword::ref,
              "leads back to itself without looking deeper into the value, so that no value would "
              "ever be decided; let the circle go through \"properties\" or \"items\"");
    }
    // Cut, so that whoever follows references arrives.
    for (const auto node : loops)
        schema_.infos[node].reference = no_node;
    for (const auto& reference : reference_list_) {
        if (!follow_chain(reference.node)) return;
    }
    for (const auto& reference : reference_list_)
        schema_.nodes[reference.node] = schema_.nodes[schema_.target(reference.node)];
}

// Chains of references are followed again and again, and so must be short.
bool Compiler::follow_chain(NodeIndex node) {
    const auto first = node;
    for (std::size_t length = 0; length <= max_schema_levels; ++length) {
        node = schema_.infos[node].reference;
        if (node == no_node) return true;
    }
    fault(FaultCode::schema_too_deep, first, Keyword::ref,
          fmt::format("leads from reference to reference, more than {} times; let it lead to the "
                      "last one",
                      max_schema_levels));
    schema_.infos[first].reference = no_node;
    return false;
}

bool Compiler::expect(NodeIndex node, Keyword keyword, const json::value& value, json::kind kind) {
    if (value.kind() == kind) return true;
    const auto wanted = kind == json::kind::string  ? "text"
                        : kind == json::kind::array ? "a list"
                                                    : "an object";
    fault(FaultCode::schema_keyword_type, node, keyword,
          fmt::format("must be {}; it is {}", wanted, kind_words(value)));
    return false;
}

bool Compiler::expect_boolean(NodeIndex node, Keyword keyword, const json::value& value) {
    if (value.is_bool()) return true;
    fault(FaultCode::schema_keyword_type, node, keyword,
          fmt::format("must be true or false; it is {}", kind_words(value)));
    return false;
}

std::optional<std::uint64_t> Compiler::read_count(NodeIndex node, Keyword keyword,
                                                  const json::value& value) {
    if (is_integer(value)) {
        if (value.is_uint64()) return value.get_uint64();
        if (value.is_int64() && value.get_int64() >= 0) {
            return static_cast<std::uint64_t>(value.get_int64());
        }
        if (value.is_double() && value.get_double() >= 0) {
            return value.get_double() < 0x1p64 ? static_cast<std::uint64_t>(value.get_double())
                                               : no_limit;
        }
    }
    fault(FaultCode::schema_keyword_type, node, keyword,
          fmt::format("must be a whole number of at least 0; it is {}", value_words(value)));
    return std::nullopt;
}

const json::value* Compiler::read_number(NodeIndex node, Keyword keyword,
                                         const json::value* value) {
    if (value == nullptr) return nullptr;
    const bool finite =
        value->is_number() && (!value->is_double() || std::isfinite(value->get_double()));
    if (finite) return value;
    fault(FaultCode::schema_keyword_type, node, keyword,
          fmt::format("must be a number; it is {}", kind_words(*value)));
    return nullptr;
}

std::optional<std::vector<std::string_view>> Compiler::read_names(NodeIndex node, Keyword keyword,
                                                                  const json::value& value,
                                                                  std::string_view token) {
    const auto refuse = [&](FaultCode code, std::string message) {
        fault(code, node, keyword, std::move(message), token);
        return std::nullopt;
    };
    if (!value.is_array()) {
        return refuse(FaultCode::schema_keyword_type,
                      fmt::format("must be a list of names; it is {}", kind_words(value)));
    }
    std::vector<std::string_view> names;
    names.reserve(value.get_array().size());
    for (const auto& name : value.get_array()) {
        if (!name.is_string()) {
            return refuse(FaultCode::schema_keyword_type,
                          fmt::format("must be a list of names; it holds {}", kind_words(name)));
        }
        names.push_back(text_of(name));
    }
    auto sorted = names;
    std::ranges::sort(sorted);
    const auto twin = std::ranges::adjacent_find(sorted);
    if (twin != sorted.end()) {
        return refuse(FaultCode::schema_keyword_value,
                      fmt::format("must name each key once; {} stands twice", quote(*twin)));
    }
    return names;
}

void Compiler::fault(FaultCode code, NodeIndex node, Keyword keyword, std::string message,
                     std::string_view token, std::string suggestion) {
    if (gave_up_) return;
    auto pointer = schema_.pointer(node, keyword);
    if (!token.empty()) registry::append_pointer(pointer, token);
    if (faults_.size() + 1 == max_schema_faults) {
        code = FaultCode::schema_more;
        message = "has more faults than these; correct these first";
        suggestion.clear();
        gave_up_ = true;
    }
    if (!suggestion.empty()) message += fmt::format("; did you mean {}?", quote(suggestion));
    faults_.push_back({code,
                       std::move(pointer),
                       {},
                       std::string(keyword_name(keyword)),
                       std::move(message),
                       "{}",
                       std::move(suggestion)});
}

} // namespace

Compilation compile_schema(json::value document, const Documents& documents) {
    auto schema = std::make_shared<CompiledSchema>();
    // Taken over where it lives on the heap; what lives in somebody's buffer is copied out of it.
    schema->document = std::move(document);
    auto faults = Compiler(*schema, documents).run();
    return {std::move(schema), std::move(faults)};
}

} // namespace patchbay::host
