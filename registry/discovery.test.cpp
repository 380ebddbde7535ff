// SPDX-License-Identifier: Apache-2.0
// What discovery finds in directories of right and wrong bundles, and that it runs none of them.

#include "test_bundle.hpp"

#include <patchbay/registry/discovery.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <dlfcn.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace patchbay::registry;
using patchbay::test::find_bundle;
using patchbay::test::good_manifest;
using patchbay::test::other_uuid;
using patchbay::test::TempDir;
using patchbay::test::verdict;
using patchbay::test::write_bundle;

namespace {

std::vector<Bundle> discover_in(const std::vector<std::filesystem::path>& directories,
                                const Policy& policy = {}) {
    Roots roots;
    roots.directories = directories;
    return discover(roots, policy);
}

std::vector<std::string> names(const std::vector<Bundle>& bundles) {
    std::vector<std::string> names;
    names.reserve(bundles.size());
    for (const auto& bundle : bundles)
        names.push_back(bundle.directory.filename().string());
    return names;
}

} // namespace

TEST_CASE("a right bundle is usable and described", "[registry][discovery]") {
    const TempDir root;
    const auto directory = write_bundle(root.path(), "sample-1.0");

    const auto bundles = discover_in({root.path()});

    REQUIRE(bundles.size() == 1);
    const auto& bundle = bundles.front();
    CHECK(verdict(bundle) == "usable");
    CHECK(bundle.directory == directory);
    CHECK(bundle.root == root.path());
    REQUIRE(bundle.manifest.has_value());
    CHECK(bundle.id == bundle.manifest->id);
    CHECK(bundle.notices.empty());
    CHECK(bundle.library_file() == directory / "library.so");
    CHECK(bundle.settings_schema_file() == directory / "settings.schema.json");
    CHECK(bundle.request_schema_file() == directory / "request.schema.json");
    CHECK(bundle.example_file() == directory / "settings.example.json");
    CHECK(bundle.icon_file().empty());

    struct stat status = {};
    REQUIRE(::stat(bundle.library_file().c_str(), &status) == 0);
    CHECK(bundle.library_stamp.inode == status.st_ino);
    CHECK(bundle.library_stamp.size_bytes == static_cast<std::uint64_t>(status.st_size));
}

TEST_CASE("bundles stand in bytewise order of their directories, roots in their own",
          "[registry][discovery]") {
    const TempDir first;
    const TempDir second;
    std::size_t number = 0;
    for (const auto* name : {"b", "B", "a.b", "\xc3\xa9", "a"}) {
        const auto uuid = "00000000-0000-4000-8000-00000000000" + std::to_string(++number);
        write_bundle(number == 1 ? second.path() : first.path(), name, good_manifest("x", uuid));
    }

    CHECK(names(discover_in({first.path(), second.path()})) ==
          std::vector<std::string>{"B", "a", "a.b", "\xc3\xa9", "b"});
}

TEST_CASE("files and hidden directories are no bundles, but a stray library is named",
          "[registry][discovery]") {
    const TempDir root;
    root.write("README.md", "");
    root.write("stray.so", "");
    root.write(".installing/connector.json", "");
    std::filesystem::create_symlink("README.md", root.path() / "link-to-a-file");
    patchbay::test::make_directory(root.path() / "empty");

    const auto bundles = discover_in({root.path()});

    CHECK(names(bundles) == std::vector<std::string>{"empty", "stray.so"});
    CHECK(verdict(find_bundle(bundles, "empty")) == "refused: manifest.missing");
    const auto& stray = find_bundle(bundles, "stray.so");
    CHECK(verdict(stray) == "refused: bundle.not-directory");
    CHECK(stray.refusal->message.contains("a connector is a directory"));
}

TEST_CASE("a symlink that a root holds is refused and not looked into", "[registry][discovery]") {
    const TempDir elsewhere;
    const auto target = write_bundle(elsewhere.path(), "target");
    const TempDir root;
    std::filesystem::create_directory_symlink(target, root.path() / "link");
    std::filesystem::create_symlink("loop", root.path() / "loop");
    std::filesystem::create_symlink("nowhere", root.path() / "nowhere-link");

    const auto bundles = discover_in({root.path()});

    REQUIRE(bundles.size() == 3);
    for (const auto& bundle : bundles) {
        CHECK(verdict(bundle) == "refused: path.symlink");
        CHECK(bundle.refusal->path == bundle.directory);
        CHECK_FALSE(bundle.id.has_value());
    }
    CHECK(verdict(examine(root.path() / "link")) == "refused: path.symlink");
}

