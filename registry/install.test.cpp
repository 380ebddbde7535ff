// SPDX-License-Identifier: Apache-2.0
// That installing replaces a bundle whole or leaves everything as it was.

#include "test_bundle.hpp"

#include <patchbay/registry/install.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/skip.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/file_access.hpp>

#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace patchbay::registry;
using patchbay::test::good_manifest;
using patchbay::test::other_uuid;
using patchbay::test::read_file;
using patchbay::test::sample_uuid;
using patchbay::test::TempDir;
using patchbay::test::verdict;
using patchbay::test::write_bundle;

namespace fs = std::filesystem;

namespace {

boost::json::object manifest_of_version(const char* version) {
    auto manifest = good_manifest();
    manifest["version"] = version;
    return manifest;
}

std::vector<std::string> names_in(const fs::path& directory) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory))
        names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
}

// A place to build bundles, and a root that may not exist yet.
struct Setting {
    TempDir temp;
    fs::path build = temp.path() / "build";
    fs::path root = temp.path() / "data/connectors";

    [[nodiscard]] std::expected<Installed, InstallError> install(const fs::path& bundle) const {
        return install_bundle(bundle, {root, {}, {}});
    }
};

} // namespace

TEST_CASE("a bundle is installed into a root that did not exist", "[registry][install]") {
    const Setting setting;
    const auto source = write_bundle(setting.build, "whatever");
    // As a build leaves it under a generous umask.
    REQUIRE(::chmod(source.c_str(), 0777) == 0);
    REQUIRE(::chmod((source / "library.so").c_str(), 0777) == 0);

    const auto installed = setting.install(source);

    REQUIRE(installed.has_value());
    CHECK(verdict(installed->bundle) == "usable");
    CHECK(installed->bundle.directory == setting.root / "sample");
    CHECK_FALSE(installed->replaced.has_value());
    CHECK(names_in(setting.root) == std::vector<std::string>{"sample"});
    CHECK(read_file(setting.root / "sample/library.so") == read_file(source / "library.so"));
    CHECK(verdict(examine(setting.root / "sample")) == "usable");
}

TEST_CASE("a newer version takes the place of the older, which stays as it was where it is open",
          "[registry][install]") {
    const Setting setting;
    REQUIRE(setting.install(write_bundle(setting.build, "old", manifest_of_version("1.0.0"))));
    // The administrator's name for it is kept.
    fs::rename(setting.root / "sample", setting.root / "my-sample");
    const auto before = examine(setting.root / "my-sample").library_stamp;
    std::ifstream open_library(setting.root / "my-sample/library.so", std::ios::binary);

    const auto installed = setting.install(
        write_bundle(setting.build, "new", manifest_of_version("2.0.0"), "good_sysv_hash.so"));

    REQUIRE(installed.has_value());
    REQUIRE(installed->replaced.has_value());
    CHECK(installed->replaced->manifest->version == "1.0.0");
    CHECK(installed->bundle.manifest->version == "2.0.0");
    CHECK(names_in(setting.root) == std::vector<std::string>{"my-sample"});
    // Another file, not other bytes in the same one.
    CHECK(installed->bundle.library_stamp.inode != before.inode);
    const std::string content{std::istreambuf_iterator<char>(open_library), {}};
    CHECK(content == read_file(patchbay::test::test_library("good.so")));
}

TEST_CASE("a bundle whose name is taken by another connector gets its ID as name",
          "[registry][install]") {
    const Setting setting;
    REQUIRE(setting.install(write_bundle(setting.build, "one")));

    const auto installed =
        setting.install(write_bundle(setting.build, "two", good_manifest("sample", other_uuid)));

    REQUIRE(installed.has_value());
    CHECK(installed->bundle.directory.filename() == "sample-" + std::string(other_uuid));
    CHECK(verdict(examine(setting.root / "sample")) == "usable");
}

