// SPDX-License-Identifier: Apache-2.0
// Changes the environment of this process, and puts it back.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace patchbay::test {

// Variables and the working directory are as before when it is destroyed. A test that uses it runs
// in a process of its own, as ctest does it, and starts no threads before.
class Environment {
  public:
    Environment();
    Environment(const Environment&) = delete;
    Environment(Environment&&) = delete;
    Environment& operator=(const Environment&) = delete;
    Environment& operator=(Environment&&) = delete;
    ~Environment();

    void set(const std::string& name, const std::string& value);
    void unset(const std::string& name);

    // Makes a directory the working one.
    void enter(const std::filesystem::path& directory);

  private:
    void remember(const std::string& name);

    std::map<std::string, std::optional<std::string>> before_;
    std::filesystem::path directory_;
};

} // namespace patchbay::test
