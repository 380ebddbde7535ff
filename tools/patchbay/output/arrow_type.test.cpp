// SPDX-License-Identifier: Apache-2.0
// Arrow types by the names that Arrow's own libraries give them.

#include "output/arrow_type.hpp"

#include <patchbay/test/catch.hpp>

#include <utility>

using namespace patchbay::command;
using patchbay::sdk::Field;

TEST_CASE("Arrow types have the names that Arrow prints", "[command][output]") {
    const auto [format, name] =
        GENERATE(table<const char*, const char*>({{"n", "null"},
                                                  {"b", "bool"},
                                                  {"c", "int8"},
                                                  {"L", "uint64"},
                                                  {"e", "halffloat"},
                                                  {"f", "float"},
                                                  {"g", "double"},
                                                  {"u", "utf8"},
                                                  {"U", "large_utf8"},
                                                  {"Z", "large_binary"},
                                                  {"w:16", "fixed_size_binary[16]"},
                                                  {"d:10,2", "decimal128(10, 2)"},
                                                  {"d:40,2,256", "decimal256(40, 2)"},
                                                  {"tdD", "date32[day]"},
                                                  {"tdm", "date64[ms]"},
                                                  {"ttm", "time32[ms]"},
                                                  {"ttn", "time64[ns]"},
                                                  {"tsu:", "timestamp[us]"},
                                                  {"tss:UTC", "timestamp[s, tz=UTC]"},
                                                  {"tDn", "duration[ns]"},
                                                  {"tiM", "month_interval"},
                                                  {"vu", "vu"}}));

    CHECK(arrow_type_text(Field{.format = format}) == name);
}

TEST_CASE("nested Arrow types show what is in them", "[command][output]") {
    const Field text{.name = "item", .format = "u"};

    CHECK(arrow_type_text({.format = "+l", .children = {text}}) == "list<item: utf8>");
    CHECK(arrow_type_text({.format = "+w:3", .children = {text}}) ==
          "fixed_size_list<item: utf8>[3]");
    CHECK(arrow_type_text({.format = "+s", .children = {text, {.name = "n", .format = "l"}}}) ==
          "struct<item: utf8, n: int64>");
}
