// SPDX-License-Identifier: Apache-2.0
// The examples of schemas/examples/settings: right ones are right, wrong ones are what they say.

#include <host/settings/completion.hpp>
#include <host/settings/schema.hpp>
#include <patchbay/host/fault.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/strict_json.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using patchbay::host::check_example;
using patchbay::host::code_text;
using patchbay::host::describe;
using patchbay::host::Schema;
using patchbay::registry::read_strict_json;

namespace {

const fs::path& examples() {
    static const fs::path path = PATCHBAY_SCHEMAS_DIR "/examples";
    return path;
}

boost::json::value read(const fs::path& file) {
    auto value =
        read_strict_json(patchbay::test::read_file(file), patchbay::registry::schema_limits);
    INFO(file);
    REQUIRE(value.has_value());
    return *value;
}

Schema sample() {
    auto schema = Schema::compile(read(examples() / "postgresql.settings.schema.json"));
    REQUIRE(schema.has_value());
    return *schema;
}

std::vector<fs::path> files_in(const char* directory) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(examples() / "settings" / directory))
        files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

} // namespace

TEST_CASE("every valid example of settings has no fault", "[settings][examples]") {
    const auto schema = sample();
    const auto files = files_in("valid");

    CHECK(files.size() >= 5);
    for (const auto& file : files) {
        INFO(file);
        const auto faults = check_example(schema, read(file));
        for (const auto& fault : faults)
            UNSCOPED_INFO(describe(fault));
        CHECK(faults.empty());
    }
}

TEST_CASE("every invalid example of settings has the fault of its name", "[settings][examples]") {
    const auto schema = sample();
    const auto files = files_in("invalid");

    CHECK(files.size() >= 15);
    for (const auto& file : files) {
        INFO(file);
        const auto name = file.stem().string();
        const auto code = name.substr(0, name.find("--"));
        const auto faults = check_example(schema, read(file));
        REQUIRE_FALSE(faults.empty());
        CHECK(std::ranges::any_of(
            faults, [&](const auto& fault) { return code_text(fault.code) == code; }));
        CHECK(faults.size() <= 2); // a misspelt key is one missing and one unknown
    }
}
