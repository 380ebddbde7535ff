// SPDX-License-Identifier: Apache-2.0
// Schemas survive the trip through the C data interface, and so do their parts.

#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/test/catch.hpp>

#include <string>
#include <string_view>
#include <utility>

using namespace patchbay::sdk;

namespace {

Field sample() {
    return record({
        {.name = "id", .format = "l", .nullable = false},
        {.name = "tags",
         .format = "+l",
         .metadata = {{"patchbay.type", "text[]"}, {"empty", ""}},
         .children = {{.name = "item", .format = "u"}}},
        {.name = "", .format = "d:10,2"},
        {.name = "sorted",
         .format = "+m",
         .keys_sorted = true,
         .children = {{.name = "entries",
                       .format = "+s",
                       .children = {{.name = "key", .format = "u"},
                                    {.name = "value", .format = "l"}}}}},
    });
}

} // namespace

TEST_CASE("an exported schema reads back as it was", "[sdk][schema]") {
    UniqueSchema schema;
    export_schema(sample(), schema.receive());

    CHECK(import_schema(*schema.get()) == sample());
}

TEST_CASE("a child of a schema outlives its parent", "[sdk][schema]") {
    UniqueSchema schema;
    export_schema(sample(), schema.receive());

    const UniqueSchema child(std::move(*schema->children[1]));
    schema.reset();

    CHECK(import_schema(*child.get()) == sample().children[1]);
}

TEST_CASE("a schema is read no deeper than asked", "[sdk][schema]") {
    Field deep{.name = "0", .format = "l"};
    for (int level = 1; level < 100; ++level)
        deep = {.name = std::to_string(level), .format = "+s", .children = {std::move(deep)}};
    UniqueSchema schema;
    export_schema(deep, schema.receive());

    const Field* field = nullptr;
    const Field read = import_schema(*schema.get(), 3);
    int levels = 0;
    for (field = &read; !field->children.empty(); field = field->children.data())
        ++levels;

    CHECK(levels == 3);
    CHECK(field->name == "96");
}
