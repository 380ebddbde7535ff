// SPDX-License-Identifier: Apache-2.0
// Files that are written whole or not at all, and buffers whose sink fails.

#include "output/output_file.hpp"

#include "output/output_buffer.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

using namespace patchbay::command;
using patchbay::host::ErrorCode;
using patchbay::test::read_file;
using patchbay::test::TempDir;

namespace {

std::unique_ptr<OutputFile> must_create(const std::filesystem::path& place) {
    auto file = OutputFile::create(place);
    if (!file) FAIL(file.error().error.message);
    return std::move(*file);
}

std::ptrdiff_t count_files(const TempDir& dir) {
    return std::distance(std::filesystem::directory_iterator(dir.path()), {});
}

unsigned mode_of(const std::filesystem::path& file) {
    struct stat found{};
    REQUIRE(::stat(file.c_str(), &found) == 0);
    return found.st_mode & 07777U;
}

} // namespace

TEST_CASE("a file takes its place only when all is there", "[command][output]") {
    const TempDir dir;
    const auto place = dir.write("out.csv", "before");
    {
        const auto file = must_create(place);
        REQUIRE(file->write("after").has_value());
        CHECK(read_file(place) == "before");
        REQUIRE(file->commit().has_value());
        CHECK(read_file(place) == "after");
    }
    CHECK(read_file(place) == "after");
    CHECK(count_files(dir) == 1);
}

TEST_CASE("a file that is given up leaves nothing", "[command][output]") {
    const TempDir dir;
    const auto place = dir.path() / "out.csv";
    {
        const auto file = must_create(place);
        REQUIRE(file->write("half").has_value());
        CHECK(count_files(dir) == 1); // what it writes to is beside its place
    }
    CHECK(count_files(dir) == 0);

    const auto file = must_create(place);
    REQUIRE(file->write("half").has_value());
    OutputFile::remove_unfinished();
    CHECK(count_files(dir) == 0);
}

TEST_CASE("a new file obeys the umask, and one that replaces another keeps its mode",
          "[command][output]") {
    const TempDir dir;
    const auto before = ::umask(027);
    const auto fresh = must_create(dir.path() / "new");
    ::umask(before);
    REQUIRE(fresh->commit().has_value());
    CHECK(mode_of(dir.path() / "new") == 0640);

    const auto place = dir.write("old", "");
    REQUIRE(::chmod(place.c_str(), 0600) == 0);
    REQUIRE(must_create(place)->commit().has_value());
    CHECK(mode_of(place) == 0600);
}

TEST_CASE("a symlink stays, and what it names is replaced", "[command][output]") {
    const TempDir dir;
    const auto target = dir.write("target", "before");
    std::filesystem::create_symlink("target", dir.path() / "link");

    const auto file = must_create(dir.path() / "link");
    REQUIRE(file->write("after").has_value());
    REQUIRE(file->commit().has_value());

    CHECK(std::filesystem::is_symlink(dir.path() / "link"));
    CHECK(read_file(target) == "after");
}

TEST_CASE("a device is written to as it is", "[command][output]") {
    const auto nothing = must_create("/dev/null");
    CHECK(nothing->write("away").has_value());
    CHECK(nothing->commit().has_value());
    CHECK(std::filesystem::is_character_file("/dev/null"));

    const auto full = must_create("/dev/full");
    const auto written = full->write("too much");
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().exit_code == ExitCode::refused_work);
    CHECK(written.error().error.code == ErrorCode::resource_exhausted);
    CHECK(written.error().error.message == "cannot write to /dev/full: No space left on device");
}

TEST_CASE("a place that cannot be written is named", "[command][output]") {
    const TempDir dir;
    const auto missing = OutputFile::create(dir.path() / "no" / "such" / "out.csv");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().error.message == "cannot write to " +
                                               (dir.path() / "no/such/out.csv").string() +
                                               ": No such file or directory");
    CHECK(OutputFile::create(dir.path()).error().error.message.ends_with("Is a directory"));
    CHECK(count_files(dir) == 0);
}

TEST_CASE("a reader who left is no error to speak of", "[command][output]") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    ::close(ends[0]);
    // As the program does first of all.
    std::signal(SIGPIPE, SIG_IGN);

    DescriptorSink sink(ends[1], "standard output");
    OutputBuffer buffer(sink);
    buffer.put("nobody reads this");
    const auto flushed = buffer.flush();
    ::close(ends[1]);

    REQUIRE_FALSE(flushed.has_value());
    CHECK(flushed.error().quiet);
    CHECK(flushed.error().exit_code == ExitCode::done);
}

TEST_CASE("a buffer keeps its first failure and drops the rest", "[command][output]") {
    class FullSink final : public ByteSink {
      public:
        Result<void> write(std::string_view) override {
            ++calls;
            return cannot_write("here", ENOSPC);
        }
        int calls = 0;
    };
    FullSink sink;
    OutputBuffer buffer(sink);
    CHECK_FALSE(buffer.has_failed());

    const std::string large(1'000'000, 'x');
    for (int i = 0; i < 3; ++i)
        buffer.put(large);

    CHECK(buffer.has_failed());
    CHECK(sink.calls == 1);
    CHECK(buffer.size_bytes() == 3'000'000);
    CHECK(buffer.flush().error().error.code == ErrorCode::resource_exhausted);
}
