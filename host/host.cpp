// SPDX-License-Identifier: Apache-2.0
// The host: puts registry, settings and sessions together.

#include <host/bundle_schemas.hpp>
#include <host/connections/connections_file.hpp>
#include <host/connections/document.hpp>
#include <host/connections/prepared_settings.hpp>
#include <host/connectors.hpp>
#include <host/linting.hpp>
#include <host/load/library.hpp>
#include <host/log/logger.hpp>
#include <host/log/secret_masker.hpp>
#include <host/session/call_frame.hpp>
#include <host/session/connection_impl.hpp>
#include <host/session/connection_state.hpp>
#include <host/session/host_services.hpp>
#include <host/settings/inline_references.hpp>
#include <host/version.hpp>
#include <patchbay/host/host.hpp>
#include <patchbay/sdk/text.hpp>
#include <registry/file_access.hpp>
#include <registry/printable_text.hpp>
#include <registry/strict_json.hpp>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <dlfcn.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// What connectors may hold on to until the process ends: made for each host, never destroyed, and
// reachable from here.
struct Immortals {
    SecretMasker masker;
    Logger logger;
    Clock& clock;
    std::mutex mutex;
    std::map<std::string, std::unique_ptr<HostServices>, std::less<>> services; // by connector ID

    Immortals(const LogOptions& log, Clock& time) : logger(log, masker), clock(time) {}

    [[nodiscard]] const HostServices& services_for(const registry::ConnectorId& id) {
        const std::scoped_lock lock(mutex);
        auto& entry = services[id.text()];
        if (!entry) entry = std::make_unique<HostServices>(id.name, logger, clock);
        return *entry;
    }
};

[[nodiscard]] Immortals& make_immortals(const HostOptions& options) {
    static std::mutex mutex;
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): never destroyed; see Immortals
    static auto& all = *new std::vector<std::unique_ptr<Immortals>>;
    const std::scoped_lock lock(mutex);
    all.push_back(std::make_unique<Immortals>(
        options.log, options.clock == nullptr ? Clock::system() : *options.clock));
    return *all.back();
}

// The file that this code was loaded from: libpatchbay, or a program that links it statically.
[[nodiscard]] std::filesystem::path own_file() {
    Dl_info info{};
    static const char anchor = 0;
    if (::dladdr(&anchor, &info) == 0 || info.dli_fname == nullptr) return {};
    std::error_code failed; // then it is not known
    auto file = std::filesystem::canonical(info.dli_fname, failed);
    return failed ? std::filesystem::path() : file;
}

// lib/libpatchbay.so has its connectors in lib/patchbay/connectors, installed or in a build tree.
[[nodiscard]] registry::RootOptions root_options(const HostOptions& options) {
    registry::RootOptions roots{.first = options.connector_dirs,
                                .installation = {},
                                .use_environment = options.use_environment};
    if (const auto file = own_file(); !file.empty()) {
        roots.installation = file.parent_path() / "patchbay" / "connectors";
    }
    return roots;
}

// lib/libpatchbay.so has the ledger in share/patchbay/connectors.json.
[[nodiscard]] std::filesystem::path ledger_file() {
    return own_file().parent_path().parent_path() / "share" / "patchbay" / "connectors.json";
}

[[nodiscard]] registry::Policy full_policy(const HostOptions& options) {
    auto policy =
        options.use_environment ? registry::policy_from_environment() : registry::Policy();
    std::ranges::copy(options.policy.only, std::back_inserter(policy.only));
    std::ranges::copy(options.policy.disabled, std::back_inserter(policy.disabled));
    return policy;
}

[[nodiscard]] registry::Trust trusted_files() {
    registry::Trust trust;
    if (auto file = own_file(); !file.empty()) trust.own_files.push_back(std::move(file));
    return trust;
}

