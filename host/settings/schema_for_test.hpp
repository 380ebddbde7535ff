// SPDX-License-Identifier: Apache-2.0
// Schemas and values written in tests.
#pragma once

#include <host/settings/schema.hpp>
#include <patchbay/host/fault.hpp>
#include <patchbay/test/catch.hpp>

#include <boost/json/parse.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::test {

[[nodiscard]] inline boost::json::value json_of(std::string_view text) {
    return boost::json::parse({text.data(), text.size()});
}

// Fails the test where the schema does not compile.
[[nodiscard]] inline host::Schema compiled(std::string_view text) {
    auto schema = host::Schema::compile(json_of(text));
    if (!schema) {
        for (const auto& fault : schema.error())
            UNSCOPED_INFO(describe(fault));
    }
    REQUIRE(schema.has_value());
    return *schema;
}

// Fails the test where it does compile.
[[nodiscard]] inline std::vector<host::Fault> compile_faults(boost::json::value document) {
    auto schema = host::Schema::compile(std::move(document));
    REQUIRE_FALSE(schema.has_value());
    return schema.error();
}

[[nodiscard]] inline std::vector<std::string> descriptions(const std::vector<host::Fault>& faults) {
    std::vector<std::string> texts;
    texts.reserve(faults.size());
    for (const auto& fault : faults)
        texts.push_back(describe(fault));
    return texts;
}

} // namespace patchbay::test
