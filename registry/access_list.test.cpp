// SPDX-License-Identifier: Apache-2.0
// Who is found to write by an access control list that the kernel took.

#include "test_access_list.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/access_list.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <vector>

using namespace patchbay::registry;
using Kind = AccessListWriter::Kind;
using patchbay::test::AccessListEntry;

namespace {

std::vector<AccessListWriter> writers(const std::filesystem::path& file) {
    const auto fd = open_entry(AT_FDCWD, file.c_str(), O_PATH);
    REQUIRE(fd.has_value());
    const auto found = read_access_list_writers(fd->get());
    REQUIRE(found.has_value());
    return *found;
}

} // namespace

TEST_CASE("a file without an access list is its group's to write", "[registry][hygiene]") {
    const patchbay::test::TempDir temp;

    CHECK(writers(temp.write("file", "")) == std::vector{AccessListWriter{Kind::owning_group, 0}});
}

TEST_CASE("an access list names those who write and whom its mask lets", "[registry][hygiene]") {
    const patchbay::test::TempDir temp;
    const auto file = temp.write("file", "");
    const AccessListEntry owner{1, 6};
    const AccessListEntry others{32, 0};
    const bool supported = patchbay::test::set_access_list(
        file, {owner, {2, 6, 4242}, {2, 4, 4243}, {4, 4}, {8, 6, 4244}, {16, 6}, others});
    if (!supported) WARN("not tested: the file system of " << file << " has no access lists");
    if (!supported) return;

    CHECK(writers(file) ==
          std::vector{AccessListWriter{Kind::user, 4242}, AccessListWriter{Kind::group, 4244}});

    // The mask takes the right to write from all of them.
    REQUIRE(patchbay::test::set_access_list(file, {owner, {2, 6, 4242}, {4, 6}, {16, 4}, others}));
    CHECK(writers(file).empty());

    REQUIRE(patchbay::test::set_access_list(file, {owner, {2, 4, 4242}, {4, 6}, {16, 6}, others}));
    CHECK(writers(file) == std::vector{AccessListWriter{Kind::owning_group, 0}});
}
