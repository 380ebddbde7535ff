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
    std::error_code ignored; // a test may have removed it, or taken the right to
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TempDir::write(const std::filesystem::path& name,
                                     std::string_view content) const {
    const auto file = path_ / name;
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