TEST_CASE("a bundle that breaks a rule is not installed, and what stood there stays",
          "[registry][install]") {
    const Setting setting;
    REQUIRE(setting.install(write_bundle(setting.build, "good", manifest_of_version("1.0.0"))));
    const auto stamp = examine(setting.root / "sample").library_stamp;
    const auto check_refused = [&](const fs::path& source, const char* code,
                                   const fs::path& culprit) {
        const auto installed = setting.install(source);
        REQUIRE_FALSE(installed.has_value());
        INFO(installed.error().message);
        CHECK(installed.error().kind == InstallErrorKind::bundle_refused);
        REQUIRE(installed.error().refusal.has_value());
        CHECK(code_text(installed.error().refusal->code) == code);
        CHECK(installed.error().refusal->path == culprit);
        CHECK(installed.error().message.starts_with(culprit.string() + ": "));
        CHECK_FALSE(installed.error().message.contains(".patchbay-install-"));
        CHECK(names_in(setting.root) == std::vector<std::string>{"sample"});
        CHECK(examine(setting.root / "sample").library_stamp == stamp);
    };

    SECTION("manifest") {
        auto manifest = good_manifest();
        manifest.erase("title");
        const auto source = write_bundle(setting.build, "bad", manifest);
        check_refused(source, "manifest.invalid", source / "connector.json");
    }
    SECTION("library") {
        const auto source = write_bundle(setting.build, "bad", good_manifest(), "extra_export.so");
        check_refused(source, "library.extra-exports", source / "library.so");
    }
    SECTION("symlink") {
        const auto source = write_bundle(setting.build, "bad");
        fs::create_symlink("library.so", source / "library.so.1");
        check_refused(source, "path.symlink", source / "library.so.1");
    }
    SECTION("UUID of another name") {
        const auto source = write_bundle(setting.build, "bad", good_manifest("renamed"));
        check_refused(source, "uuid.duplicate", source);
    }
    SECTION("no directory") {
        const auto file = setting.temp.write("bundle.tar", "");
        check_refused(file, "bundle.not-directory", file);
    }
}

TEST_CASE("a further check sees the copy and can refuse it", "[registry][install]") {
    const Setting setting;
    const auto source = write_bundle(setting.build, "sample");
    fs::path seen;
    InstallOptions options{setting.root, {}, {}};
    options.check = [&](const Bundle& copy) -> std::optional<Refusal> {
        seen = copy.settings_schema_file();
        CHECK(fs::exists(seen));
        return Refusal{RefusalCode::schema_invalid, seen, "/type", seen.string() + ": is wrong"};
    };

    const auto installed = install_bundle(source, options);

    REQUIRE_FALSE(installed.has_value());
    CHECK(seen.parent_path().parent_path() == setting.root);
    CHECK(installed.error().refusal->code == RefusalCode::schema_invalid);
    CHECK(installed.error().refusal->path == source / "settings.schema.json");
    CHECK(installed.error().message == (source / "settings.schema.json").string() + ": is wrong");
    CHECK(names_in(setting.root).empty());
}

TEST_CASE("a root that others may write to, or that has the ID twice, takes no bundle",
          "[registry][install]") {
    const Setting setting;
    const auto source = write_bundle(setting.build, "sample");

    write_bundle(setting.root, "one");
    write_bundle(setting.root, "two");
    const auto twice = setting.install(source);
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().kind == InstallErrorKind::ambiguous);
    CHECK(twice.error().message.contains((setting.root / "one").string()));
    CHECK(twice.error().message.contains((setting.root / "two").string()));

    REQUIRE(::chmod(setting.root.c_str(), 0777) == 0);
    const auto open = setting.install(source);
    REQUIRE_FALSE(open.has_value());
    CHECK(open.error().kind == InstallErrorKind::root_refused);
    CHECK(open.error().refusal->code == RefusalCode::path_writable);
    CHECK(open.error().refusal->path == setting.root);

    const auto relative = install_bundle(source, {"relative/root", {}, {}});
    REQUIRE_FALSE(relative.has_value());
    CHECK(relative.error().refusal->code == RefusalCode::root_not_absolute);
    CHECK_FALSE(fs::exists("relative"));
}

TEST_CASE("two installations into one root do not mix", "[registry][install]") {
    const Setting setting;
    const auto source = write_bundle(setting.build, "sample");
    REQUIRE(setting.install(source));
    const auto other = open_entry(AT_FDCWD, setting.root.c_str(), O_RDONLY | O_DIRECTORY);
    REQUIRE(::flock(other->get(), LOCK_EX) == 0);

    const auto installed = setting.install(source);
    const auto removed = remove_bundle("sample", setting.root);

    REQUIRE_FALSE(installed.has_value());
    CHECK(installed.error().kind == InstallErrorKind::busy);
    CHECK(installed.error().message.starts_with(setting.root.string() + ": "));
    REQUIRE_FALSE(removed.has_value());
    CHECK(removed.error().kind == InstallErrorKind::busy);
}

