// SPDX-License-Identifier: Apache-2.0
// Whom the walk from / down to a file lets write to it, and whom it finds.

#include "test_access_list.hpp"
#include "test_bundle.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/path_hygiene.hpp>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

using namespace patchbay::registry;
using patchbay::test::TempDir;

namespace {

constexpr uid_t stranger = 4242;

// This process's own owners, with accounts that know nobody.
TrustedOwners owners() {
    TrustedOwners owners;
    owners.effective_user = ::geteuid();
    owners.accounts = {[](uid_t) { return std::nullopt; }, [](gid_t) { return std::nullopt; }};
    return owners;
}

std::string code_of(const std::optional<Refusal>& refusal) {
    return refusal ? std::string(code_text(refusal->code)) : "";
}

// The verdict on one file or directory itself.
std::optional<Refusal> check(PathHygiene hygiene, const std::filesystem::path& path) {
    const auto fd = open_entry(AT_FDCWD, path.c_str(), O_PATH);
    REQUIRE(fd.has_value());
    return hygiene.check_open(fd->get(), path);
}

std::optional<Refusal> check_beneath(const std::filesystem::path& path) {
    PathHygiene hygiene(owners());
    const auto fd = open_entry(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY);
    REQUIRE(fd.has_value());
    return hygiene.check_beneath(fd->get(), path);
}

void set_mode(const std::filesystem::path& path, mode_t mode) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

// Whether a test can give files away; says so where it cannot.
bool is_root(const char* what) {
    if (::geteuid() == 0) return true;
    WARN("not tested, since it takes root: " << what);
    CHECK(::geteuid() != 0);
    return false;
}

} // namespace

TEST_CASE("a directory of one's own beneath a sticky one passes", "[registry][hygiene]") {
    const TempDir temp; // in /tmp, which anybody may write to
    PathHygiene hygiene(owners());

    const auto directory = hygiene.open_directory(temp.path());

    REQUIRE(directory.has_value());
    CHECK(directory->path == temp.path());
    CHECK_FALSE(directory->violation.has_value());
}

TEST_CASE("a directory above that anybody may write to is named with its mode",
          "[registry][hygiene]") {
    const TempDir temp;
    const auto open = temp.path() / "open";
    patchbay::test::make_directory(open / "inner");
    set_mode(open, 0777);
    PathHygiene hygiene(owners());

    const auto directory = hygiene.open_directory(open / "inner");

    REQUIRE(directory.has_value());
    REQUIRE(directory->violation.has_value());
    CHECK(directory->violation->code == RefusalCode::path_writable);
    CHECK(directory->violation->path == open);
    CHECK(directory->violation->message == open.string() +
                                               ": anybody may write to it (mode 0777); run: "
                                               "chmod o-w " +
                                               open.string());

    set_mode(open, 01777);
    CHECK_FALSE(hygiene.open_directory(open / "inner")->violation.has_value());
}

TEST_CASE("stickiness excuses a directory above and no part of a bundle", "[registry][hygiene]") {
    const TempDir temp;
    const auto directory = temp.path() / "bundle";
    patchbay::test::make_directory(directory);
    set_mode(directory, 01777);

    CHECK(code_of(check(PathHygiene(owners()), directory)) == "path.writable");
    CHECK(code_of(check_beneath(temp.path())) == "path.writable");
}

TEST_CASE("a symlink on the way is resolved and what it leads to is checked",
          "[registry][hygiene]") {
    const TempDir temp;
    patchbay::test::make_directory(temp.path() / "real/inner");
    std::filesystem::create_directory_symlink("real", temp.path() / "link");
    PathHygiene hygiene(owners());

    const auto directory = hygiene.open_directory(temp.path() / "link/inner");
    REQUIRE(directory.has_value());
    CHECK(directory->path == temp.path() / "real/inner");
    CHECK_FALSE(directory->violation.has_value());

    set_mode(temp.path() / "real", 0777);
    const auto open = hygiene.open_directory(temp.path() / "link/inner");
    REQUIRE(open.has_value());
    REQUIRE(open->violation.has_value());
    CHECK(open->violation->path == temp.path() / "real");
}

