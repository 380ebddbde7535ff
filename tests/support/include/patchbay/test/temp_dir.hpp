// SPDX-License-Identifier: Apache-2.0
// A directory of a test's own that goes away with it.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace patchbay::test {

// Makes a directory only its owner may use (0700), so that it passes the host's path hygiene, and
// removes it with everything in it when it is destroyed.
//
// Every secret of a test, and every value that must stay out of messages, holds the word CANARY. A
// file in this directory that has it fails the test, unless the test wrote it with write() or it is
// a database (*.db*). tools/dev/check-canary looks for the word in logs.
class TempDir {
  public:
    TempDir();
    TempDir(const TempDir&) = delete;
    TempDir(TempDir&&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    TempDir& operator=(TempDir&&) = delete;
    ~TempDir();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    // Writes a file of mode 0644, its directories included, and answers where it stands.
    std::filesystem::path write(const std::filesystem::path& name, std::string_view content) const;

  private:
    void look_for_canaries() const;

    std::filesystem::path path_;
    mutable std::set<std::filesystem::path> written_;
};

// Reads a whole file; fails the test where it cannot.
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

} // namespace patchbay::test