TEST_CASE("what a killed installation left is removed by the next", "[registry][install]") {
    const Setting setting;
    setting.temp.write("data/connectors/.patchbay-install-0123/lib/library.so", "half");
    setting.temp.write("data/connectors/.other/file", "");

    REQUIRE(setting.install(write_bundle(setting.build, "sample")));

    CHECK(names_in(setting.root) == std::vector<std::string>{".other", "sample"});
}

TEST_CASE("a write that fails leaves the old bundle and nothing else", "[registry][install]") {
    const Setting setting;
    REQUIRE(setting.install(write_bundle(setting.build, "old", manifest_of_version("1.0.0"))));
    const auto stamp = examine(setting.root / "sample").library_stamp;
    const auto source = write_bundle(setting.build, "new", manifest_of_version("2.0.0"));
    patchbay::test::write_file(source / "data", std::string(200'000, 'x'));

    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{100'000, before.rlim_max};
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto installed = setting.install(source);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, handler);

    REQUIRE_FALSE(installed.has_value());
    CHECK(installed.error().kind == InstallErrorKind::system);
    CHECK(installed.error().message.contains("/data: cannot write it: File too large"));
    CHECK(names_in(setting.root) == std::vector<std::string>{"sample"});
    CHECK(examine(setting.root / "sample").library_stamp == stamp);
}

TEST_CASE("a full disk leaves the old bundle and nothing else", "[registry][install]") {
    const Setting setting;
    patchbay::test::make_directory(setting.root);
    // In a namespace of our own, so that the small disk is gone with us.
    const bool mounted = ::unshare(CLONE_NEWNS) == 0 &&
                         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         ::mount("tmpfs", setting.root.c_str(), "tmpfs", MS_NODEV | MS_NOSUID,
                                 "size=256k,mode=0755") == 0;
    if (!mounted) {
        return patchbay::test::skip("a small file system may not be mounted here");
    }
    REQUIRE(setting.install(write_bundle(setting.build, "old", manifest_of_version("1.0.0"))));
    const auto stamp = examine(setting.root / "sample").library_stamp;
    const auto source = write_bundle(setting.build, "new", manifest_of_version("2.0.0"));
    patchbay::test::write_file(source / "data", std::string(400'000, 'x'));

    const auto installed = setting.install(source);

    CHECK_FALSE(installed.has_value());
    if (!installed) {
        CHECK(installed.error().kind == InstallErrorKind::system);
        CHECK(installed.error().message.contains("No space left on device"));
    }
    CHECK(names_in(setting.root) == std::vector<std::string>{"sample"});
    CHECK(examine(setting.root / "sample").library_stamp == stamp);
    CHECK(::umount(setting.root.c_str()) == 0);
}

TEST_CASE("a bundle is removed by its name or by its ID, from this root only",
          "[registry][install]") {
    const Setting setting;
    const auto source = write_bundle(setting.build, "sample");
    const auto id = "sample|" + std::string(sample_uuid);
    for (const auto& which : {std::string("sample"), id}) {
        REQUIRE(setting.install(source));

        const auto removed = remove_bundle(which, setting.root);

        REQUIRE(removed.has_value());
        CHECK(removed->directory == setting.root / "sample");
        CHECK(removed->id->text() == id);
        CHECK(names_in(setting.root).empty());
    }
    CHECK(fs::exists(source));
}

TEST_CASE("a name that no bundle has, or that two have, removes nothing", "[registry][install]") {
    const Setting setting;
    REQUIRE(setting.install(write_bundle(setting.build, "one")));
    REQUIRE(
        setting.install(write_bundle(setting.build, "two", good_manifest("sample", other_uuid))));

    const auto none = remove_bundle("../sample", setting.root);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().kind == InstallErrorKind::not_found);
    CHECK(none.error().message == setting.root.string() + ": has no connector \"../sample\"");

    const auto both = remove_bundle("sample", setting.root);
    REQUIRE_FALSE(both.has_value());
    CHECK(both.error().kind == InstallErrorKind::ambiguous);
    CHECK(both.error().message.contains(sample_uuid));
    CHECK(both.error().message.contains(other_uuid));
    CHECK(names_in(setting.root).size() == 2);

    CHECK(remove_bundle("sample|" + std::string(other_uuid), setting.root).has_value());
    CHECK(names_in(setting.root) == std::vector<std::string>{"sample"});

    CHECK(remove_bundle("sample", setting.root / "none").error().kind ==
          InstallErrorKind::root_refused);
}
