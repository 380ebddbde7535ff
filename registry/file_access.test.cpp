// SPDX-License-Identifier: Apache-2.0
// That files are opened without symlinks, listed in order, and read within bounds.

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/file_access.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

using namespace patchbay::registry;
using patchbay::test::TempDir;

TEST_CASE("a file beneath a directory is opened through no symlink", "[registry][files]") {
    const TempDir temp;
    temp.write("real/inner/file", "content");
    std::filesystem::create_symlink("real", temp.path() / "link");
    std::filesystem::create_symlink("file", temp.path() / "real/inner/link");
    const auto root = open_entry(AT_FDCWD, temp.path().c_str(), O_RDONLY | O_DIRECTORY);
    REQUIRE(root.has_value());

    CHECK(open_beneath(root->get(), "real/inner/file", O_RDONLY).has_value());
    CHECK(open_beneath(root->get(), "real/inner/link", O_RDONLY).error() == ELOOP);
    CHECK(open_beneath(root->get(), "link/inner/file", O_RDONLY).error() == ENOTDIR);
    CHECK(open_beneath(root->get(), "real/none/file", O_RDONLY).error() == ENOENT);
}

TEST_CASE("a pipe without a writer does not stop the reader", "[registry][files]") {
    const TempDir temp;
    REQUIRE(::mkfifo((temp.path() / "pipe").c_str(), 0600) == 0);

    const auto pipe = open_entry(AT_FDCWD, (temp.path() / "pipe").c_str(), O_RDONLY);

    REQUIRE(pipe.has_value());
    CHECK(read_whole(pipe->get(), 10)->empty());
}

TEST_CASE("a file is read whole up to its bound and refused beyond", "[registry][files]") {
    const TempDir temp;
    for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 65535U, 65536U}) {
        const std::string content(size, 'x');
        const auto file = temp.write("file", content);
        const auto fd = open_entry(AT_FDCWD, file.c_str(), O_RDONLY);
        REQUIRE(fd.has_value());
        INFO(size);

        CHECK(read_whole(fd->get(), 65536) == content);
        REQUIRE(::lseek(fd->get(), 0, SEEK_SET) == 0);
        if (size > 0) CHECK(read_whole(fd->get(), size - 1).error() == EFBIG);
    }
}

TEST_CASE("a file without an end is read no further than its bound", "[registry][files]") {
    const auto zero = open_entry(AT_FDCWD, "/dev/zero", O_RDONLY);
    REQUIRE(zero.has_value());

    CHECK(read_whole(zero->get(), 100'000).error() == EFBIG);
}

TEST_CASE("a directory is listed in bytewise order and within its bound", "[registry][files]") {
    const TempDir temp;
    for (const auto* name : {"b", "a", "\xc3\xa9", "B", "a.b", "z"})
        temp.write(name, "");
    std::filesystem::create_directory(temp.path() / "c");
    const auto open = [&] {
        return open_entry(AT_FDCWD, temp.path().c_str(), O_RDONLY | O_DIRECTORY);
    };

    const auto entries = list_directory(open()->get(), 7);

    REQUIRE(entries.has_value());
    std::vector<std::string> names;
    for (const auto& entry : *entries)
        names.push_back(entry.name);
    CHECK(names == std::vector<std::string>{"B", "a", "a.b", "b", "c", "z", "\xc3\xa9"});
    CHECK(list_directory(open()->get(), 6).error() == EFBIG);
}

TEST_CASE("a stamp differs once a file was changed", "[registry][files]") {
    const TempDir temp;
    const auto stamp = [&](const std::filesystem::path& file) {
        return stamp_of(*read_status(open_entry(AT_FDCWD, file.c_str(), O_RDONLY)->get()));
    };
    const auto file = temp.write("file", "one");
    const auto before = stamp(file);
    CHECK(stamp(file) == before);

    const auto other = temp.write("other", "one");
    std::filesystem::rename(other, file);

    CHECK(stamp(file) != before);
}

TEST_CASE("a stamp bears a time that no clock ever shows", "[registry][files]") {
    struct stat status = {};
    status.st_mtim.tv_sec = INT64_MAX;
    status.st_ctim.tv_sec = INT64_MIN;

    CHECK(stamp_of(status).modified_ns != stamp_of(status).changed_ns);
}
