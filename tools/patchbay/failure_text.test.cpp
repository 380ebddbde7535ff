// SPDX-License-Identifier: Apache-2.0
// Faults of every kind in documents.

#include "failure_text.hpp"

#include <patchbay/test/catch.hpp>

#include <string>
#include <vector>

using namespace patchbay;

TEST_CASE("no fault is lost in a document, whatever it tells", "[command][faults]") {
    // As deep as a document of settings may be, and a path that is not UTF-8.
    const std::string deep = std::string(32, '[') + std::string(32, ']');
    const std::vector<host::Fault> faults = {{.pointer = "/conn\xff", .message = "is unknown"},
                                             {.message = "is too deep", .params_json = deep},
                                             {.message = "is wrong", .place = "\xff.yaml"}};

    const auto array = command::faults_json(faults);

    REQUIRE(array.size() == 3);
    for (const auto& fault : array)
        REQUIRE(fault.is_object());
    CHECK(array[0].at("pointer").as_string() == "/conn\xff");
    CHECK(array[1].at("params").is_array());
    CHECK(array[2].at("place").as_string() == "\xff.yaml");
}