[[nodiscard]] Error error_of(const registry::InstallError& failed) {
    const auto code = [&] {
        switch (failed.kind) {
        case registry::InstallErrorKind::bundle_refused:
        case registry::InstallErrorKind::root_refused:
            return ErrorCode::connector_refused;
        case registry::InstallErrorKind::busy:
            return ErrorCode::conflict;
        case registry::InstallErrorKind::not_found:
            return ErrorCode::connector_unknown;
        case registry::InstallErrorKind::ambiguous:
            return ErrorCode::connector_ambiguous;
        case registry::InstallErrorKind::system:
            break;
        }
        return ErrorCode::io;
    };
    return {.code = code(), .message = failed.message};
}

[[nodiscard]] Error nothing_there(const std::filesystem::path& path, std::string_view why) {
    return {.code = ErrorCode::not_found,
            .message = fmt::format("cannot read {}: {}", registry::show(path), why),
            .hint = "check the path"};
}

[[nodiscard]] Expected<std::string> read_text_file(const std::filesystem::path& path,
                                                   std::size_t max_bytes) {
    const registry::UniqueFd file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.is_open()) {
        return std::unexpected(nothing_there(path, registry::error_text(errno)));
    }
    auto text = registry::read_whole(file.get(), max_bytes);
    if (text) return std::move(*text);
    return std::unexpected(
        text.error() == EFBIG
            ? Error{.code = ErrorCode::invalid_settings,
                    .message = fmt::format("{} has more than the {} bytes allowed",
                                           registry::show(path), max_bytes)}
            : nothing_there(path, registry::error_text(text.error())));
}

[[nodiscard]] Fault fault_of(const DocumentFault& fault, const std::string& origin) {
    Fault result{.code = fault.code, .pointer = fault.pointer, .message = fault.message};
    result.place = fault.at.line == 0 ? origin
                                      : fmt::format("{}, line {}, column {}", origin, fault.at.line,
                                                    fault.at.column);
    return result;
}

// An error that stands for faults: the first one's words, and all of them with it.
[[nodiscard]] Error invalid_settings(std::vector<Fault> faults, std::string_view what) {
    Error error{.code = ErrorCode::invalid_settings,
                .message = fmt::format("{}: {}", what, describe(faults.front())),
                .pointer = faults.front().pointer};
    if (faults.size() > 1) {
        error.message +=
            fmt::format(" (and {} more fault{})", faults.size() - 1, faults.size() == 2 ? "" : "s");
    }
    error.faults = std::move(faults);
    return error;
}

[[nodiscard]] std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

// What a connector says about settings that satisfy its schema, as faults.
[[nodiscard]] std::vector<Fault> faults_of_refusal(const Error& refusal,
                                                   const PreparedSettings& settings) {
    std::vector<Fault> faults;
    const auto add = [&](std::string pointer, std::string message) {
        Fault fault{.code = FaultCode::settings_refused,
                    .pointer = std::move(pointer),
                    .message = std::move(message)};
        fault.place = settings.place_of(fault.pointer);
        faults.push_back(std::move(fault));
    };
    add(refusal.pointer, refusal.message);
    const auto details =
        registry::read_strict_json(refusal.details_json, registry::settings_limits);
    if (!details || !details->is_object()) return faults;
    const auto* const more = details->get_object().if_contains("faults");
    if (more == nullptr || !more->is_array()) return faults;
    for (const auto& fault : more->get_array()) {
        if (!fault.is_object()) continue;
        const auto* const pointer = fault.get_object().if_contains("pointer");
        const auto* const message = fault.get_object().if_contains("message");
        if (pointer == nullptr || !pointer->is_string() || message == nullptr ||
            !message->is_string()) {
            continue;
        }
        add(std::string(pointer->get_string()), std::string(message->get_string()));
    }
    return faults;
}

