// SPDX-License-Identifier: Apache-2.0
// What a person types to say which source is meant.

#include <patchbay/host/reference.hpp>
#include <registry/printable_text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace patchbay::host {
namespace {

[[nodiscard]] bool is_scheme(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
}

// A URL as it may be shown: what can hold a password or a token is masked. Characters that should
// have been encoded make it ambiguous where a password ends; then more is masked, never less.
[[nodiscard]] std::string masked_url(std::string_view url) {
    const auto slashes = url.find("//");
    if (slashes == std::string_view::npos) {
        return fmt::format("{}:***", url.substr(0, url.find(':')));
    }
    const auto authority = slashes + 2;
    const auto colon = std::min(url.find(':', authority), url.size());
    const auto query = std::min(url.find_first_of("?#", authority), url.size());
    const auto at = url.find('@', authority) == std::string_view::npos ? 0 : url.rfind('@');
    if (at > query) return fmt::format("{}***", url.substr(0, std::min(colon, query) + 1));

    std::string shown;
    std::size_t rest = 0;
    if (colon < at) {
        shown = fmt::format("{}***", url.substr(0, colon + 1));
        rest = at;
    }
    shown += url.substr(rest, query - rest);
    if (query < url.size()) shown += fmt::format("{}***", url[query]);
    return shown;
}

} // namespace

Expected<Reference> Reference::parse(std::string_view text) {
    Reference reference;
    if (text.starts_with('@')) {
        const auto dot = text.find('.');
        reference.kind_ = Kind::alias;
        reference.connector_ = text.substr(1, dot == std::string_view::npos ? dot : dot - 1);
        if (dot != std::string_view::npos) reference.alias_ = text.substr(dot + 1);
        const bool alias_missing = dot != std::string_view::npos && reference.alias_.empty();
        if (!reference.connector_.empty() && !alias_missing) return reference;
    } else if (const auto colon = text.find(':');
               colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
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
    return fmt::format("{} with {}", connector_, origin_);
}

} // namespace patchbay::host
