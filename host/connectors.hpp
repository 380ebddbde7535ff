// SPDX-License-Identifier: Apache-2.0
// Which connectors this host has: what the registry found, held to the dialect of schemas.
#pragma once

#include <host/settings/schema.hpp>
#include <patchbay/host/error.hpp>
#include <patchbay/host/host.hpp>
#include <patchbay/registry/bundle.hpp>
#include <patchbay/registry/discovery.hpp>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace patchbay::host {

// Found once, and again when refreshed. May be used by any number of threads.
class Connectors {
  public:
    Connectors(registry::RootOptions roots, registry::Policy policy, registry::Trust trust);

    // Every bundle with its state, in order of precedence.
    [[nodiscard]] std::vector<registry::Bundle> all();
    void refresh();

    // See Host::find_connector.
    [[nodiscard]] Expected<Resolution> find(std::string_view name);

    // The usable bundle whose manifest claims a URL scheme.
    //
    // Errors: connector_unknown; connector_ambiguous, naming both.
    [[nodiscard]] Expected<registry::Bundle> find_by_scheme(std::string_view scheme);

    // Examines one bundle, wherever it is, its schemas included.
    [[nodiscard]] registry::Bundle examine(const std::filesystem::path& directory) const;

    [[nodiscard]] const registry::Trust& trust() const { return trust_; }

  private:
    using Bundles = std::shared_ptr<const std::vector<registry::Bundle>>;
    [[nodiscard]] Bundles bundles();

    const registry::RootOptions roots_;
    const registry::Policy policy_;
    const registry::Trust trust_;
    std::mutex mutex_; // also while they are looked for: nobody can go on without them
    Bundles bundles_;
};

} // namespace patchbay::host