// Holds a request against a schema, if there is one: the verdict first, which is all that a right
// one costs.
[[nodiscard]] std::vector<Fault> check_request(const Schema* schema,
                                               std::string_view request_json) {
    if (const auto good = sdk::valid_utf8_prefix(request_json); good < request_json.size()) {
        return {{.code = FaultCode::document_syntax,
                 .message = fmt::format("is not UTF-8 text from byte {} on", good + 1),
                 .place = "the request"}};
    }
    const auto request = registry::read_strict_json(request_json, registry::settings_limits);
    if (!request) {
        return {{.code = FaultCode::document_syntax,
                 .pointer = request.error().pointer,
                 .message = registry::describe(request.error()),
                 .place = "the request"}};
    }
    if (schema == nullptr || schema->accepts(*request)) return {};
    auto faults = schema->explain_request(*request);
    for (auto& fault : faults)
        fault.place = "the request";
    return faults;
}

} // namespace

struct Host::Impl {
    explicit Impl(HostOptions given)
        : options(std::move(given)), immortals(make_immortals(options)),
          connectors(root_options(options), full_policy(options), trusted_files()) {}

    // Everything that a reference comes to, short of running anything.
    struct Prepared {
        registry::Bundle bundle;
        std::shared_ptr<const BundleSchemas> schemas;
        PreparedSettings settings;
        std::filesystem::path file = {}; // the connections file, of an alias
    };

    [[nodiscard]] Expected<Prepared> prepare(const Reference& reference);
    [[nodiscard]] Expected<Prepared> prepare_alias(const Reference& reference);
    [[nodiscard]] Expected<Prepared> prepare_url(const Reference& reference);
    [[nodiscard]] Expected<Prepared> prepare_settings(const Reference& reference);
    [[nodiscard]] Expected<Prepared> prepare_raw(const registry::Bundle& bundle, RawSettings raw,
                                                 const Reference& reference);

    [[nodiscard]] Expected<std::shared_ptr<const BundleSchemas>>
    read_schemas(const registry::Bundle& bundle);
    [[nodiscard]] Expected<ConnectionsFile> read_connections() const;

    const HostOptions options;
    Immortals& immortals;
    Connectors connectors;

    std::mutex mutex;
    std::map<std::filesystem::path, std::shared_ptr<const BundleSchemas>> schemas; // by bundle
};

Expected<ConnectionsFile> Host::Impl::read_connections() const {
    if (!options.connections_file.empty()) return read_connections_file(options.connections_file);
    const auto found = find_connections_file(options.use_environment);
    if (!found) return std::unexpected(found.error());
    return read_connections_file(*found);
}

Expected<std::shared_ptr<const BundleSchemas>>
Host::Impl::read_schemas(const registry::Bundle& bundle) {
    {
        const std::scoped_lock lock(mutex);
        const auto known = schemas.find(bundle.directory);
        if (known != schemas.end()) return known->second;
    }
    auto checked = check_bundle_schemas(bundle);
    if (!checked.schemas) { // they were changed since the bundle was found
        const auto& refusal = checked.findings.front().refusal;
        return std::unexpected(Error{.code = ErrorCode::connector_refused,
                                     .message = refusal.message,
                                     .pointer = refusal.pointer,
                                     .connector = bundle.manifest->id.text()});
    }
    auto shared = std::make_shared<const BundleSchemas>(std::move(*checked.schemas));
    const std::scoped_lock lock(mutex);
    return schemas.insert_or_assign(bundle.directory, std::move(shared)).first->second;
}

Expected<Host::Impl::Prepared> Host::Impl::prepare(const Reference& reference) {
    auto prepared = [&] {
        switch (reference.kind()) {
        case Reference::Kind::alias:
            return prepare_alias(reference);
        case Reference::Kind::url:
            return prepare_url(reference);
        case Reference::Kind::settings:
            break;
        }
        return prepare_settings(reference);
    }();
    if (!prepared) prepared.error().reference = reference.text();
    return prepared;
}

