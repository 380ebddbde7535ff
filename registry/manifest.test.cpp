// SPDX-License-Identifier: Apache-2.0
// What the reader of connector.json makes of right and wrong manifests.

#include "test_bundle.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/manifest.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace patchbay::registry;
using patchbay::test::good_manifest;

namespace {

const std::filesystem::path file = "/srv/sample/connector.json";

ManifestReading read(const boost::json::object& manifest) {
    return read_manifest(boost::json::serialize(manifest), file);
}

std::vector<std::filesystem::path> examples(const char* kind) {
    std::vector<std::filesystem::path> files;
    const auto folder = std::filesystem::path(PATCHBAY_TEST_SOURCES) / "schemas/examples/manifest";
    for (const auto& entry : std::filesystem::directory_iterator(folder / kind))
        files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

} // namespace

TEST_CASE("a complete manifest is read field by field", "[registry][manifest]") {
    auto document = good_manifest();
    document["abi"] = {{"major", 3}, {"min_minor", 4}};
    document["icon"] = "art/icon.svg";
    document["doc_url"] = "https://example.org/sample";
    document["mode"] = "both";
    document["threading"] = "free";
    document["replaces"] = boost::json::array{"old|c0ffee00-1d2e-4f50-8a6b-7c8d9e0f1a2b"};

    const auto reading = read(document);

    REQUIRE(reading.faults.empty());
    CHECK(reading.notices.empty());
    REQUIRE(reading.manifest.has_value());
    const auto& manifest = *reading.manifest;
    CHECK(reading.id == manifest.id);
    CHECK(manifest.id.text() == "sample|5a3f6f0e-2c1d-4b7a-9e38-7d1f0c6b2a94");
    CHECK(manifest.title == "Sample");
    CHECK(manifest.version == "1.0.0");
    CHECK(manifest.vendor == "Example");
    CHECK(manifest.license == "Apache-2.0");
    CHECK(manifest.description == "Reads what samples are made of.");
    CHECK(manifest.icon == "art/icon.svg");
    CHECK(manifest.doc_url == "https://example.org/sample");
    CHECK(manifest.abi_major == 3);
    CHECK(manifest.abi_min_minor == 4);
    CHECK(manifest.library == "library.so");
    CHECK(manifest.settings_schema == "settings.schema.json");
    CHECK(manifest.request_schema == "request.schema.json");
    CHECK(manifest.provides ==
          std::vector<std::string>{"patchbay.connector/1", "patchbay.source/1"});
    CHECK(manifest.url_schemes == std::vector<std::string>{"sample"});
    CHECK(manifest.mode == Mode::both);
    CHECK(manifest.threading == Threading::free);
    CHECK(manifest.replaces ==
          std::vector<std::string>{"old|c0ffee00-1d2e-4f50-8a6b-7c8d9e0f1a2b"});
}

TEST_CASE("every valid example is read", "[registry][manifest]") {
    const auto files = examples("valid");
    CHECK(files.size() >= 12);
    for (const auto& example : files) {
        INFO(example);
        const auto reading = read_manifest(patchbay::test::read_file(example), example);
        for (const auto& fault : reading.faults)
            UNSCOPED_INFO(fault.message);
        CHECK(reading.manifest.has_value());
        CHECK(reading.faults.empty());
    }
}

TEST_CASE("every invalid example has the one fault in its name", "[registry][manifest]") {
    const auto files = examples("invalid");
    CHECK(files.size() >= 89);
    for (const auto& example : files) {
        INFO(example);
        const auto reading = read_manifest(patchbay::test::read_file(example), example);
        for (const auto& fault : reading.faults)
            UNSCOPED_INFO(fault.message);
        CHECK_FALSE(reading.manifest.has_value());
        REQUIRE(reading.faults.size() == 1);

        // "library_climbs_out" is about /library, "without_title" about the field that is not
        // there.
        const auto& fault = reading.faults.front();
        const auto name = example.stem().string();
        CHECK(fault.path == example);
        CHECK(fault.message.starts_with(example.string() + ": "));
        if (name.starts_with("without_")) {
            const auto field = name.substr(8, name.find("_though") - 8);
            CHECK(fault.pointer.empty());
            CHECK(fault.message.contains("needs the field \"" + field + "\""));
        } else if (name == "not_an_object") {
            CHECK(fault.pointer.empty());
        } else {
            const auto field = fault.pointer.substr(1, fault.pointer.find('/', 1) - 1);
            CHECK(name.starts_with(field + "_"));
        }
    }
}

TEST_CASE("a fault names file, field, what was found and what is right", "[registry][manifest]") {
    auto document = good_manifest();
    document["version"] = "1.0";

    const auto reading = read(document);

    REQUIRE(reading.faults.size() == 1);
    CHECK(reading.faults.front().code == RefusalCode::manifest_invalid);
    CHECK(reading.faults.front().pointer == "/version");
    CHECK(reading.faults.front().message ==
          "/srv/sample/connector.json: /version: must be a Semantic Version (semver.org) such as "
          "\"1.4.0\" or \"2.0.0-rc.1\"; it is \"1.0\"");
}

TEST_CASE("all faults of a manifest are found at once, in the order of the fields",
          "[registry][manifest]") {
    auto document = good_manifest();
    document.erase("title");
    document["abi"] = {{"major", "0"}};
    document["provides"] = {"patchbay.connector/1", "patchbay.sorce", 7};
    document["mode"] = "r";
    document["replaces"] = boost::json::array{"x"};

    const auto reading = read(document);

    std::vector<std::string> pointers;
    pointers.reserve(reading.faults.size());
    for (const auto& fault : reading.faults)
        pointers.push_back(fault.pointer);
    CHECK(pointers == std::vector<std::string>{"", "/abi/major", "/abi", "/provides/1",
                                               "/provides/2", "/mode", "/replaces/0"});
    CHECK_FALSE(reading.manifest.has_value());
    CHECK(reading.id.has_value());
}

TEST_CASE("a manifest of an unknown version is judged by nothing else", "[registry][manifest]") {
    const auto reading = read_manifest(R"({"manifest_version": 2, "title": 7})", file);

    REQUIRE(reading.faults.size() == 1);
    CHECK(reading.faults.front().code == RefusalCode::manifest_version_unknown);
    CHECK(reading.faults.front().message.contains("reads version 1 only"));
    CHECK_FALSE(reading.id.has_value());
}

TEST_CASE("a reserved threading class is refused by its name", "[registry][manifest]") {
    auto document = good_manifest();
    for (const auto* reserved : {"library", "affine"}) {
        document["threading"] = reserved;

        const auto reading = read(document);

        REQUIRE(reading.faults.size() == 1);
        CHECK(reading.faults.front().code == RefusalCode::threading_reserved);
        CHECK(reading.faults.front().message.contains('"' + std::string(reserved) + '"'));
    }
}

TEST_CASE("text that is no strict JSON is refused with its place", "[registry][manifest]") {
    const std::string too_deep = std::string(17, '[') + std::string(17, ']');
    const std::string too_large(64 * 1024 + 1, ' ');
    const struct {
        std::string text;
        RefusalCode code;
        std::string says;
    } cases[] = {
        {"", RefusalCode::manifest_not_json, "line 1, column 1"},
        {"{\n\"id\": x}", RefusalCode::manifest_not_json, "line 2, column 7"},
        {"\xef\xbb\xbf{}", RefusalCode::manifest_not_json, "line 1, column 1"},
        {"{\"title\": \"\xff\"}", RefusalCode::manifest_not_json, "/title: line 1"},
        {R"({"abi": {"major": 1e999}})", RefusalCode::manifest_not_json, "/abi/major"},
        {R"({"id": 1, "id": 2})", RefusalCode::manifest_duplicate_key, "\"id\" stands twice"},
        {too_deep, RefusalCode::manifest_too_deep, "16 levels"},
        {too_large, RefusalCode::manifest_too_large, "65537 bytes"},
    };
    for (const auto& wrong : cases) {
        const auto reading = read_manifest(wrong.text, file);

        REQUIRE(reading.faults.size() == 1);
        INFO(reading.faults.front().message);
        CHECK(reading.faults.front().code == wrong.code);
        CHECK(reading.faults.front().message.starts_with(file.string()));
        CHECK(reading.faults.front().message.contains(wrong.says));
        CHECK_FALSE(reading.id.has_value());
    }
}

TEST_CASE("an unknown field is noted with the known one it is like", "[registry][manifest]") {
    auto document = good_manifest();
    document["titel"] = "Sample";
    document["abi"].as_object()["minor"] = 1;
    document["a/b\x1b"] = 0;
    document["$schema"] = "manifest.schema.json";

    const auto reading = read(document);

    CHECK(reading.faults.empty());
    REQUIRE(reading.notices.size() == 3);
    CHECK(reading.notices[0].pointer == "/abi/minor");
    CHECK(reading.notices[1].pointer == "/titel");
    CHECK(reading.notices[1].message.contains("did you mean \"title\"?"));
    CHECK(reading.notices[2].pointer == "/a~1b\x1b");
    CHECK(reading.notices[2].message.contains("/a~1b\\x1b: "));
    CHECK_FALSE(reading.notices[2].message.contains("did you mean"));
}

TEST_CASE("an unknown capability of ours and a connector that replaces itself are noted",
          "[registry][manifest]") {
    auto document = good_manifest();
    document["provides"] = {"patchbay.connector/1", "patchbay.sorce/1", "org.example.thing/1"};
    document["replaces"] = boost::json::array{document["id"]};

    const auto reading = read(document);

    CHECK(reading.faults.empty());
    REQUIRE(reading.notices.size() == 2);
    CHECK(reading.notices[0].message.contains("did you mean \"patchbay.source/1\"?"));
    CHECK(reading.notices[1].pointer == "/replaces");
}

TEST_CASE("a manifest's ABI fits where majors are equal and the minor is known",
          "[registry][abi]") {
    const struct {
        std::pair<std::uint32_t, std::uint32_t> manifest, host;
        std::string verdict;
    } cases[] = {
        {{0, 1}, {0, 1}, "fits"},        {{0, 0}, {0, 1}, "abi.too-old"},
        {{0, 2}, {0, 1}, "abi.too-new"}, {{1, 0}, {0, 9}, "abi.too-new"},
        {{0, 9}, {1, 0}, "abi.too-old"}, {{1, 0}, {1, 0}, "fits"},
        {{1, 3}, {1, 4}, "fits"},        {{1, 5}, {1, 4}, "abi.too-new"},
        {{2, 0}, {1, 9}, "abi.too-new"}, {{1, 9}, {2, 0}, "abi.too-old"},
    };
    for (const auto& pair : cases) {
        Manifest manifest;
        std::tie(manifest.abi_major, manifest.abi_min_minor) = pair.manifest;
        INFO(pair.manifest.first << '.' << pair.manifest.second << " on " << pair.host.first << '.'
                                 << pair.host.second);

        const auto refusal = check_abi(manifest, pair.host.first, pair.host.second, file);

        CHECK((refusal ? code_text(refusal->code) : "fits") == pair.verdict);
        if (refusal) {
            CHECK(refusal->pointer == "/abi");
            CHECK(refusal->message.contains(std::to_string(pair.manifest.first) + '.' +
                                            std::to_string(pair.manifest.second)));
        }
    }
}
