// SPDX-License-Identifier: Apache-2.0
// A schema that cannot be read, or says what is not carried, is found out before anybody reads it.

#include "schema_check.hpp"

#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/test/catch.hpp>

#include <string>
#include <utility>

using patchbay::host::find_schema_fault;
using patchbay::host::max_schema_depth;
using patchbay::sdk::export_schema;
using patchbay::sdk::Field;
using patchbay::sdk::record;
using patchbay::sdk::UniqueSchema;

namespace {

// A schema of one column "city", to be spoilt.
UniqueSchema schema_of(Field column) {
    column.name = "city";
    UniqueSchema schema;
    export_schema(record({std::move(column)}), schema.receive());
    return schema;
}

std::string fault_of(const UniqueSchema& schema) {
    return find_schema_fault(*schema.get()).value_or("");
}

// So many levels below the record.
Field nested(int levels) {
    Field field{.name = "innermost", .format = "l"};
    for (int level = 1; level < levels; ++level)
        field = {.name = "level", .format = "+s", .children = {std::move(field)}};
    return field;
}

const Field pairs{
    .format = "+m",
    .children = {{.name = "entries",
                  .format = "+s",
                  .children = {{.name = "key", .format = "u"}, {.name = "value", .format = "l"}}}}};

} // namespace

TEST_CASE("schemas of every carried layout pass", "[host][schema]") {
    for (const char* format : {"n", "b", "l", "g", "u", "U", "z", "w:4", "d:10,2", "tsu:UTC"}) {
        INFO(format);
        CHECK(fault_of(schema_of({.format = format})).empty());
    }
    for (const char* format : {"+l", "+L", "+w:3", "+s"}) {
        INFO(format);
        CHECK(fault_of(schema_of({.format = format, .children = {{.name = "x", .format = "l"}}}))
                  .empty());
    }
    CHECK(fault_of(schema_of(pairs)).empty());
}

TEST_CASE("a schema whose nodes are not there is found out", "[host][schema]") {
    auto negative = schema_of({.format = "l"});
    auto without_array = schema_of({.format = "l"});
    auto without_child = schema_of({.format = "l"});
    auto released = schema_of({.format = "l"});
    auto without_format = schema_of({.format = "l"});
    auto& child_slot = without_child->children[0];
    auto* const children = without_array->children;
    auto* const child = std::exchange(child_slot, nullptr);
    negative->n_children = -1;
    without_array->children = nullptr;
    released->children[0]->release(released->children[0]);
    without_format->children[0]->format = nullptr;

    CHECK(fault_of(negative) == "the schema has -1 children");
    CHECK(fault_of(without_array) == "the schema has no array of children");
    CHECK(fault_of(without_child) == "the schema has NULL in place of child 0");
    CHECK(fault_of(released) == "column 1 is released");
    CHECK(fault_of(without_format) == "city has no format");

    // As they were made, so that they can be released.
    negative->n_children = 1;
    without_array->children = children;
    child_slot = child;
}

TEST_CASE("a format that is none, or is not carried, is named", "[host][schema]") {
    CHECK(fault_of(schema_of({.format = "utf8"})) ==
          "city has the format \"utf8\", which is no Arrow format string; utf8 is \"u\"");
    CHECK(fault_of(schema_of({.format = "varchar"})) ==
          "city has the format \"varchar\", which is no Arrow format string");
    CHECK(fault_of(schema_of({.format = "vu"})) ==
          "city has the Arrow format \"vu\"; views, unions and run-end encoding are not carried by "
          "this contract");
}

TEST_CASE("a dictionary is refused at any depth", "[host][schema]") {
    UniqueSchema values;
    export_schema({.format = "u"}, values.receive());
    auto schema = schema_of({.format = "+l", .children = {{.name = "item", .format = "i"}}});
    auto& slot = schema->children[0]->children[0]->dictionary;
    slot = values.get();

    CHECK(fault_of(schema) == "city.item is dictionary-encoded; dictionaries are not carried by "
                              "this contract");

    slot = nullptr;
}

TEST_CASE("children that do not go with the format are found out", "[host][schema]") {
    CHECK(fault_of(schema_of({.format = "+l"})) == "city has 0 children; the format \"+l\" has 1");
    CHECK(fault_of(schema_of({.format = "l", .children = {{.name = "x", .format = "l"}}})) ==
          "city has 1 children; the format \"l\" has 0");
    CHECK(fault_of(schema_of({.format = "+m", .children = {{.name = "x", .format = "l"}}})) ==
          "city is a map, and its child no struct of key and value");
}

TEST_CASE("a schema has as many levels as can be read, and no more", "[host][schema]") {
    CHECK(fault_of(schema_of(nested(max_schema_depth))).empty());
    CHECK(fault_of(schema_of(nested(max_schema_depth + 1))) ==
          "the schema has more than 32 levels");
}
