// SPDX-License-Identifier: Apache-2.0
// A file that is written whole or not at all.

#include "output/output_file.hpp"

#include "output/terminal_text.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <utility>

namespace patchbay::command {
namespace {

// The temporary file that this process has now; it writes one file at most.
struct Unfinished {
    std::mutex mutex;
    std::filesystem::path file;
};

Unfinished& unfinished() {
    // Never destroyed: the thread that ends the process may come at any time.
    static auto& instance = *std::make_unique<Unfinished>().release();
    return instance;
}

void set_unfinished(std::filesystem::path file) {
    const std::scoped_lock lock(unfinished().mutex);
    unfinished().file = std::move(file);
}

// Where a place that is a symlink leads to: the link stays, and what it names is replaced.
std::filesystem::path follow_link(const std::filesystem::path& place) {
    std::error_code error;
    auto target = std::filesystem::canonical(place, error);
    return error ? place : target;
}

std::filesystem::path directory_of(const std::filesystem::path& place) {
    return place.has_parent_path() ? place.parent_path() : std::filesystem::path(".");
}

// A name that nobody else uses; hidden, so that it is in nobody's way.
Result<std::filesystem::path> make_temporary_name(const std::filesystem::path& place) {
    std::array<std::uint32_t, 2> random{};
    if (::getrandom(random.data(), sizeof random, 0) != sizeof random) {
        return cannot_write(make_printable(place.native()).text, errno);
    }
    return directory_of(place) / fmt::format(".patchbay-{:08x}{:08x}.part", random[0], random[1]);
}

int sync_directory(const std::filesystem::path& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    // Some file systems know no such thing, and say so.
    const int error = ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
    ::close(descriptor);
    return error;
}

} // namespace

OutputFile::OutputFile(std::filesystem::path place, std::filesystem::path temporary, int descriptor)
    : place_(std::move(place)), temporary_(std::move(temporary)),
      name_(make_printable(place_.native()).text), descriptor_(descriptor) {}

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::filesystem::path& place) {
    const auto name = make_printable(place.native()).text;
    const auto target = follow_link(place);
    struct stat found{};
    const bool exists = ::stat(target.c_str(), &found) == 0;
    if (exists && S_ISDIR(found.st_mode)) return cannot_write(name, EISDIR);

    if (exists && !S_ISREG(found.st_mode)) {
        const int descriptor = ::open(target.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
        if (descriptor < 0) return cannot_write(name, errno);
        return std::make_unique<OutputFile>(target, std::filesystem::path(), descriptor);
    }

    auto temporary = make_temporary_name(target);
    if (!temporary) return std::unexpected(std::move(temporary).error());
    set_unfinished(*temporary);
    const int descriptor =
        ::open(temporary->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0) {
        const int error = errno;
        set_unfinished({});
        return cannot_write(name, error);
    }
    auto file = std::make_unique<OutputFile>(target, std::move(*temporary), descriptor);
    // What replaces a file is not open to more people than that was.
    if (exists && ::fchmod(descriptor, found.st_mode & 07777U) != 0) {
        return cannot_write(name, errno);
    }
    return file;
}

OutputFile::~OutputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (temporary_.empty()) return;
    ::unlink(temporary_.c_str());
    set_unfinished({});
}

Result<void> OutputFile::write(std::string_view bytes) {
    return DescriptorSink(descriptor_, name_).write(bytes);
}

Result<void> OutputFile::commit() {
    if (temporary_.empty()) {
        // A device or a pipe has nothing to keep; its close may still tell of a lost write.
        const int error = ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : errno;
        if (error != 0) return cannot_write(name_, error);
        return {};
    }
    if (::fsync(descriptor_) != 0 || ::close(std::exchange(descriptor_, -1)) != 0 ||
        ::rename(temporary_.c_str(), place_.c_str()) != 0) {
        return cannot_write(name_, errno);
    }
    temporary_.clear();
    set_unfinished({});
    if (const int error = sync_directory(directory_of(place_)); error != 0) {
        return cannot_write(name_, error);
    }
    return {};
}

void OutputFile::remove_unfinished() noexcept {
    const std::scoped_lock lock(unfinished().mutex);
    if (!unfinished().file.empty()) ::unlink(unfinished().file.c_str());
}

} // namespace patchbay::command
