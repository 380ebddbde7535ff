// SPDX-License-Identifier: Apache-2.0
// The compiled form of a schema, which everything in this folder works on.
//
// Subschemas are numbered; a node holds what a verdict needs, in 24 bytes, and refers into flat
// tables of checks by the type of value they apply to. What only people need (where a subschema
// stands, its titles) is reached through NodeInfo and the document itself, so that the verdict
// never loads it. Nothing changes once it is compiled.
#pragma once

#include "documents.hpp"
#include "formats.hpp"
#include "keywords.hpp"
#include "text_tables.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace patchbay::host {

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex no_node = UINT32_MAX;

// A run of elements in one of the tables.
struct Run {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

// Types of values, a bit each. "number" means integer and fraction.
using TypeMask = std::uint8_t;
inline constexpr TypeMask type_null = 1;
inline constexpr TypeMask type_boolean = 2;
inline constexpr TypeMask type_integer = 4;
inline constexpr TypeMask type_fraction = 8;
inline constexpr TypeMask type_text = 16;
inline constexpr TypeMask type_array = 32;
inline constexpr TypeMask type_object = 64;
inline constexpr TypeMask type_number = type_integer | type_fraction;
inline constexpr TypeMask all_types = 127;

// The bit of one value's type.
[[nodiscard]] TypeMask type_of(const boost::json::value& value);

// Which tables hold checks of a node, a bit each.
using GroupMask = std::uint8_t;
inline constexpr GroupMask number_group = 1;
inline constexpr GroupMask text_group = 2;
inline constexpr GroupMask array_group = 4;
inline constexpr GroupMask object_group = 8;
inline constexpr GroupMask any_group = 16;

// One subschema. One that is a $ref is a copy of the node it leads to.
struct Node {
    TypeMask types = all_types;
    GroupMask groups = 0;
    std::uint32_t number = 0; // indices into the tables; valid where the group's bit is set
    std::uint32_t text = 0;
    std::uint32_t array = 0;
    std::uint32_t object = 0;
    std::uint32_t any = 0;
};

struct NumberChecks {
    // All bounds together, for a value that is an int64.
    std::int64_t lowest = INT64_MIN;
    std::int64_t highest = INT64_MAX;
    const boost::json::value* minimum = nullptr;
    const boost::json::value* maximum = nullptr;
    const boost::json::value* exclusive_minimum = nullptr;
    const boost::json::value* exclusive_maximum = nullptr;
    const boost::json::value* multiple_of = nullptr;
};

inline constexpr std::uint64_t no_limit = UINT64_MAX;
inline constexpr std::uint32_t no_pattern = UINT32_MAX;

struct TextChecks {
    std::uint64_t min_length = 0; // in code points
    std::uint64_t max_length = no_limit;
    std::uint32_t pattern = no_pattern;
    std::optional<Format> format;
};

struct ArrayChecks {
    std::uint64_t min_items = 0;
    std::uint64_t max_items = no_limit;
    Run tuple;                  // nodes of "items" where that is a list
    NodeIndex others = no_node; // of "items", or "additionalItems" behind a tuple
    NodeIndex contains = no_node;
    bool unique = false;
};

struct Property {
    NodeIndex node = no_node; // none where the key is only required
    bool required = false;
};

struct PatternProperty {
    std::uint32_t pattern;
    NodeIndex node;
};

struct Dependency {
    std::string_view key;
    NodeIndex node = no_node; // either a schema for the whole object
    Run names;                // or keys that it needs
};

struct ObjectChecks {
    TextTable keys; // of "properties" and "required"; its positions count into properties
    std::uint32_t first_property = 0;
    std::uint32_t required_count = 0;
    NodeIndex additional = no_node;
    NodeIndex names = no_node;
    Run patterns;
    Run dependencies;
    std::uint64_t min_properties = 0;
    std::uint64_t max_properties = no_limit;
};

inline constexpr std::uint32_t none = UINT32_MAX;

// The values that "enum" names, or "const", or a choice between constants.
struct ValueSet {
    Run values;           // into value_pool
    bool all_text = true; // then texts finds them
    TextTable texts;
    std::uint32_t first_hash = none; // into value_hashes, sorted, where they are many
};

// "oneOf" or "anyOf".
struct Choice {
    enum class Form : std::uint8_t {
        plain,
        labels, // constants, each with its title: an enumeration for people
        tagged, // objects told apart by a key, the discriminator, that is constant in each
    };
    Form form = Form::plain;
    Run branches;                // nodes
    std::uint32_t values = none; // labels: the set of constants
    std::string_view tag_key;    // tagged: the discriminator ...
    TextTable tags;              // ... and its values, in the order of branches
};

struct AnyChecks {
    std::uint32_t constant = none; // value sets
    std::uint32_t enumeration = none;
    std::uint32_t one_of = none; // choices
    std::uint32_t any_of = none;
    Run all_of;                    // nodes
    NodeIndex negated = no_node;   // "not"
    NodeIndex condition = no_node; // "if"
    NodeIndex then_node = no_node;
    NodeIndex else_node = no_node;
};

struct Pattern {
    // Owned here alone; a shared pointer is one that need not know RE2.
    std::shared_ptr<const re2::RE2> expression;
    std::uint32_t size = 0;   // of its program, in instructions
    std::string_view written; // as the schema has it
};

// Where a node comes from.
struct NodeInfo {
    const boost::json::value* source = nullptr;
    NodeIndex parent = no_node;
    NodeIndex reference = no_node; // the node its $ref names, itself perhaps a $ref
    std::uint32_t resource = 0;
    std::uint32_t index = 0;         // in its parent's list ...
    std::string_view token;          // ... or its key there
    Keyword keyword = Keyword::none; // of the parent
};

// Where the way up through the parents ends, other than at the root of the document.
struct EntryPoint {
    NodeIndex node;
    std::string pointer; // "urn:patchbay:shared:1#/definitions/tls"
};

class CompiledSchema {
  public:
    static constexpr NodeIndex root = 0;

