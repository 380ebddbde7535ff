// SPDX-License-Identifier: Apache-2.0
// The formats that assert something about a text: e-mail addresses, dates, URIs and so on.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace patchbay::host {

enum class Format : std::uint8_t {
    date,
    date_time,
    email,
    hostname,
    ipv4,
    ipv6,
    json_pointer,
    regex,
    time,
    uri,
    uri_reference,
    uuid,
};

// Nothing for a format that asserts nothing, such as "password", or that nobody knows.
[[nodiscard]] std::optional<Format> find_format(std::string_view name);

// Names of all that assert, in the order of the enumeration.
[[nodiscard]] std::span<const std::string_view> format_names();

// Takes time in proportion to the text, and hardly any memory.
[[nodiscard]] bool has_format(Format format, std::string_view text);

// What a text of that format is, for a message: "an IPv4 address such as 192.0.2.1".
[[nodiscard]] std::string_view format_description(Format format);

} // namespace patchbay::host
