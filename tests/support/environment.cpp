// SPDX-License-Identifier: Apache-2.0
// Changes the environment of this process, and puts it back.

#include <patchbay/test/environment.hpp>

#include <cstdlib>
#include <system_error>

// NOLINTBEGIN(concurrency-mt-unsafe): changing the environment is what this is for
namespace patchbay::test {

Environment::Environment() : directory_(std::filesystem::current_path()) {}

Environment::~Environment() {
    for (const auto& [name, value] : before_) {
        if (value) {
            ::setenv(name.c_str(), value->c_str(), 1);
        } else {
            ::unsetenv(name.c_str());
        }
    }
    std::error_code ignored; // the old directory may be gone; nothing can be done about it
    std::filesystem::current_path(directory_, ignored);
}

void Environment::set(const std::string& name, const std::string& value) {
    remember(name);
    ::setenv(name.c_str(), value.c_str(), 1);
}

void Environment::unset(const std::string& name) {
    remember(name);
    ::unsetenv(name.c_str());
}

void Environment::enter(const std::filesystem::path& directory) {
    std::filesystem::current_path(directory);
}

void Environment::remember(const std::string& name) {
    if (before_.contains(name)) return;
    const char* const value = std::getenv(name.c_str());
    before_[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

} // namespace patchbay::test
// NOLINTEND(concurrency-mt-unsafe)