Expected<Host::Impl::Prepared> Host::Impl::prepare_alias(const Reference& reference) {
    const auto file = read_connections();
    if (!file) return std::unexpected(file.error());
    const auto entry = file->find(reference.connector(), reference.alias());
    if (!entry) return std::unexpected(entry.error());
    const auto found = connectors.find((*entry)->id ? (*entry)->id->text() : (*entry)->connector);
    if (!found) return std::unexpected(found.error());
    auto prepared = prepare_raw(found->bundle,
                                {.value = (*entry)->settings,
                                 .positions = (*entry)->positions,
                                 .origin = registry::show(file->path),
                                 .directory = std::filesystem::absolute(file->path).parent_path()},
                                reference);
    if (prepared) prepared->file = file->path;
    return prepared;
}

Expected<Host::Impl::Prepared> Host::Impl::prepare_url(const Reference& reference) {
    const auto colon = reference.url().find(':');
    const auto scheme = lower_case(reference.url().substr(0, colon));
    const auto url = scheme + reference.url().substr(colon);
    const auto bundle = connectors.find_by_scheme(scheme);
    if (!bundle) return std::unexpected(bundle.error());
    return prepare_raw(
        *bundle,
        {.value = json::object{{"connection", json::object{{"method", "url"}, {"url", url}}}},
         .positions = {},
         .origin = "the URL",
         .kind = Origin::Kind::url,
         .directory = {},
         .has_references = false},
        reference);
}

Expected<Host::Impl::Prepared> Host::Impl::prepare_settings(const Reference& reference) {
    const auto found = connectors.find(reference.connector());
    if (!found) return std::unexpected(found.error());
    auto document =
        read_document(reference.origin(), reference.settings(), settings_document_limits);
    if (!document) {
        return std::unexpected(
            invalid_settings({fault_of(document.error(), reference.origin())}, reference.origin()));
    }
    if (document->value.is_null()) document->value.emplace_object(); // an empty file sets nothing
    return prepare_raw(found->bundle,
                       {.value = std::move(document->value),
                        .positions = std::move(document->positions),
                        .origin = reference.origin(),
                        .directory = std::filesystem::absolute(reference.origin()).parent_path()},
                       reference);
}

Expected<Host::Impl::Prepared> Host::Impl::prepare_raw(const registry::Bundle& bundle,
                                                       RawSettings raw,
                                                       const Reference& reference) {
    const auto found = read_schemas(bundle);
    if (!found) return std::unexpected(found.error());
    Surroundings surroundings{.variable = read_variable, .directory = raw.directory};
    return Prepared{bundle, *found,
                    PreparedSettings(std::move(raw), reference.overrides(), (*found)->settings,
                                     std::move(surroundings))};
}

Host::Host(HostOptions options) : impl_(std::make_shared<Impl>(std::move(options))) {}

std::vector<registry::Bundle> Host::connectors() const {
    return impl_->connectors.all();
}

void Host::refresh() {
    impl_->connectors.refresh();
    const std::scoped_lock lock(impl_->mutex);
    impl_->schemas.clear();
}

Expected<Resolution> Host::find_connector(std::string_view name) const {
    return impl_->connectors.find(name);
}

Expected<Inspection> Host::inspect(const std::filesystem::path& path) const {
    std::error_code failed;
    const auto target = std::filesystem::canonical(path, failed);
    if (failed) return std::unexpected(nothing_there(path, failed.message()));
    Inspection inspection;
    if (std::filesystem::is_directory(target)) {
        inspection.bundle = impl_->connectors.examine(target);
        if (inspection.bundle->manifest) inspection.library = inspection.bundle->library_file();
    } else {
        inspection.library = target;
    }
    if (inspection.library.empty()) return inspection;
    auto facts = registry::inspect_library(inspection.library);
    if (facts) {
        inspection.library_faults = registry::find_library_faults(*facts, inspection.library);
        inspection.facts = std::move(*facts);
    } else {
        inspection.library_faults.push_back(std::move(facts.error()));
    }
    return inspection;
}

