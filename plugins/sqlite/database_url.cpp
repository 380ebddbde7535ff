// SPDX-License-Identifier: Apache-2.0
// URLs of databases: sqlite:///srv/shop.db?mode=read-only

#include "database_url.hpp"

#include "ascii_case.hpp"
#include "settings.hpp"

#include <patchbay/sdk/text.hpp>

#include <boost/url/parse.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace patchbay::sqlite {

namespace {

constexpr std::string_view right_form = "write sqlite:///directory/file with an absolute path";

sdk::Error invalid(std::string message) {
    return {.code = PATCHBAY_INVALID_SETTINGS, .message = std::move(message)};
}

// What is wrong with the parts of a URL that parses; empty: nothing.
std::string fault_of(const boost::urls::url_view& url) {
    if (!equal_ignoring_case(url.scheme(), "sqlite")) {
        return fmt::format("the URL has the scheme \"{}\"; {}", std::string(url.scheme()),
                           right_form);
    }
    if (url.has_userinfo() || url.has_port()) {
        return fmt::format("a file has neither user nor port; {}", right_form);
    }
    if (!url.encoded_host().empty()) {
        return fmt::format(
            "\"{}\" stands where other URLs have a host; relative paths have no URL, "
            "so {}",
            std::string(url.encoded_host()), right_form);
    }
    if (!url.has_authority() || url.encoded_path().empty()) {
        return fmt::format("the URL has no absolute path behind \"sqlite://\"; {}", right_form);
    }
    if (url.has_fragment()) {
        return "a URL of a database has no fragment; write a # in a path as %23";
    }
    return {};
}

// What is wrong with a text that a part of a URL decodes to; empty: nothing.
std::string_view fault_of_text(std::string_view text) {
    if (text.contains('\0')) return "a text with a NUL (%00) inside";
    return sdk::is_utf8(text) ? "" : "what is no UTF-8 text";
}

} // namespace

sdk::Expected<DatabaseUrl> read_database_url(std::string_view text) {
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed) {
        return std::unexpected(invalid(
            fmt::format("the URL cannot be read: {}; {}; blanks and other special characters are "
                        "written as %20 and so on",
                        parsed.error().message(), right_form)));
    }
    const boost::urls::url_view& url = *parsed;
    if (auto fault = fault_of(url); !fault.empty()) return std::unexpected(invalid(fault));

    DatabaseUrl result;
    result.path = url.path();
    if (const auto fault = fault_of_text(result.path); !fault.empty()) {
        return std::unexpected(invalid(fmt::format("the URL's path decodes to {}", fault)));
    }
    if (result.path == fmt::format("/{}", Settings::memory_path)) {
        result.path = Settings::memory_path;
    }
    for (const auto& option : url.params()) {
        for (const auto& part : {option.key, option.value}) {
            if (const auto fault = fault_of_text(part); !fault.empty()) {
                return std::unexpected(
                    invalid(fmt::format("a parameter of the URL decodes to {}", fault)));
            }
        }
        if (!option.has_value) {
            return std::unexpected(
                invalid(fmt::format("the URL's parameter \"{}\" has no value", option.key)));
        }
        result.options.emplace_back(option.key, option.value);
    }
    return result;
}

} // namespace patchbay::sqlite
