// SPDX-License-Identifier: Apache-2.0
// What is copied of a tree, and how names are exchanged.

#include "test_bundle.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/tree_copy.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

using namespace patchbay::registry;
using patchbay::test::read_file;
using patchbay::test::TempDir;

namespace {

UniqueFd open(const std::filesystem::path& directory) {
    auto fd = open_entry(AT_FDCWD, directory.c_str(), O_RDONLY | O_DIRECTORY);
    REQUIRE(fd.has_value());
    return std::move(*fd);
}

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

std::expected<void, CopyFault> copy(const TempDir& from, const TempDir& to) {
    return copy_tree(open(from.path()).get(), from.path(), open(to.path()).get(), to.path());
}

} // namespace

TEST_CASE("a copy has the files, the modes of a bundle, and nothing hidden",
          "[registry][install]") {
    const TempDir from;
    const TempDir to;
    const std::string large(300'000, 'x');
    from.write("connector.json", "manifest");
    from.write("lib/deep/library.so", large);
    from.write(".git/config", "secret");
    REQUIRE(::chmod((from.path() / "lib/deep/library.so").c_str(), 04777) == 0);
    REQUIRE(::chmod((from.path() / "lib").c_str(), 0777) == 0);
    const auto mask = ::umask(0077);

    const auto copied = copy(from, to);

    ::umask(mask);
    REQUIRE(copied.has_value());
    CHECK(read_file(to.path() / "connector.json") == "manifest");
    CHECK(read_file(to.path() / "lib/deep/library.so") == large);
    CHECK(mode_of(to.path() / "lib/deep/library.so") == 0644);
    CHECK(mode_of(to.path() / "lib") == 0755);
    CHECK_FALSE(std::filesystem::exists(to.path() / ".git"));
}

TEST_CASE("what no bundle holds is not copied but refused by name", "[registry][install]") {
    const TempDir from;
    const TempDir to;
    const auto culprit = from.path() / "culprit";

    SECTION("symlink") {
        std::filesystem::create_symlink("/etc/passwd", culprit);
        const auto copied = copy(from, to);
        REQUIRE_FALSE(copied.has_value());
        REQUIRE(copied.error().refusal.has_value());
        CHECK(copied.error().refusal->code == RefusalCode::path_symlink);
        CHECK(copied.error().refusal->path == culprit);
    }
    SECTION("pipe") {
        REQUIRE(::mkfifo(culprit.c_str(), 0600) == 0);
        const auto copied = copy(from, to);
        REQUIRE_FALSE(copied.has_value());
        REQUIRE(copied.error().refusal.has_value());
        CHECK(copied.error().refusal->code == RefusalCode::path_not_regular);
        CHECK(copied.error().refusal->path == culprit);
    }
    SECTION("too deep") {
        patchbay::test::make_directory(culprit / "2/3/4/5/6/7/8");
        const auto copied = copy(from, to);
        REQUIRE_FALSE(copied.has_value());
        REQUIRE(copied.error().refusal.has_value());
        CHECK(copied.error().refusal->code == RefusalCode::bundle_too_large);
    }
    SECTION("too large") {
        from.write("culprit", "");
        std::filesystem::resize_file(culprit, max_bundle_bytes + 1); // sparse: costs no space here
        // Nor there: the copy ends at a limit long before.
        const auto copied = copy_tree(open(from.path()).get(), from.path(), open(to.path()).get(),
                                      to.path(), 1'000'000);
        REQUIRE_FALSE(copied.has_value());
        REQUIRE(copied.error().refusal.has_value());
        CHECK(copied.error().refusal->code == RefusalCode::bundle_too_large);
        CHECK(copied.error().message.contains("1000000 bytes"));
    }
}

TEST_CASE("two names are exchanged in one step or in three", "[registry][install]") {
    const TempDir temp;
    temp.write("a/one", "");
    temp.write("b/two", "");
    const auto root = open(temp.path());

    REQUIRE(exchange(root.get(), "a", "b").has_value());
    CHECK(std::filesystem::exists(temp.path() / "a/two"));
    CHECK(std::filesystem::exists(temp.path() / "b/one"));

    REQUIRE(exchange_by_three_renames(root.get(), "a", "b").has_value());
    CHECK(std::filesystem::exists(temp.path() / "a/one"));
    CHECK(std::filesystem::exists(temp.path() / "b/two"));
    CHECK_FALSE(std::filesystem::exists(temp.path() / "a-aside"));
}

TEST_CASE("an exchange that fails half way leaves both names as they were", "[registry][install]") {
    const TempDir temp;
    temp.write("b/two", "");

    const auto exchanged = exchange_by_three_renames(open(temp.path()).get(), "a", "b");

    CHECK(exchanged.error() == ENOENT);
    CHECK(std::filesystem::exists(temp.path() / "b/two"));
    CHECK_FALSE(std::filesystem::exists(temp.path() / "a-aside"));
}

TEST_CASE("removing a tree removes no target of a symlink", "[registry][install]") {
    const TempDir temp;
    temp.write("kept/file", "");
    temp.write("tree/deep/er/file", "");
    std::filesystem::create_directory_symlink(temp.path() / "kept", temp.path() / "tree/link");

    REQUIRE(remove_tree(open(temp.path()).get(), "tree").has_value());

    CHECK_FALSE(std::filesystem::exists(temp.path() / "tree"));
    CHECK(std::filesystem::exists(temp.path() / "kept/file"));
    CHECK(remove_tree(open(temp.path()).get(), "tree").error() == ENOENT);
}
