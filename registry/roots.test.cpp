// SPDX-License-Identifier: Apache-2.0
// Which roots and which policy a process's options and environment make.

#include <patchbay/registry/discovery.hpp>
#include <patchbay/test/catch.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

// NOLINTBEGIN(concurrency-mt-unsafe): the environment is the subject; these tests have one thread

using namespace patchbay::registry;

namespace {

// Sets the variables that roots depend on, for one test; those not named are not set.
class Environment {
  public:
    explicit Environment(const std::map<std::string, std::string>& wanted) {
        for (const auto* name : {"PATCHBAY_EXTRA_CONNECTOR_PATH", "PATCHBAY_CONNECTOR_PATH",
                                 "XDG_DATA_HOME", "HOME", "PATCHBAY_ONLY", "PATCHBAY_DISABLE"}) {
            const char* value = std::getenv(name);
            before_[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
            const auto found = wanted.find(name);
            set(name, found == wanted.end() ? std::nullopt : std::optional(found->second));
        }
    }
    Environment(const Environment&) = delete;
    Environment(Environment&&) = delete;
    Environment& operator=(const Environment&) = delete;
    Environment& operator=(Environment&&) = delete;
    ~Environment() {
        for (const auto& [name, value] : before_)
            set(name, value);
    }

  private:
    static void set(const std::string& name, const std::optional<std::string>& value) {
        value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }

    std::map<std::string, std::optional<std::string>> before_;
};

std::vector<std::string> paths(const Roots& roots) {
    std::vector<std::string> paths;
    paths.reserve(roots.directories.size());
    for (const auto& directory : roots.directories)
        paths.push_back(directory.string());
    return paths;
}

constexpr auto system_root = "/usr/local/lib/patchbay/connectors";

} // namespace

TEST_CASE("options come first, then the extra path, then the others", "[registry][roots]") {
    const Environment environment(
        {{"PATCHBAY_EXTRA_CONNECTOR_PATH", "/extra/a:/extra/b"}, {"HOME", "/home/ana"}});

    auto found = paths(find_roots({{"/first"}, "/opt/lib", true}));

    // Root's own connectors are the system's.
    std::vector<std::string> expected = {"/first", "/extra/a", "/extra/b"};
    if (::geteuid() != 0) expected.emplace_back("/home/ana/.local/share/patchbay/connectors");
    expected.insert(expected.end(), {system_root, "/opt/lib"});
    CHECK(found == expected);
}

TEST_CASE("the connector path replaces the user's, the system's and the installation's roots",
          "[registry][roots]") {
    const Environment environment({{"PATCHBAY_EXTRA_CONNECTOR_PATH", "/extra"},
                                   {"PATCHBAY_CONNECTOR_PATH", "/only/here"},
                                   {"HOME", "/home/ana"}});

    CHECK(paths(find_roots({{"/first"}, "/opt/lib", true})) ==
          std::vector<std::string>{"/first", "/extra", "/only/here"});
}

TEST_CASE("without the environment only options and system count", "[registry][roots]") {
    const Environment environment({{"PATCHBAY_EXTRA_CONNECTOR_PATH", "/extra"},
                                   {"PATCHBAY_CONNECTOR_PATH", "/only/here"},
                                   {"HOME", "/home/ana"}});

    CHECK(paths(find_roots({{"/first"}, "", false})) ==
          std::vector<std::string>{"/first", system_root});
}

TEST_CASE("the user's root stands in the XDG data directory", "[registry][roots]") {
    const Environment environment({{"XDG_DATA_HOME", "/data"}, {"HOME", "/home/ana"}});

    const auto found = paths(find_roots({}));

    if (::geteuid() == 0) {
        WARN("not tested, since root has no such directory: XDG_DATA_HOME");
        CHECK(found == std::vector<std::string>{system_root});
    } else {
        CHECK(found == std::vector<std::string>{"/data/patchbay/connectors", system_root});
    }
}

TEST_CASE("an empty or relative path is refused, naming who says it, and the others stay",
          "[registry][roots]") {
    const Environment environment({{"PATCHBAY_EXTRA_CONNECTOR_PATH", "/good:relative/path:"},
                                   {"PATCHBAY_CONNECTOR_PATH", ""}});

    const auto roots = find_roots({{"./mine"}, "", true});

    CHECK(paths(roots) == std::vector<std::string>{"/good"});
    REQUIRE(roots.refused.size() == 4);
    for (const auto& refusal : roots.refused)
        CHECK(refusal.code == RefusalCode::root_not_absolute);
    CHECK(roots.refused[0].message.starts_with("connector directory: "));
    CHECK(roots.refused[0].path == "./mine");
    CHECK(roots.refused[1].message.starts_with("PATCHBAY_EXTRA_CONNECTOR_PATH: "));
    CHECK(roots.refused[1].message.contains("\"relative/path\""));
    CHECK(roots.refused[2].message.contains("empty path"));
    CHECK(roots.refused[3].message.starts_with("PATCHBAY_CONNECTOR_PATH: "));
}

TEST_CASE("the policy's lists are split at commas and trimmed", "[registry][roots]") {
    const std::map<std::string, std::string> variables = {
        {"PATCHBAY_ONLY", "sqlite, postgresql ,,"}};
    const Environment environment(variables);

    const auto policy = policy_from_environment();

    CHECK(policy.only == std::vector<std::string>{"sqlite", "postgresql"});
    CHECK(policy.disabled.empty());
}

// NOLINTEND(concurrency-mt-unsafe)
