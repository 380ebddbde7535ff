// SPDX-License-Identifier: Apache-2.0
// What of a URL may be secret. By hand, because the URLs of databases are often none to a parser:
// several hosts, a slash in the password.

#include "url_secrets.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace patchbay::host {
namespace {

constexpr auto npos = std::string_view::npos;

} // namespace

std::string_view url_scheme(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto colon = text.find(':');
    if (colon == npos || colon == 0 || !is_letter(text.front())) return {};
    const auto scheme = text.substr(0, colon);
    const bool valid = std::ranges::all_of(scheme, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
    return valid ? scheme : std::string_view();
}

bool resembles_url(std::string_view text) {
    const auto scheme = url_scheme(text);
    if (scheme.empty()) return false;
    return text.substr(scheme.size()).starts_with("://") || text.find_first_of(" \t\r\n") == npos;
}

std::string masked_url(std::string_view url) {
    const auto slashes = url.find("//");
    if (slashes == npos) return fmt::format("{}:***", url.substr(0, url.find(':')));
    const auto authority = slashes + 2;
    const auto colon = std::min(url.find(':', authority), url.size());
    const auto query = std::min(url.find_first_of("?#", authority), url.size());
    const auto at = url.find('@', authority) == npos ? 0 : url.rfind('@');
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

std::string masked_open_text(std::string_view text) {
    const bool may_be_secret = resembles_url(text) && text.find_first_of("@?#") != npos;
    return may_be_secret ? masked_url(text) : std::string(text);
}

std::string_view url_password(std::string_view url) {
    constexpr std::string_view begin = "://";
    const auto start = url.find(begin);
    if (start == npos) return {};
    const auto authority = start + begin.size();
    const auto path = url.find_first_of("/?#", authority);
    auto at = url.rfind('@', path);
    if (at == npos || at < authority) at = url.rfind('@');
    const auto colon = url.find(':', authority);
    return at != npos && colon < at ? url.substr(colon + 1, at - colon - 1) : std::string_view();
}

std::vector<std::pair<std::string_view, std::string_view>> url_parameters(std::string_view url) {
    std::vector<std::pair<std::string_view, std::string_view>> parameters;
    const auto mark = url.find('?');
    auto rest = mark == npos ? std::string_view() : url.substr(mark + 1);
    while (!rest.empty()) {
        const auto end = std::min(rest.find_first_of("&#"), rest.size());
        const auto parameter = rest.substr(0, end);
        if (const auto equals = parameter.find('='); equals != npos) {
            parameters.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return parameters;
}

} // namespace patchbay::host
