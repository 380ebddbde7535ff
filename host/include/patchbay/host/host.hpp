// SPDX-License-Identifier: Apache-2.0
// The host: which connectors there are, what their settings mean, and connections to their sources.
//
//     patchbay::host::Host host;
//     auto reference = patchbay::host::Reference::parse("@sqlite.shop");
//     auto connection = host.connect(*reference);
//     auto stream = connection->read(patchbay::host::Request::query("SELECT * FROM orders"));
//
// The C++ API promises no binary compatibility before version 1.0 of Patchbay.
#pragma once

#include <patchbay/host/clock.hpp>
#include <patchbay/host/connection.hpp>
#include <patchbay/host/error.hpp>
#include <patchbay/host/export.hpp>
#include <patchbay/host/fault.hpp>
#include <patchbay/host/log.hpp>
#include <patchbay/host/reference.hpp>
#include <patchbay/registry/bundle.hpp>
#include <patchbay/registry/discovery.hpp>
#include <patchbay/registry/install.hpp>
#include <patchbay/registry/library.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

struct HostOptions {
    std::vector<std::filesystem::path> connector_dirs; // searched first, in this order
    // Where it is empty: $PATCHBAY_CONNECTIONS, ./connections.yaml (where nobody else could have
    // put it there), connections.yaml in the user's configuration directory.
    std::filesystem::path connections_file;
    registry::Policy policy;     // on top of $PATCHBAY_ONLY and $PATCHBAY_DISABLE
    bool use_environment = true; // whether any variable named PATCHBAY_... is looked at
    LogOptions log;
    Clock* clock = nullptr; // must live until the process ends; NULL = the machine's
};

// The bundle that a name means, and those it stands in front of.
struct Resolution {
    registry::Bundle bundle;
    std::vector<registry::Bundle> shadowed;
};

// What can be said of a bundle or a library without running it.
struct Inspection {
    std::optional<registry::Bundle> bundle; // none for a library that stands outside a bundle
    std::filesystem::path library;
    std::optional<registry::LibraryFacts> facts;   // where its headers could be read
    std::vector<registry::Refusal> library_faults; // every rule that the library breaks
};

// What a linter says about a bundle: rules of the registry, faults of its schemas, and what stops
// nobody.
struct LintReport {
    std::vector<registry::Refusal> refusals;
    std::vector<Fault> faults; // their place is the file
    std::vector<registry::Notice> notices;

    [[nodiscard]] bool valid() const { return refusals.empty() && faults.empty(); }
};

// Where one value of effective settings came from.
struct Origin {
    std::string pointer;
    enum class Kind { file, url, default_value, environment, secret_file, command_line };
    Kind kind = Kind::file;
    std::string detail; // file and line, or the reference as it was written
};

// Settings as a connector would get them, secrets masked.
struct EffectiveSettings {
    std::string connector;       // the full ID
    std::string json;            // secrets are "***"
    std::vector<Origin> origins; // in the order of the settings
    std::filesystem::path file;  // the connections file, where they are an entry of it
};

// Everything an application does begins here. Copies are the same host. May be used by any number
// of threads.
//
// Reads the file system and the environment when it is asked something, never when it is made; runs
// code of a connector only to validate settings and to connect.
class PATCHBAY_HOST_API Host {
  public:
    explicit Host(HostOptions options = {});

    // Every bundle of every root with its state, in order of precedence. Looked for at the first
    // call, and again after refresh().
    //
    // Blocks: for the file system.
    [[nodiscard]] std::vector<registry::Bundle> connectors() const;
    void refresh();

    // The usable bundle that a name or full ID means.
    //
    // Errors: connector_unknown; connector_ambiguous; connector_refused; connector_disabled.
    [[nodiscard]] Expected<Resolution> find_connector(std::string_view name) const;

    // Explains a bundle, or a library on its own, wherever it is, without running it.
    //
    // Errors: not_found where there is nothing at that path.
    [[nodiscard]] Expected<Inspection> inspect(const std::filesystem::path& path) const;

    // Copies a bundle into the user's root, or for root into /usr/local/lib/patchbay/connectors,
    // and replaces one of the same ID there.
    //
    // Errors: connector_refused with the reason; conflict while somebody else installs; io.
    [[nodiscard]] Expected<registry::Installed> install(const std::filesystem::path& bundle) const;

    // Takes a bundle out of the same root, and answers what it was.
    //
    // Errors: connector_unknown; connector_ambiguous; io.
    [[nodiscard]] Expected<registry::Bundle> remove(std::string_view name) const;

    // A connector's schema of settings or requests; with every reference inlined, for forms.
    [[nodiscard]] Expected<std::string> settings_schema(std::string_view connector,
                                                        bool inlined) const;
    [[nodiscard]] Expected<std::string> request_schema(std::string_view connector) const;

    // Everything that is wrong with a bundle, or with a file that holds a schema of settings.
    //
    // Errors: not_found where there is nothing at that path.
    [[nodiscard]] Expected<LintReport> lint(const std::filesystem::path& path) const;

    // Faults of a JSON or YAML document against any draft-07 schema.
    //
    // Errors: not_found; invalid_settings where the schema itself is at fault, with its faults.
    [[nodiscard]] Expected<std::vector<Fault>>
    validate_document(const std::filesystem::path& schema,
                      const std::filesystem::path& document) const;

    // Every "@name.alias" of the connections file, in its order.
    [[nodiscard]] Expected<std::vector<Reference>> references() const;

    // Every fault of settings; connects to nothing. Loads the connector and asks it, where the
    // schema finds none.
    //
    // Errors: what stands in the way of looking: connection_unknown, connector_unknown, ...
    [[nodiscard]] Expected<std::vector<Fault>> validate(const Reference& reference) const;

    // What the settings come to, and where each value came from.
    //
    // Errors: invalid_settings with all faults.
    [[nodiscard]] Expected<EffectiveSettings> show(const Reference& reference) const;

    // Makes a connection. Nothing is loaded, connected or started, and no secret is looked up,
    // until the connection is used.
    //
    // Errors: invalid_settings with all faults; as for validate.
    [[nodiscard]] Expected<Connection> connect(const Reference& reference) const;

    struct PATCHBAY_HOST_HIDDEN Impl;

  private:
    std::shared_ptr<Impl> impl_;
};

// The version of this library and of the contract, "0.1.0" and "0.1".
[[nodiscard]] PATCHBAY_HOST_API std::string_view version();
[[nodiscard]] PATCHBAY_HOST_API std::string_view abi_version();

// How many sessions were left behind by now because their connector did not come back; each has a
// thread that may still run. A program that has any leaves by _exit once its work is done.
[[nodiscard]] PATCHBAY_HOST_API std::uint64_t abandoned_session_count() noexcept;

} // namespace patchbay::host