TEST_CASE("a directory that cannot be opened is told by the system's error",
          "[registry][hygiene]") {
    const TempDir temp;
    temp.write("file", "");
    std::filesystem::create_symlink("loop", temp.path() / "loop");
    PathHygiene hygiene(owners());

    CHECK(hygiene.open_directory(temp.path() / "none").error().error == ENOENT);
    CHECK(hygiene.open_directory(temp.path() / "file").error().error == ENOTDIR);
    CHECK(hygiene.open_directory(temp.path() / "loop").error().error == ELOOP);
}

TEST_CASE("a tree of regular files of one's own passes", "[registry][hygiene]") {
    const TempDir temp;
    temp.write("connector.json", "");
    temp.write("lib/deeper/library.so", "");

    CHECK_FALSE(check_beneath(temp.path()).has_value());
}

TEST_CASE("one file in a tree that is not as it must be is named", "[registry][hygiene]") {
    const TempDir temp;
    temp.write("a", "");
    const auto culprit = temp.path() / "lib/culprit";
    temp.write("lib/culprit", "");
    const struct {
        const char* what;
        std::function<void()> spoil;
        const char* code;
        const char* says;
    } cases[] = {
        {"writable by all", [&] { set_mode(culprit, 0646); }, "path.writable", "mode 0646"},
        {"set-uid", [&] { set_mode(culprit, 04755); }, "path.setuid", "mode 4755"},
        {"set-gid", [&] { set_mode(culprit, 02755); }, "path.setuid", "chmod ug-s"},
        {"symlink",
         [&] {
             std::filesystem::remove(culprit);
             std::filesystem::create_symlink("../a", culprit);
         },
         "path.symlink", "is a symlink"},
        {"pipe",
         [&] {
             std::filesystem::remove(culprit);
             REQUIRE(::mkfifo(culprit.c_str(), 0644) == 0);
         },
         "path.not-regular", "pipe"},
        {"directory that anybody may write to",
         [&] {
             std::filesystem::remove(culprit);
             std::filesystem::create_directory(culprit);
             set_mode(culprit, 0777);
         },
         "path.writable", "mode 0777"},
    };
    for (const auto& wrong : cases) {
        INFO(wrong.what);
        wrong.spoil();

        const auto violation = check_beneath(temp.path());

        REQUIRE(violation.has_value());
        CHECK(code_of(violation) == wrong.code);
        CHECK(violation->path == culprit);
        CHECK(violation->message.starts_with(culprit.string() + ": "));
        CHECK(violation->message.contains(wrong.says));
    }
}

TEST_CASE("a tree that is too deep or has too many files is refused", "[registry][hygiene]") {
    const TempDir temp;
    std::filesystem::path deep = "0";
    for (int i = 1; i < 8; ++i)
        deep /= std::to_string(i);
    patchbay::test::make_directory(temp.path() / deep);
    CHECK(code_of(check_beneath(temp.path())) == "bundle.too-large");
    std::filesystem::remove(temp.path() / deep);
    CHECK_FALSE(check_beneath(temp.path()).has_value());

    // None of the directories has too many alone.
    patchbay::test::make_directory(temp.path() / "a");
    patchbay::test::make_directory(temp.path() / "b");
    for (std::size_t i = 0; i < max_bundle_entries / 2; ++i) {
        patchbay::test::write_file(temp.path() / "a" / std::to_string(i), "");
        patchbay::test::write_file(temp.path() / "b" / std::to_string(i), "");
    }
    const auto violation = check_beneath(temp.path());
    REQUIRE(violation.has_value());
    CHECK(violation->code == RefusalCode::bundle_too_large);
    CHECK(violation->message.contains("4096"));
}

