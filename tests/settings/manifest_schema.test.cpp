// SPDX-License-Identifier: Apache-2.0
// schemas/manifest.schema.json, which editors read, and the registry's reader are of one mind.

#include <host/settings/schema.hpp>
#include <patchbay/host/fault.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/manifest.hpp>
#include <registry/strict_json.hpp>

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace fs = std::filesystem;
using patchbay::host::describe;
using patchbay::host::Schema;
using patchbay::registry::read_manifest;
using patchbay::registry::read_strict_json;

namespace {

const fs::path& schemas() {
    static const fs::path path = PATCHBAY_SCHEMAS_DIR;
    return path;
}

boost::json::value read(const fs::path& file) {
    INFO(file);
    auto value =
        read_strict_json(patchbay::test::read_file(file), patchbay::registry::schema_limits);
    REQUIRE(value.has_value());
    return *value;
}

Schema manifest_schema() {
    auto schema = Schema::compile(read(schemas() / "manifest.schema.json"));
    REQUIRE(schema.has_value());
    return *schema;
}

// Holds each example of a kind against both, and answers how many there were.
std::size_t compare_examples(std::string_view kind, bool is_valid) {
    const auto schema = manifest_schema();
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(schemas() / "examples" / "manifest" / kind)) {
        INFO(entry.path());
        const auto reading =
            read_manifest(patchbay::test::read_file(entry.path()), entry.path().filename());
        const auto faults = schema.explain(read(entry.path()));
        for (const auto& fault : faults)
            UNSCOPED_INFO(describe(fault));
        CHECK(reading.manifest.has_value() == is_valid);
        CHECK(faults.empty() == is_valid);
        ++count;
    }
    return count;
}

} // namespace

TEST_CASE("the schema of manifests accepts what the reader reads", "[settings][manifest]") {
    CHECK(compare_examples("valid", true) >= 12);
}

TEST_CASE("the schema of manifests refuses what the reader refuses", "[settings][manifest]") {
    CHECK(compare_examples("invalid", false) >= 89);
}
