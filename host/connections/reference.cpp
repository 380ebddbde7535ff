// SPDX-License-Identifier: Apache-2.0
// What a person types to say which source is meant.

#include <host/settings/url_secrets.hpp>
#include <patchbay/host/reference.hpp>
#include <patchbay/sdk/text.hpp>
#include <registry/printable_text.hpp>

#include <fmt/format.h>

namespace patchbay::host {

Expected<Reference> Reference::parse(std::string_view text) {
    if (const auto good = sdk::valid_utf8_prefix(text); good < text.size()) {
        // Not shown: nobody can tell where in it a secret stands.
        return std::unexpected(Error{
            .code = ErrorCode::reference_invalid,
            .message = fmt::format("the reference is not UTF-8 text from byte {} on", good + 1),
            .hint = "in a URL, write other bytes as %XX"});
    }
    Reference reference;
    if (text.starts_with('@')) {
        const auto dot = text.find('.');
        reference.kind_ = Kind::alias;
        reference.connector_ = text.substr(1, dot == std::string_view::npos ? dot : dot - 1);
        if (dot != std::string_view::npos) reference.alias_ = text.substr(dot + 1);
        const bool alias_missing = dot != std::string_view::npos && reference.alias_.empty();
        if (!reference.connector_.empty() && !alias_missing) return reference;
    } else if (!url_scheme(text).empty()) {
        reference.kind_ = Kind::url;
        reference.url_ = text;
        return reference;
    }
    return std::unexpected(
        Error{.code = ErrorCode::reference_invalid,
              .message = fmt::format("{} names no source", registry::quote(text)),
              .hint = "write @connector.alias for an entry of the connections file, or a URL"});
}

Reference Reference::of_connector(std::string connector, std::string settings, std::string origin) {
    Reference reference;
    reference.kind_ = Kind::settings;
    reference.connector_ = std::move(connector);
    reference.settings_ = std::move(settings);
    reference.origin_ = std::move(origin);
    return reference;
}

Reference& Reference::set(std::string pointer, std::string value) {
    overrides_.emplace_back(std::move(pointer), std::move(value));
    return *this;
}

std::string Reference::text() const {
    switch (kind_) {
    case Kind::alias:
        return alias_.empty() ? '@' + connector_ : fmt::format("@{}.{}", connector_, alias_);
    case Kind::url:
        return masked_url(url_);
    case Kind::settings:
        break;
    }
    return sdk::to_utf8(fmt::format("{} with {}", connector_, origin_)); // a file has any name
}

} // namespace patchbay::host