TEST_CASE("an owner who is a stranger is named beside those allowed", "[registry][hygiene]") {
    if (!is_root("files of foreign owners")) return;
    const TempDir temp;
    const auto file = temp.write("file", "");
    REQUIRE(::chown(file.c_str(), stranger, 0) == 0);

    auto trusted = owners();
    trusted.effective_user = 77;
    trusted.program_owners = {78};
    const auto violation = check(PathHygiene(trusted), file);
    REQUIRE(violation.has_value());
    CHECK(violation->code == RefusalCode::path_foreign_owner);
    CHECK(violation->path == file);
    CHECK(violation->message.contains("is owned by user 4242"));
    CHECK(violation->message.contains("must be owned by root, user 77, user 78;"));

    trusted.effective_user = stranger;
    CHECK_FALSE(check(PathHygiene(trusted), file).has_value());
    trusted.effective_user = 77;
    trusted.program_owners = {stranger};
    CHECK_FALSE(check(PathHygiene(trusted), file).has_value());
}

TEST_CASE("the owner of the program's own file is trusted", "[registry][hygiene]") {
    CHECK(read_trusted_owners({}).program_owners.size() == 1);
    CHECK(read_trusted_owners({{"/none/such"}}).program_owners.empty());
    if (!is_root("a program of another owner")) return;
    const TempDir temp;
    const auto program = temp.write("program", "");
    REQUIRE(::chown(program.c_str(), stranger, 0) == 0);

    CHECK(read_trusted_owners({{program}}).program_owners == std::vector<uid_t>{stranger});
}

TEST_CASE("a group may write where it is the owner's private one", "[registry][hygiene]") {
    if (!is_root("files of groups")) return;
    const TempDir temp;
    const auto file = temp.write("file", "");
    set_mode(file, 0664);
    auto trusted = owners();
    trusted.program_owners = {stranger};

    const struct {
        const char* what;
        gid_t group;
        Group entry;
        const char* code;
    } cases[] = {
        {"private", stranger, {"ana", {}}, ""},
        {"private, its owner listed", stranger, {"ana", {"ana"}}, ""},
        {"with another member", stranger, {"ana", {"ana", "eve"}}, "path.writable"},
        {"of another name", stranger, {"staff", {}}, "path.writable"},
        {"of another number", stranger + 1, {"ana", {}}, "path.writable"},
    };
    for (const auto& shared : cases) {
        INFO(shared.what);
        REQUIRE(::chown(file.c_str(), stranger, shared.group) == 0);
        trusted.accounts = {[](uid_t user) -> std::optional<std::string> {
                                if (user != stranger) return std::nullopt;
                                return "ana";
                            },
                            [&](gid_t) { return shared.entry; }};

        const auto violation = check(PathHygiene(trusted), file);

        CHECK(code_of(violation) == shared.code);
        if (violation) {
            CHECK(violation->message.contains("mode 0664"));
            CHECK(violation->message.contains("the group " + shared.entry.name));
            CHECK(violation->message.contains("private group of ana (4242)"));
            CHECK(violation->message.contains("chmod g-w"));
        }
    }
}

TEST_CASE("an access list that lets a stranger write is refused with the name of that stranger",
          "[registry][hygiene]") {
    const TempDir temp;
    const auto file = temp.write("file", "");
    const auto let = [&](std::uint16_t tag, std::uint32_t id, std::uint16_t permissions) {
        return patchbay::test::set_access_list(
            file, {{1, 6}, {tag, permissions, id}, {4, 4}, {16, 6}, {32, 4}});
    };
    const bool supported = let(2, stranger, 6);
    if (!supported) WARN("not tested: the file system of " << file << " has no access lists");
    if (!supported) return;

    const auto user = check(PathHygiene(owners()), file);
    REQUIRE(user.has_value());
    CHECK(user->code == RefusalCode::path_writable);
    CHECK(user->message.contains("its access list lets user 4242 write to it"));
    CHECK(user->message.contains("setfacl -b"));
    CHECK(code_of(check_beneath(temp.path())) == "path.writable");

    REQUIRE(let(8, stranger, 6));
    const auto group = check(PathHygiene(owners()), file);
    REQUIRE(group.has_value());
    CHECK(group->message.contains("its access list lets the group 4242 write to it"));

    REQUIRE(let(2, stranger, 4));
    CHECK_FALSE(check(PathHygiene(owners()), file).has_value());
    REQUIRE(let(2, ::geteuid(), 6));
    CHECK_FALSE(check(PathHygiene(owners()), file).has_value());
}