Expected<registry::Installed> Host::install(const std::filesystem::path& bundle) const {
    const auto root = registry::find_install_root();
    if (!root) {
        return std::unexpected(Error{.code = ErrorCode::io,
                                     .message = "this user has no directory to install into",
                                     .hint = "set HOME or XDG_DATA_HOME"});
    }
    registry::InstallOptions options{
        .root = *root, .trust = impl_->connectors.trust(), .check = {}};
    options.check = [](const registry::Bundle& copy) -> std::optional<registry::Refusal> {
        auto findings = check_bundle_schemas(copy).findings;
        if (findings.empty()) return std::nullopt;
        return std::move(findings.front().refusal);
    };
    auto installed = registry::install_bundle(bundle, options);
    if (!installed) return std::unexpected(error_of(installed.error()));
    impl_->connectors.refresh();
    return std::move(*installed);
}

Expected<registry::Bundle> Host::remove(std::string_view name) const {
    const auto root = registry::find_install_root();
    if (!root) {
        return std::unexpected(Error{.code = ErrorCode::connector_unknown,
                                     .message = "this user has installed nothing"});
    }
    auto removed = registry::remove_bundle(name, *root);
    if (!removed) return std::unexpected(error_of(removed.error()));
    impl_->connectors.refresh();
    return std::move(*removed);
}

Expected<std::string> Host::settings_schema(std::string_view connector, bool inlined) const {
    const auto found = impl_->connectors.find(connector);
    if (!found) return std::unexpected(found.error());
    if (!inlined)
        return read_text_file(found->bundle.settings_schema_file(),
                              registry::schema_limits.max_bytes);
    const auto schemas = impl_->read_schemas(found->bundle);
    if (!schemas) return std::unexpected(schemas.error());
    const auto document = inline_references((*schemas)->settings);
    if (!document) {
        return std::unexpected(invalid_settings(
            {document.error()}, registry::show(found->bundle.settings_schema_file())));
    }
    return json::serialize(*document);
}

Expected<std::string> Host::request_schema(std::string_view connector) const {
    const auto found = impl_->connectors.find(connector);
    if (!found) return std::unexpected(found.error());
    if (found->bundle.manifest->request_schema.empty()) {
        return std::unexpected(Error{
            .code = ErrorCode::unsupported,
            .message = fmt::format("the connector {} does not read", found->bundle.id->name)});
    }
    return read_text_file(found->bundle.request_schema_file(), registry::schema_limits.max_bytes);
}

Expected<std::vector<Fault>>
Host::validate_document(const std::filesystem::path& schema_file,
                        const std::filesystem::path& document_file) const {
    const auto read = [](const std::filesystem::path& file,
                         const YamlLimits& limits) -> Expected<PositionedDocument> {
        const auto text = read_text_file(file, limits.max_bytes);
        if (!text) return std::unexpected(text.error());
        auto document = read_document(file, *text, limits);
        if (document) return std::move(*document);
        const auto origin = registry::show(file);
        return std::unexpected(invalid_settings({fault_of(document.error(), origin)}, origin));
    };
    auto schema_document = read(schema_file, foreign_document_limits);
    if (!schema_document) return std::unexpected(std::move(schema_document.error()));
    auto schema = Schema::compile(std::move(schema_document->value));
    if (!schema) {
        return std::unexpected(
            invalid_settings(std::move(schema.error()), registry::show(schema_file)));
    }
    const auto document = read(document_file, foreign_document_limits);
    if (!document) {
        // A text that is no document has a fault like any other.
        if (!document.error().faults.empty()) return document.error().faults;
        return std::unexpected(document.error());
    }
    auto faults = schema->explain(document->value);
    for (auto& fault : faults) {
        const auto at = document->positions.find(fault.pointer);
        fault.place = at == document->positions.end()
                          ? registry::show(document_file)
                          : fmt::format("{}, line {}, column {}", registry::show(document_file),
                                        at->second.line, at->second.column);
    }
    return faults;
}

