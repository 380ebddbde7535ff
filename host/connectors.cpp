// SPDX-License-Identifier: Apache-2.0
// Which connectors this host has: what the registry found, held to the dialect of schemas.

#include "connectors.hpp"

#include <host/bundle_schemas.hpp>
#include <registry/printable_text.hpp>
#include <registry/spelling.hpp>

#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

namespace patchbay::host {
namespace {

using registry::Bundle;
using registry::BundleState;

// Marks a usable bundle as refused where its schemas are at fault.
void check_schemas(Bundle& bundle) {
    if (bundle.state != BundleState::usable) return;
    auto findings = check_bundle_schemas(bundle).findings;
    if (findings.empty()) return;
    bundle.state = BundleState::refused;
    bundle.refusal = std::move(findings.front().refusal);
    for (std::size_t i = 1; i < findings.size(); ++i)
        bundle.more_faults.push_back(std::move(findings[i].refusal));
}

[[nodiscard]] bool has_name(const Bundle& bundle, std::string_view name) {
    return bundle.id && (bundle.id->name == name || bundle.id->text() == name);
}

[[nodiscard]] Error unknown_connector(std::string_view name, const std::vector<Bundle>& bundles) {
    std::vector<std::string_view> names;
    for (const auto& bundle : bundles)
        if (bundle.id && bundle.state == BundleState::usable) names.push_back(bundle.id->name);
    Error error{.code = ErrorCode::connector_unknown,
                .message = fmt::format("there is no connector {}", registry::quote(name)),
                .hint = "`patchbay list --all` shows what there is"};
    if (const auto similar = registry::find_similar(name, names)) {
        error.hint = fmt::format("did you mean {}? {}", registry::quote(*similar), error.hint);
    }
    return error;
}

// What a bundle without a readable ID is called: nothing but its directory says.
[[nodiscard]] bool is_nameless_at(const Bundle& bundle, std::string_view name) {
    return !bundle.id && bundle.state == BundleState::refused &&
           bundle.directory.filename() == name;
}

[[nodiscard]] bool claims_scheme(const Bundle& bundle, std::string_view scheme) {
    if (!bundle.manifest) return false;
    const auto& schemes = bundle.manifest->url_schemes;
    return std::ranges::find(schemes, scheme) != schemes.end();
}

[[nodiscard]] Error not_usable(std::string_view name, const Bundle& bundle) {
    if (bundle.state == BundleState::refused) {
        return {.code = ErrorCode::connector_refused,
                .message = fmt::format("the connector {} is refused: {}", registry::quote(name),
                                       bundle.refusal->message),
                .connector = bundle.id ? bundle.id->text() : std::string()};
    }
    return {.code = ErrorCode::connector_disabled,
            .message = fmt::format("the connector {} is disabled: {}", registry::quote(name),
                                   bundle.reason),
            .connector = bundle.id->text()};
}

} // namespace

Connectors::Connectors(registry::RootOptions roots, registry::Policy policy, registry::Trust trust)
    : roots_(std::move(roots)), policy_(std::move(policy)), trust_(std::move(trust)) {}

Connectors::Bundles Connectors::bundles() {
    const std::scoped_lock lock(mutex_);
    if (bundles_ == nullptr) {
        auto found = registry::discover(registry::find_roots(roots_), policy_, trust_);
        for (auto& bundle : found)
            check_schemas(bundle);
        bundles_ = std::make_shared<const std::vector<Bundle>>(std::move(found));
    }
    return bundles_;
}

std::vector<Bundle> Connectors::all() {
    return *bundles();
}

void Connectors::refresh() {
    const std::scoped_lock lock(mutex_);
    bundles_.reset();
}

Bundle Connectors::examine(const std::filesystem::path& directory) const {
    auto bundle = registry::examine(directory, trust_);
    check_schemas(bundle);
    return bundle;
}

Expected<Resolution> Connectors::find(std::string_view name) {
    const auto known = bundles();
    std::vector<const Bundle*> usable;
    const Bundle* other = nullptr;    // the first that has the name and cannot be used
    const Bundle* nameless = nullptr; // the first whose directory has it
    for (const auto& bundle : *known) {
        if (nameless == nullptr && is_nameless_at(bundle, name)) nameless = &bundle;
        if (!has_name(bundle, name)) continue;
        if (bundle.state == BundleState::usable) usable.push_back(&bundle);
        if (other == nullptr &&
            (bundle.state == BundleState::refused || bundle.state == BundleState::disabled)) {
            other = &bundle;
        }
    }
    if (usable.size() > 1) {
        return std::unexpected(Error{
            .code = ErrorCode::connector_ambiguous,
            .message = fmt::format("two connectors are called {}: {} in {} and {} in {}",
                                   registry::quote(name), usable[0]->id->text(),
                                   registry::show(usable[0]->directory), usable[1]->id->text(),
                                   registry::show(usable[1]->directory)),
            .hint = "write the full ID, name|uuid"});
    }
    if (other == nullptr) other = nameless;
    if (usable.empty()) {
        return std::unexpected(other == nullptr ? unknown_connector(name, *known)
                                                : not_usable(name, *other));
    }
    Resolution resolution{.bundle = *usable.front(), .shadowed = {}};
    for (const auto& bundle : *known) {
        if (bundle.state == BundleState::shadowed && bundle.id == resolution.bundle.id) {
            resolution.shadowed.push_back(bundle);
        }
    }
    return resolution;
}

Expected<Bundle> Connectors::find_by_scheme(std::string_view scheme) {
    const auto known = bundles();
    const Bundle* found = nullptr;
    const Bundle* other = nullptr; // the first that claims the scheme and cannot be used
    for (const auto& bundle : *known) {
        if (!claims_scheme(bundle, scheme)) continue;
        if (bundle.state != BundleState::usable) {
            if (other == nullptr && bundle.state != BundleState::shadowed) other = &bundle;
            continue;
        }
        if (found != nullptr) {
            return std::unexpected(
                Error{.code = ErrorCode::connector_ambiguous,
                      .message = fmt::format("two connectors claim URLs that begin with {}: {} and "
                                             "{}",
                                             registry::quote(std::string(scheme) + ':'),
                                             found->id->text(), bundle.id->text()),
                      .hint = "say which one: --connector NAME --settings FILE"});
        }
        found = &bundle;
    }
    if (found != nullptr) return *found;
    if (other != nullptr) {
        return std::unexpected(
            not_usable(other->id ? other->id->name : other->directory.filename().string(), *other));
    }
    return std::unexpected(
        Error{.code = ErrorCode::connector_unknown,
              .message = fmt::format("no connector takes URLs that begin with {}",
                                     registry::quote(std::string(scheme) + ':')),
              .hint = "`patchbay list --all` shows what there is"});
}

} // namespace patchbay::host