TEST_CASE("an owner without a number is refused even where it seems to be oneself",
          "[registry][hygiene]") {
    const TempDir temp;
    const auto file = temp.write("file", "");
    auto trusted = owners();
    trusted.unmapped_owner = ::geteuid();

    const auto violation = check(PathHygiene(trusted), file);

    REQUIRE(violation.has_value());
    CHECK(violation->code == RefusalCode::path_unmapped_owner);
    CHECK(violation->path == file);
    CHECK(violation->message.contains("no number in this user namespace"));
}

TEST_CASE("in a user namespace the owner whom it does not map is found", "[registry][hygiene]") {
    // For root a directory of a stranger, for others that of root: neither is in the map below.
    const TempDir temp;
    const auto directory = temp.path() / "directory";
    patchbay::test::make_directory(directory);
    if (::geteuid() == 0) REQUIRE(::chown(directory.c_str(), stranger, 0) == 0);
    const auto map = "0 " + std::to_string(::geteuid()) + " 1";

    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        enum { found = 0, not_found = 1, no_namespace = 2 };
        if (::unshare(CLONE_NEWUSER) != 0) ::_exit(no_namespace);
        const int file = ::open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
        if (file < 0 || ::write(file, map.data(), map.size()) < 0) ::_exit(no_namespace);
        PathHygiene hygiene(read_trusted_owners({}));
        const auto opened = hygiene.open_directory(directory);
        ::_exit(opened && code_of(opened->violation) == "path.unmapped-owner" ? found : not_found);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) WARN("not tested: this system gives no user namespace");
    CHECK(WEXITSTATUS(status) != 1);
}

TEST_CASE("a file is opened where nobody else could have put it there", "[registry][hygiene]") {
    const TempDir temp;
    const auto file = temp.write("here/connections.yaml", "version: 1");
    PathHygiene hygiene(owners());

    const auto opened = hygiene.open_file(file);
    REQUIRE(opened.has_value());
    CHECK(read_whole(opened->get(), 100) == "version: 1");

    SECTION("a directory that anybody may write to") {
        set_mode(file.parent_path(), 0777);
        const auto refused = hygiene.open_file(file);
        REQUIRE_FALSE(refused.has_value());
        CHECK(code_of(refused.error().violation) == "path.writable");
        CHECK(refused.error().violation->path == file.parent_path());
    }
    SECTION("a file that anybody may write to") {
        set_mode(file, 0666);
        const auto refused = hygiene.open_file(file);
        REQUIRE_FALSE(refused.has_value());
        CHECK(code_of(refused.error().violation) == "path.writable");
        CHECK(refused.error().violation->path == file);
    }
    SECTION("a symlink in a directory of one's own leads to a file of one's own") {
        temp.write("there/real.yaml", "linked");
        std::filesystem::create_symlink("../there/real.yaml", temp.path() / "here/link");
        const auto linked = hygiene.open_file(temp.path() / "here/link");
        REQUIRE(linked.has_value());
        CHECK(read_whole(linked->get(), 100) == "linked");
        set_mode(temp.path() / "there", 0777);
        CHECK(code_of(hygiene.open_file(temp.path() / "here/link").error().violation) ==
              "path.writable");
    }
    SECTION("a symlink that a stranger could have made") {
        patchbay::test::make_directory(temp.path() / "open");
        std::filesystem::create_symlink(file, temp.path() / "open/link");
        set_mode(temp.path() / "open", 0777);
        const auto refused = hygiene.open_file(temp.path() / "open/link");
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().violation->path == temp.path() / "open");
    }
    SECTION("a pipe, and nothing at all") {
        REQUIRE(::mkfifo((temp.path() / "pipe").c_str(), 0600) == 0);
        CHECK(code_of(hygiene.open_file(temp.path() / "pipe").error().violation) ==
              "path.not-regular");
        CHECK(hygiene.open_file(temp.path() / "none").error().error == ENOENT);
    }
}
