// SPDX-License-Identifier: Apache-2.0
// A directory of a test's own that goes away with it.

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace patchbay::test {

TempDir::TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = std::filesystem::canonical(pattern);
}

TempDir::~TempDir() {
    look_for_canaries();
    std::error_code ignored; // a test may have removed it, or taken the right to
    std::filesystem::remove_all(path_, ignored);
}

void TempDir::look_for_canaries() const {
    constexpr std::size_t largest_read = std::size_t{16} * 1024 * 1024;
    std::error_code unreadable; // what a test made unreadable, nobody else reads
    std::filesystem::recursive_directory_iterator files(
        path_, std::filesystem::directory_options::skip_permission_denied, unreadable);
    for (; !unreadable && files != std::filesystem::recursive_directory_iterator();
         files.increment(unreadable)) {
        std::error_code gone;
        if (!std::filesystem::is_regular_file(files->symlink_status(gone)) ||
            files->file_size(gone) > largest_read || written_.contains(files->path()) ||
            files->path().filename().string().contains(".db")) {
            continue;
        }
        std::ifstream in(files->path(), std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(in), {}};
        if (content.contains("CANARY")) FAIL_CHECK("a secret stands in " << files->path());
    }
}

std::filesystem::path TempDir::write(const std::filesystem::path& name,
                                     std::string_view content) const {
    const auto file = path_ / name;
    written_.insert(file);
    // Not whatever the umask of the developer says: hygiene refuses what a group may write.
    std::filesystem::path directory = path_;
    for (const auto& part : name.parent_path()) {
        directory /= part;
        ::mkdir(directory.c_str(), 0755);
    }
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << content;
    out.close();
    REQUIRE(out.good());
    REQUIRE(::chmod(file.c_str(), 0644) == 0);
    return file;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    INFO("reading " << file);
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

} // namespace patchbay::test