Expected<std::vector<Reference>> Host::references() const {
    const auto file = impl_->read_connections();
    if (!file) return std::unexpected(file.error());
    std::vector<Reference> references;
    for (const auto& entry : file->entries) {
        auto reference = Reference::parse(fmt::format("@{}.{}", entry.connector, entry.alias));
        if (!reference) return std::unexpected(std::move(reference.error()));
        references.push_back(std::move(*reference));
    }
    return references;
}

Expected<std::vector<Fault>> Host::validate(const Reference& reference) const {
    const auto prepared = impl_->prepare(reference);
    if (!prepared) {
        // Settings that are no document have faults like any others.
        if (!prepared.error().faults.empty()) return prepared.error().faults;
        return std::unexpected(prepared.error());
    }
    if (!prepared->settings.faults().empty()) return prepared->settings.faults();
    const auto library = load_library(prepared->bundle);
    if (!library) return std::unexpected(library.error());
    const auto& services = impl_->immortals.services_for(*prepared->bundle.id);
    const auto frame = std::make_shared<CallFrame>(services, CallOptions{});
    const SecretMasker::Lease secrets(impl_->immortals.masker, prepared->settings.known_secrets());
    const auto checked = check_settings(**library, prepared->settings.json_to_check(), frame,
                                        impl_->immortals.masker);
    if (checked) return std::vector<Fault>();
    if (checked.error().code != ErrorCode::invalid_settings) {
        return std::unexpected(checked.error());
    }
    return faults_of_refusal(checked.error(), prepared->settings);
}

Expected<EffectiveSettings> Host::show(const Reference& reference) const {
    const auto prepared = impl_->prepare(reference);
    if (!prepared) return std::unexpected(prepared.error());
    if (!prepared->settings.faults().empty()) {
        auto error = invalid_settings(prepared->settings.faults(), reference.text());
        error.reference = reference.text();
        return std::unexpected(std::move(error));
    }
    return EffectiveSettings{.connector = prepared->bundle.id->text(),
                             .json = prepared->settings.json_to_show(),
                             .origins = prepared->settings.origins(),
                             .file = prepared->file};
}

Expected<Connection> Host::connect(const Reference& reference) const {
    auto prepared = impl_->prepare(reference);
    if (!prepared) return std::unexpected(prepared.error());
    if (!prepared->settings.faults().empty()) {
        auto error = invalid_settings(prepared->settings.faults(), reference.text());
        error.reference = reference.text();
        return std::unexpected(std::move(error));
    }
    ConnectionConfig config;
    config.reference = reference.text();
    config.settings_json = prepared->settings.json_to_check();
    // Before any session asks for the rest: check_settings may speak of what it was given.
    auto secrets = std::make_shared<const SecretMasker::Lease>(impl_->immortals.masker,
                                                               prepared->settings.known_secrets());
    config.resolve = [settings =
                          std::make_shared<const PreparedSettings>(std::move(prepared->settings)),
                      secrets = std::move(secrets)] { return settings->resolve(); };
    config.check_request = [schemas = prepared->schemas](std::string_view request_json) {
        return host::check_request(schemas->request ? &*schemas->request : nullptr, request_json);
    };
    config.services = &impl_->immortals.services_for(*prepared->bundle.id);
    config.masker = &impl_->immortals.masker;
    config.bundle = std::move(prepared->bundle);
    return Connection(std::make_shared<Connection::Impl>(std::move(config)));
}

Expected<LintReport> Host::lint(const std::filesystem::path& path) const {
    std::error_code failed;
    const auto target = std::filesystem::canonical(path, failed);
    if (failed) return std::unexpected(nothing_there(path, failed.message()));
    if (!std::filesystem::is_directory(target)) return lint_schema_file(target);
    return lint_bundle(target, impl_->connectors.trust(), ledger_file());
}

std::string_view version() {
    return PATCHBAY_VERSION;
}

std::string_view abi_version() {
    static const std::string text = fmt::format("{}.{}", PATCHBAY_ABI_MAJOR, PATCHBAY_ABI_MINOR);
    return text;
}

} // namespace patchbay::host
