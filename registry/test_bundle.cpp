// SPDX-License-Identifier: Apache-2.0
// Writes bundles that are right, so that a test can make one thing of them wrong.

#include "test_bundle.hpp"

#include <patchbay/abi/version.h>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

namespace patchbay::test {

boost::json::object good_manifest(std::string_view name, std::string_view uuid) {
    return {
        {"manifest_version", 1},
        {"id", std::string(name) + '|' + std::string(uuid)},
        {"title", "Sample"},
        {"version", "1.0.0"},
        {"vendor", "Example"},
        {"license", "Apache-2.0"},
        {"description", "Reads what samples are made of."},
        {"abi", {{"major", PATCHBAY_ABI_MAJOR}, {"min_minor", PATCHBAY_ABI_MINOR}}},
        {"library", "library.so"},
        {"settings_schema", "settings.schema.json"},
        {"request_schema", "request.schema.json"},
        {"provides", {"patchbay.connector/1", "patchbay.source/1"}},
        {"url_schemes", boost::json::array{"sample"}},
        {"mode", "read"},
    };
}

std::filesystem::path test_library(std::string_view name) {
    return std::filesystem::path(PATCHBAY_TEST_LIBRARIES) / name;
}

void make_directory(const std::filesystem::path& directory) {
    std::filesystem::path made;
    for (const auto& name : directory) {
        made /= name;
        if (::mkdir(made.c_str(), 0755) == 0) REQUIRE(::chmod(made.c_str(), 0755) == 0);
    }
    REQUIRE(std::filesystem::is_directory(directory));
}

void write_file(const std::filesystem::path& file, std::string_view content) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << content;
    out.close();
    INFO("writing " << file);
    REQUIRE(out.good());
    REQUIRE(::chmod(file.c_str(), 0644) == 0);
}

std::filesystem::path write_bundle(const std::filesystem::path& root, std::string_view directory,
                                   const boost::json::object& manifest, std::string_view library) {
    const auto bundle = root / directory;
    make_directory(bundle);
    write_file(bundle / "connector.json", boost::json::serialize(manifest));
    write_file(bundle / "library.so", read_file(test_library(library)));
    write_file(bundle / "settings.schema.json", R"({"type": "object"})");
    write_file(bundle / "request.schema.json", R"({"type": "object"})");
    write_file(bundle / "settings.example.json", "{}");
    return bundle;
}

const registry::Bundle& find_bundle(const std::vector<registry::Bundle>& bundles,
                                    std::string_view directory) {
    const auto found = std::ranges::find_if(bundles, [directory](const registry::Bundle& bundle) {
        return bundle.directory.filename() == directory;
    });
    INFO("looking for the bundle " << directory);
    REQUIRE(found != bundles.end());
    return *found;
}

std::string verdict(const registry::Bundle& bundle) {
    std::string text(registry::state_text(bundle.state));
    if (bundle.refusal) text += ": " + std::string(registry::code_text(bundle.refusal->code));
    return text;
}

} // namespace patchbay::test
