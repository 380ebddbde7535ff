// SPDX-License-Identifier: Apache-2.0
// Where connectors are looked for, and which of them the operator wants.

#include "roots.hpp"

#include "accounts.hpp"
#include "printable_text.hpp"
#include "refusal.hpp"

#include <patchbay/registry/discovery.hpp>

#include <fmt/format.h>

#include <sys/auxv.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string_view>

namespace patchbay::registry {
namespace {

std::optional<std::string> read_environment(const char* name) {
    const char* value =
        ::secure_getenv(name); // NOLINT(concurrency-mt-unsafe): nothing of ours sets
    if (value == nullptr) return std::nullopt;
    return value;
}

class RootList {
  public:
    // source: who names the path, for the message.
    void add(const std::filesystem::path& path, std::string_view source) {
        if (path.is_absolute()) {
            roots_.directories.push_back(path);
            return;
        }
        const auto found = path.empty() ? std::string("an empty path")
                                        : fmt::format("the relative path {}", quote(path.native()));
        roots_.refused.push_back(
            {RefusalCode::root_not_absolute, path, "",
             fmt::format("{}: has {}, which would mean another directory in each place it is used "
                         "from; write the whole path, beginning with /",
                         source, found)});
    }

    void add_all(std::string_view paths, std::string_view source) {
        while (true) {
            const auto colon = paths.find(':');
            add(paths.substr(0, colon), source);
            if (colon == std::string_view::npos) return;
            paths.remove_prefix(colon + 1);
        }
    }

    Roots take() { return std::move(roots_); }

  private:
    Roots roots_;
};

std::vector<std::string> split_names(const std::optional<std::string>& list) {
    std::vector<std::string> names;
    std::string_view rest = list ? std::string_view(*list) : std::string_view();
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        auto name = rest.substr(0, comma);
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        while (name.starts_with(' '))
            name.remove_prefix(1);
        while (name.ends_with(' '))
            name.remove_suffix(1);
        if (!name.empty()) names.emplace_back(name);
    }
    return names;
}

} // namespace

std::optional<std::filesystem::path> find_user_root() {
    if (::getuid() == 0 || ::geteuid() == 0 || ::getauxval(AT_SECURE) != 0) return std::nullopt;
    constexpr auto connectors = "patchbay/connectors";
    if (const auto data = read_environment("XDG_DATA_HOME"); data && !data->empty()) {
        return std::filesystem::path(*data) / connectors;
    }
    auto home = std::filesystem::path(read_environment("HOME").value_or(""));
    if (home.empty()) home = find_home_directory(::geteuid()).value_or("");
    if (home.empty()) return std::nullopt;
    return home / ".local/share" / connectors;
}

Roots find_roots(const RootOptions& options) {
    RootList roots;
    for (const auto& directory : options.first)
        roots.add(directory, "connector directory");
    std::optional<std::string> replaced;
    if (options.use_environment) {
        if (const auto extra = read_environment("PATCHBAY_EXTRA_CONNECTOR_PATH")) {
            roots.add_all(*extra, "PATCHBAY_EXTRA_CONNECTOR_PATH");
        }
        replaced = read_environment("PATCHBAY_CONNECTOR_PATH");
    }
    if (replaced) {
        roots.add_all(*replaced, "PATCHBAY_CONNECTOR_PATH");
        return roots.take();
    }
    if (options.use_environment) {
        if (const auto user = find_user_root()) roots.add(*user, "the user's data directory");
    }
    roots.add(system_root, "Patchbay");
    if (!options.installation.empty()) roots.add(options.installation, "installation");
    return roots.take();
}

Policy policy_from_environment() {
    return {split_names(read_environment("PATCHBAY_ONLY")),
            split_names(read_environment("PATCHBAY_DISABLE"))};
}

} // namespace patchbay::registry
