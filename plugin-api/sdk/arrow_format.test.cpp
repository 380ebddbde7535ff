// SPDX-License-Identifier: Apache-2.0
// Format strings of the C data interface, right and wrong ones.

#include <patchbay/sdk/arrow_format.hpp>
#include <patchbay/test/catch.hpp>

#include <string_view>

using namespace patchbay::sdk;

TEST_CASE("format strings tell layout, width and unit", "[sdk][arrow]") {
    const auto decimal = read_arrow_format("d:38,10");
    REQUIRE(decimal);
    CHECK(decimal->type == TypeClass::decimal);
    CHECK(decimal->width == 16);
    CHECK(decimal->precision == 38);
    CHECK(decimal->scale == 10);
    CHECK(read_arrow_format("d:5,-2,256")->width == 32);
    CHECK(read_arrow_format("d:5,-2,256")->scale == -2);

    const auto timestamp = read_arrow_format("tsu:Europe/Berlin");
    REQUIRE(timestamp);
    CHECK(timestamp->unit == TimeUnit::micro);
    CHECK(timestamp->timezone == "Europe/Berlin");
    CHECK(read_arrow_format("tsn:")->timezone.empty());
    CHECK(read_arrow_format("ttm")->width == 4);
    CHECK(read_arrow_format("ttu")->width == 8);
    CHECK(read_arrow_format("w:42")->width == 42);
    CHECK(read_arrow_format("+w:3")->layout == Layout::fixed_list);
    CHECK(read_arrow_format("+m")->type == TypeClass::map);

    CHECK(read_arrow_format("n")->buffer_count() == 0);
    CHECK(read_arrow_format("+s")->buffer_count() == 1);
    CHECK(read_arrow_format("l")->buffer_count() == 2);
    CHECK(read_arrow_format("U")->buffer_count() == 3);
    CHECK(read_arrow_format("U")->offset_width() == 8);
}

TEST_CASE("format strings that are malformed or not carried are not read", "[sdk][arrow]") {
    for (const std::string_view format :
         {"",       "x",        "ll",    "w:",  "w:-1",    "w:1x",  "d:",   "d:1", "d:1,",
          "d:1,2,", "d:1,2,77", "d:x,2", "t",   "ts",      "tsu",   "tsx:", "ttx", "ttuu",
          "tD",     "+",        "+x",    "+w:", "+ud:0,1", "+us:0", "+r",   "vu",  "+vl"}) {
        INFO(format);
        CHECK_FALSE(read_arrow_format(format).has_value());
    }
}
