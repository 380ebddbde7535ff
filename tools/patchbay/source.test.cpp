// SPDX-License-Identifier: Apache-2.0
// Times of --timeout.

#include "source.hpp"

#include <patchbay/test/catch.hpp>

using namespace patchbay::command;

TEST_CASE("a time is a whole number and its unit", "[command]") {
    using std::chrono::milliseconds;
    CHECK(read_duration("1ms") == milliseconds(1));
    CHECK(read_duration("30s") == milliseconds(30'000));
    CHECK(read_duration("2m") == milliseconds(120'000));
    CHECK(read_duration("8784h") == milliseconds(31'622'400'000));

    for (const auto* const wrong : {"", "30", "s", "0s", "-1s", "+1s", "1.5s", "1 s", "1S", "1sx",
                                    "8785h", "9223372036854775807h", "99999999999999999999s"}) {
        INFO(wrong);
        CHECK_FALSE(read_duration(wrong).has_value());
    }
}