    // What compiling fills and nobody changes afterwards.
    boost::json::value document;
    std::vector<std::shared_ptr<const Document>> used_documents; // keeps alive what is borrowed

    std::vector<Node> nodes;
    std::vector<NodeInfo> infos;
    std::vector<EntryPoint> entry_points;
    std::vector<NumberChecks> numbers;
    std::vector<TextChecks> texts;
    std::vector<ArrayChecks> arrays;
    std::vector<ObjectChecks> objects;
    std::vector<AnyChecks> anys;
    std::vector<Property> properties;
    std::vector<PatternProperty> pattern_properties;
    std::vector<Dependency> dependencies;
    std::vector<std::string_view> dependency_names;
    std::vector<Choice> choices;
    std::vector<ValueSet> value_sets;
    std::vector<const boost::json::value*> value_pool;
    std::vector<std::pair<std::uint64_t, const boost::json::value*>> value_hashes;
    std::vector<Pattern> patterns;
    TextTables tables;

    // The node behind all references.
    [[nodiscard]] NodeIndex target(NodeIndex node) const {
        while (infos[node].reference != no_node)
            node = infos[node].reference;
        return node;
    }

    // Adds the nodes that a node hands its own value to, rather than a part of it.
    void append_in_place(NodeIndex index, std::vector<NodeIndex>& to) const;

    // Adds those it hands members or items to.
    void append_beneath(NodeIndex index, std::vector<NodeIndex>& to) const;

    // Where a node stands in its document: "/properties/port". In another than the schema's own it
    // begins with the URI of that: "urn:patchbay:shared:1#/definitions/tls".
    [[nodiscard]] std::string pointer(NodeIndex node) const;
    [[nodiscard]] std::string pointer(NodeIndex node, Keyword keyword) const;

    // The member of a node's own schema object; nullptr where it has none.
    [[nodiscard]] const boost::json::value* find_member(NodeIndex node, Keyword keyword) const;

    // The same, or where the node is a $ref without that member, that of its target. This is for
    // annotations: what stands beside a $ref asserts nothing.
    [[nodiscard]] const boost::json::value* find_annotation(NodeIndex node, Keyword keyword) const;

    // The annotation's text; "" where there is none.
    [[nodiscard]] std::string_view find_text(NodeIndex node, Keyword keyword) const;

    // The node that "properties" has for a key; no_node where it has none.
    [[nodiscard]] NodeIndex find_property(NodeIndex node, std::string_view key) const;
};

} // namespace patchbay::host