TEST_CASE("a root that is not there holds nothing, and one that cannot be used is listed",
          "[registry][discovery]") {
    const TempDir temp;
    const auto file = temp.write("file", "");
    Roots roots;
    roots.directories = {temp.path() / "none", file, "relative/root"};
    roots.refused = {{RefusalCode::root_not_absolute, "x", "", "PATCHBAY_CONNECTOR_PATH: ..."}};

    const auto bundles = discover(roots, {});

    REQUIRE(bundles.size() == 3);
    CHECK(bundles[0].refusal->message == "PATCHBAY_CONNECTOR_PATH: ...");
    CHECK(verdict(bundles[1]) == "refused: root.unreadable");
    CHECK(bundles[1].refusal->message.starts_with(file.string()));
    CHECK(verdict(bundles[2]) == "refused: root.not-absolute");
}

TEST_CASE("a root named twice is read once", "[registry][discovery]") {
    const TempDir temp;
    write_bundle(temp.path() / "root", "sample");
    std::filesystem::create_directory_symlink("root", temp.path() / "link");

    const auto bundles = discover_in({temp.path() / "link", temp.path() / "root"});

    REQUIRE(bundles.size() == 1);
    CHECK(verdict(bundles.front()) == "usable");
    CHECK(bundles.front().root == temp.path() / "link");
    CHECK(bundles.front().directory == temp.path() / "root/sample");
}

TEST_CASE("two bundles of one root with one ID are both refused, each naming the other",
          "[registry][discovery]") {
    // Either may come first.
    for (const auto* other : {"a", "z"}) {
        const TempDir root;
        const auto one = write_bundle(root.path(), "m");
        const auto two = write_bundle(root.path(), other);

        const auto bundles = discover_in({root.path()});

        REQUIRE(bundles.size() == 2);
        const auto& first = find_bundle(bundles, "m");
        CHECK(verdict(first) == "refused: id.duplicate");
        CHECK(first.refusal->message.starts_with(one.string() + ": "));
        CHECK(first.refusal->message.contains(two.string()));
        const auto& second = find_bundle(bundles, other);
        CHECK(verdict(second) == "refused: id.duplicate");
        CHECK(second.refusal->message.starts_with(two.string() + ": "));
        CHECK(second.refusal->message.contains(one.string()));
    }
}

TEST_CASE("two bundles of one root with one UUID under two names are both refused",
          "[registry][discovery]") {
    const TempDir root;
    write_bundle(root.path(), "one", good_manifest("one"));
    write_bundle(root.path(), "two", good_manifest("two"));
    write_bundle(root.path(), "third", good_manifest("third", other_uuid));

    const auto bundles = discover_in({root.path()});

    CHECK(verdict(find_bundle(bundles, "one")) == "refused: uuid.duplicate");
    CHECK(verdict(find_bundle(bundles, "two")) == "refused: uuid.duplicate");
    CHECK(find_bundle(bundles, "two").refusal->message.contains((root.path() / "one").string()));
    CHECK(verdict(find_bundle(bundles, "third")) == "usable");
}

TEST_CASE("a bundle that is refused for itself still claims its ID", "[registry][discovery]") {
    const TempDir root;
    auto broken = good_manifest();
    broken["version"] = "one";
    write_bundle(root.path(), "broken", broken);
    write_bundle(root.path(), "right");

    const auto bundles = discover_in({root.path()});

    CHECK(verdict(find_bundle(bundles, "right")) == "refused: id.duplicate");
    const auto& twice = find_bundle(bundles, "broken");
    CHECK(verdict(twice) == "refused: id.duplicate");
    REQUIRE_FALSE(twice.more_faults.empty());
    CHECK(twice.more_faults.front().code == RefusalCode::manifest_invalid);
}

