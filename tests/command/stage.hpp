// SPDX-License-Identifier: Apache-2.0
// A user's directory with a connections file, and the program run in it.
#pragma once

#include <patchbay/test/process.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::test {

// Stands in every connection's password: no output may ever hold it.
inline constexpr std::string_view canary = "CANARY-7d1f5e";

class Stage {
  public:
    Stage();

    [[nodiscard]] const std::filesystem::path& path() const { return dir_.path(); }
    [[nodiscard]] const TempDir& dir() const { return dir_; }

    // The command with these words, in this directory, seeing the puppets.
    [[nodiscard]] Command command(std::vector<std::string> words) const;

    // Runs it. Fails the test where the canary is in what it says.
    [[nodiscard]] Outcome run(std::vector<std::string> words) const;

  private:
    TempDir dir_;
};

// Fails the test where the text is not JSON.
[[nodiscard]] boost::json::value json_of(const std::string& text);

// The names of an object's members, in their order, with blanks between.
[[nodiscard]] std::string members_of(const boost::json::value& object);

void check_no_canary(const Outcome& outcome);

} // namespace patchbay::test