TEST_CASE("an ID of an earlier root is shadowed in a later one, however it is judged there",
          "[registry][discovery]") {
    const TempDir upper;
    const TempDir lower;
    const auto below = write_bundle(lower.path(), "sample");

    SECTION("usable above") {
        const auto above = write_bundle(upper.path(), "sample-of-mine");
        const auto bundles = discover_in({upper.path(), lower.path()});

        CHECK(verdict(find_bundle(bundles, "sample-of-mine")) == "usable");
        const auto& shadowed = find_bundle(bundles, "sample");
        CHECK(verdict(shadowed) == "shadowed");
        CHECK(shadowed.reason.contains(above.string()));
    }
    SECTION("refused above") {
        auto broken = good_manifest();
        broken["abi"] = {{"major", 9}, {"min_minor", 0}};
        write_bundle(upper.path(), "broken", broken);
        const auto bundles = discover_in({upper.path(), lower.path()});

        CHECK(verdict(find_bundle(bundles, "broken")) == "refused: abi.too-new");
        CHECK(verdict(find_bundle(bundles, "sample")) == "shadowed");
    }
    SECTION("twice above") {
        write_bundle(upper.path(), "one");
        write_bundle(upper.path(), "two");
        const auto bundles = discover_in({upper.path(), lower.path()});

        CHECK(verdict(find_bundle(bundles, "one")) == "refused: id.duplicate");
        CHECK(verdict(find_bundle(bundles, "sample")) == "shadowed");
    }
    SECTION("broken below") {
        write_bundle(upper.path(), "right");
        std::filesystem::remove(below / "library.so");
        const auto bundles = discover_in({upper.path(), lower.path()});

        const auto& shadowed = find_bundle(bundles, "sample");
        CHECK(verdict(shadowed) == "shadowed");
        CHECK(shadowed.more_faults.empty());
    }
    SECTION("a manifest above that nobody can read claims nothing") {
        const auto unreadable = write_bundle(upper.path(), "unreadable");
        patchbay::test::write_file(unreadable / "connector.json", "{");
        const auto bundles = discover_in({upper.path(), lower.path()});

        CHECK(verdict(find_bundle(bundles, "sample")) == "usable");
    }
}

TEST_CASE("a UUID of an earlier root under another name is refused in a later one",
          "[registry][discovery]") {
    const TempDir upper;
    const TempDir lower;
    const auto above = write_bundle(upper.path(), "one", good_manifest("one"));
    write_bundle(lower.path(), "two", good_manifest("two"));

    const auto bundles = discover_in({upper.path(), lower.path()});

    CHECK(verdict(find_bundle(bundles, "one")) == "usable");
    const auto& later = find_bundle(bundles, "two");
    CHECK(verdict(later) == "refused: uuid.duplicate");
    CHECK(later.refusal->message.contains("is already used by one in " + above.string()));
}

TEST_CASE("two connectors may share a name", "[registry][discovery]") {
    const TempDir root;
    write_bundle(root.path(), "ours");
    write_bundle(root.path(), "theirs", good_manifest("sample", other_uuid));

    for (const auto& bundle : discover_in({root.path()}))
        CHECK(verdict(bundle) == "usable");
}

TEST_CASE("the operator's lists disable by name or by ID", "[registry][discovery]") {
    const TempDir root;
    write_bundle(root.path(), "one");
    write_bundle(root.path(), "two", good_manifest("other", other_uuid));
    const auto other_id = "other|" + std::string(other_uuid);

    const auto by_name = discover_in({root.path()}, {.only = {}, .disabled = {"sample"}});
    CHECK(verdict(find_bundle(by_name, "one")) == "disabled");
    CHECK(find_bundle(by_name, "one").reason.contains("sample"));
    CHECK(verdict(find_bundle(by_name, "two")) == "usable");

    const auto by_id = discover_in({root.path()}, {.only = {}, .disabled = {other_id}});
    CHECK(verdict(find_bundle(by_id, "one")) == "usable");
    CHECK(verdict(find_bundle(by_id, "two")) == "disabled");

    const auto only = discover_in({root.path()}, {.only = {other_id}, .disabled = {}});
    CHECK(verdict(find_bundle(only, "one")) == "disabled");
    CHECK(verdict(find_bundle(only, "two")) == "usable");

    // To disable is stronger.
    const auto both = discover_in({root.path()}, {.only = {"other"}, .disabled = {"other"}});
    CHECK(verdict(find_bundle(both, "two")) == "disabled");
}

TEST_CASE("disabling one of two bundles with one UUID lets the other be used",
          "[registry][discovery]") {
    const TempDir root;
    write_bundle(root.path(), "one", good_manifest("one"));
    write_bundle(root.path(), "two", good_manifest("two"));

    const auto bundles = discover_in({root.path()}, {.only = {}, .disabled = {"one"}});

    CHECK(verdict(find_bundle(bundles, "one")) == "disabled");
    CHECK(verdict(find_bundle(bundles, "two")) == "usable");
}

TEST_CASE("the policy comes before what is wrong with a bundle", "[registry][discovery]") {
    const TempDir root;
    const auto directory = write_bundle(root.path(), "one");
    REQUIRE(::chmod(directory.c_str(), 0777) == 0);
    auto invalid = good_manifest("other", other_uuid);
    invalid.erase("title");
    write_bundle(root.path(), "two", invalid);

    for (const auto& bundle :
         discover_in({root.path()}, {.only = {}, .disabled = {"sample", "other"}})) {
        CHECK(verdict(bundle) == "disabled");
        CHECK_FALSE(bundle.refusal.has_value());
    }
}

TEST_CASE("a root that anybody may write to refuses its bundles, and they keep their IDs",
          "[registry][discovery]") {
    const TempDir temp;
    const auto upper = temp.path() / "upper";
    const auto lower = temp.path() / "lower";
    write_bundle(upper / "connectors", "sample");
    write_bundle(lower, "sample-below");
    REQUIRE(::chmod(upper.c_str(), 0777) == 0);

    const auto bundles = discover_in({upper / "connectors", lower});

    const auto& refused = find_bundle(bundles, "sample");
    CHECK(verdict(refused) == "refused: path.writable");
    CHECK(refused.refusal->path == upper);
    CHECK(verdict(find_bundle(bundles, "sample-below")) == "shadowed");
}

TEST_CASE("one bundle never stops the others", "[registry][discovery]") {
    const TempDir root;
    const auto truncated = write_bundle(root.path(), "truncated", good_manifest("a", other_uuid));
    std::filesystem::resize_file(truncated / "library.so", 1000);
    root.write("garbage/connector.json", std::string(1000, '\xff'));
    std::filesystem::create_symlink("loop", root.path() / "loop");
    write_bundle(root.path(), "right");

    const auto bundles = discover_in({root.path()});

    CHECK(bundles.size() == 4);
    CHECK(verdict(find_bundle(bundles, "truncated")) == "refused: library.truncated");
    CHECK(verdict(find_bundle(bundles, "garbage")) == "refused: manifest.not-json");
    CHECK(verdict(find_bundle(bundles, "loop")) == "refused: path.symlink");
    CHECK(verdict(find_bundle(bundles, "right")) == "usable");
}

TEST_CASE("examining a directory answers as discovery would", "[registry][discovery]") {
    const TempDir root;
    const auto directory = write_bundle(root.path(), "sample");

    CHECK(verdict(examine(directory)) == "usable");
    CHECK(examine(directory / "").directory == directory);
    CHECK(examine(directory / ".").directory == directory);
    CHECK(examine(directory / "..").refusal->path == root.path() / "connector.json");
    CHECK(verdict(examine(root.path() / "none")) == "refused: bundle.not-directory");
    CHECK(verdict(examine(root.path() / "none/none")) == "refused: bundle.unreadable");
    CHECK(verdict(examine("/")) == "refused: manifest.missing");
}

TEST_CASE("a bundle with a notice stays usable", "[registry][discovery]") {
    const TempDir root;
    auto manifest = good_manifest();
    manifest["titel"] = "Sample";
    write_bundle(root.path(), "sample", manifest, "lazy_without_relro.so");

    const auto bundles = discover_in({root.path()});

    REQUIRE(bundles.size() == 1);
    CHECK(verdict(bundles[0]) == "usable");
    REQUIRE(bundles[0].notices.size() == 2);
    CHECK(bundles[0].notices[0].message.contains("did you mean \"title\"?"));
    CHECK(bundles[0].notices[1].message.contains("-z relro -z now"));
}

TEST_CASE("discovery maps no library and runs no code of one", "[registry][discovery]") {
    const TempDir root;
    const TempDir proofs;
    const auto proof = proofs.path() / "proof";
    const auto directory =
        write_bundle(root.path(), "sample", good_manifest(), "good_constructor.so");
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    REQUIRE(::setenv("PATCHBAY_TEST_PROOF", proof.c_str(), 1) == 0);
    const auto mapped = [&] {
        return patchbay::test::read_file("/proc/self/maps").contains(directory.string());
    };

    const auto bundles = discover_in({root.path()});
    const auto examined = examine(directory);

    REQUIRE(bundles.size() == 1);
    CHECK(verdict(bundles[0]) == "usable");
    CHECK(verdict(examined) == "usable");
    CHECK_FALSE(mapped());
    CHECK_FALSE(std::filesystem::exists(proof));

    // That both would show had it been loaded, loading shows.
    void* handle = ::dlopen((directory / "library.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    REQUIRE(handle != nullptr);
    CHECK(mapped());
    CHECK(std::filesystem::exists(proof));
}
