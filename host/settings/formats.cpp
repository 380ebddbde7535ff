// SPDX-License-Identifier: Apache-2.0
// The formats that assert something about a text: e-mail addresses, dates, URIs and so on.

#include "formats.hpp"

#include "ecma_pattern.hpp"

#include <boost/url/parse.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>

namespace patchbay::host {
namespace {

constexpr std::string_view names[] = {
    "date",         "date-time", "email", "hostname", "ipv4",          "ipv6",
    "json-pointer", "regex",     "time",  "uri",      "uri-reference", "uuid",
};

constexpr std::string_view descriptions[] = {
    "a date such as 2024-02-29",
    "a date and time such as 2024-02-29T12:30:00Z",
    "an e-mail address such as ana@example.org",
    "a host name such as db.example.org",
    "an IPv4 address such as 192.0.2.1",
    "an IPv6 address such as 2001:db8::1",
    "a JSON Pointer such as /a/0",
    "a regular expression as JavaScript reads it",
    "a time of day such as 12:30:00Z or 12:30:00+02:00",
    "a URI such as https://example.org/a",
    "a URI or a relative reference such as ../a",
    "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A text that is taken from its front.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool ended() const { return rest_.empty(); }

    bool take(char expected) {
        if (rest_.empty() || rest_.front() != expected) return false;
        rest_.remove_prefix(1);
        return true;
    }

    // Exactly two digits; -1 where they are not there.
    int take_two_digits() {
        if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) return -1;
        const int value = (rest_[0] - '0') * 10 + (rest_[1] - '0');
        rest_.remove_prefix(2);
        return value;
    }

    std::size_t skip_digits() {
        const auto end = std::ranges::find_if_not(rest_, is_digit);
        const auto count = static_cast<std::size_t>(end - rest_.begin());
        rest_.remove_prefix(count);
        return count;
    }

  private:
    std::string_view rest_;
};

// RFC 3339, full-date.
bool take_date(Cursor& text) {
    const int century = text.take_two_digits();
    const int of_century = text.take_two_digits();
    if (century < 0 || of_century < 0 || !text.take('-')) return false;
    const int month = text.take_two_digits();
    if (month < 1 || month > 12 || !text.take('-')) return false;
    const int day = text.take_two_digits();
    const int year = century * 100 + of_century;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int last = month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
    return day >= 1 && day <= last;
}

// RFC 3339, full-time. A leap second is the last one of a day in UTC.
bool take_time(Cursor& text) {
    const int hour = text.take_two_digits();
    if (hour < 0 || hour > 23 || !text.take(':')) return false;
    const int minute = text.take_two_digits();
    if (minute < 0 || minute > 59 || !text.take(':')) return false;
    const int second = text.take_two_digits();
    if (second < 0 || second > 60) return false;
    if (text.take('.') && text.skip_digits() == 0) return false;

    int offset_minutes = 0;
    if (!text.take('Z') && !text.take('z')) {
        const bool east = text.take('+');
        if (!east && !text.take('-')) return false;
        const int offset_hour = text.take_two_digits();
        if (offset_hour < 0 || offset_hour > 23 || !text.take(':')) return false;
        const int offset_minute = text.take_two_digits();
        if (offset_minute < 0 || offset_minute > 59) return false;
        offset_minutes = (offset_hour * 60 + offset_minute) * (east ? 1 : -1);
    }
    if (second < 60) return true;
    constexpr int day_minutes = 24 * 60;
    return (hour * 60 + minute - offset_minutes + day_minutes) % day_minutes == day_minutes - 1;
}

bool is_date(std::string_view text) {
    Cursor cursor(text);
    return take_date(cursor) && cursor.ended();
}

bool is_time(std::string_view text) {
    Cursor cursor(text);
    return take_time(cursor) && cursor.ended();
}

bool is_date_time(std::string_view text) {
    Cursor cursor(text);
    return take_date(cursor) && (cursor.take('T') || cursor.take('t')) && take_time(cursor) &&
           cursor.ended();
}

// RFC 1123, section 2.1: labels of letters, digits and inner hyphens.
bool is_hostname(std::string_view text) {
    constexpr std::size_t max_name = 253;
    constexpr std::size_t max_label = 63;
    if (text.empty() || text.size() > max_name) return false;
    while (true) {
        const auto dot = text.find('.');
        const auto label = text.substr(0, dot);
        if (label.empty() || label.size() > max_label || label.front() == '-' ||
            label.back() == '-' ||
            !std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; })) {
            return false;
        }
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

// RFC 2673, section 3.2: four decimals without leading zeros, which some take for octal.
bool is_ipv4(std::string_view text) {
    for (int part = 0; part < 4; ++part) {
        const auto dot = text.find('.');
        if ((dot == std::string_view::npos) != (part == 3)) return false;
        const auto digits = text.substr(0, dot);
        if (digits.empty() || digits.size() > 3 || !std::ranges::all_of(digits, is_digit) ||
            (digits.size() > 1 && digits.front() == '0')) {
            return false;
        }
        int value = 0;
        for (const char c : digits)
            value = value * 10 + (c - '0');
        if (value > 255) return false;
        if (dot != std::string_view::npos) text.remove_prefix(dot + 1);
    }
    return true;
}

// How many of the eight groups of an IPv6 address a run of them without "::" makes; -1 where it is
// none. An IPv4 address at the very end counts as two.
int count_ipv6_groups(std::string_view run, bool may_end_in_ipv4) {
    int groups = 0;
    while (!run.empty()) {
        const auto colon = run.find(':');
        const auto group = run.substr(0, colon);
        if (colon == std::string_view::npos && may_end_in_ipv4 && group.contains('.')) {
            return is_ipv4(group) ? groups + 2 : -1;
        }
        if (group.empty() || group.size() > 4 || !std::ranges::all_of(group, is_hex)) return -1;
        if (++groups > 8) return -1;
        if (colon == std::string_view::npos) break;
        run.remove_prefix(colon + 1);
        if (run.empty()) return -1; // ends in a colon
    }
    return groups;
}

// RFC 4291, section 2.2, without zone.
bool is_ipv6(std::string_view text) {
    const auto gap = text.find("::");
    if (gap == std::string_view::npos) return count_ipv6_groups(text, true) == 8;
    const auto before = count_ipv6_groups(text.substr(0, gap), false);
    const auto after = count_ipv6_groups(text.substr(gap + 2), true);
    return before >= 0 && after >= 0 && before + after <= 7;
}

// RFC 5321, section 4.1.2: Mailbox.
bool is_email(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0) return false;
    const auto local = text.substr(0, at);
    auto domain = text.substr(at + 1);

    if (local.size() >= 2 && local.front() == '"' && local.back() == '"') {
        const auto quoted = local.substr(1, local.size() - 2);
        for (std::size_t i = 0; i < quoted.size(); ++i) {
            if (quoted[i] == '"') return false;
            if (quoted[i] == '\\') ++i;
            if (i == quoted.size()) return false;
            if (quoted[i] < ' ' || quoted[i] > '~') return false;
        }
    } else {
        char before = '.';
        for (const char c : local) {
            const bool atom =
                is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c);
            if (!atom && (c != '.' || before == '.')) return false;
            before = c;
        }
        if (before == '.') return false;
    }

    if (domain.starts_with('[') && domain.ends_with(']')) {
        domain = domain.substr(1, domain.size() - 2);
        constexpr std::string_view tag = "IPv6:";
        return domain.starts_with(tag) ? is_ipv6(domain.substr(tag.size())) : is_ipv4(domain);
    }
    return is_hostname(domain);
}

// RFC 6901: every ~ is ~0 or ~1.
bool is_json_pointer(std::string_view text) {
    if (!text.empty() && text.front() != '/') return false;
    for (auto tilde = text.find('~'); tilde != std::string_view::npos;
         tilde = text.find('~', tilde + 1)) {
        if (tilde + 1 == text.size() || (text[tilde + 1] != '0' && text[tilde + 1] != '1')) {
            return false;
        }
    }
    return true;
}

// RFC 4122, section 3.
bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

// RFC 3986.
bool is_uri(std::string_view text, bool relative_too) {
    try {
        return relative_too ? boost::urls::parse_uri_reference(text).has_value()
                            : boost::urls::parse_uri(text).has_value();
    } catch (const std::exception&) { // a text longer than Boost.URL can count
        return false;
    }
}

} // namespace

std::optional<Format> find_format(std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == std::end(names)) return std::nullopt;
    return static_cast<Format>(found - std::begin(names));
}

std::span<const std::string_view> format_names() {
    return names;
}

bool has_format(Format format, std::string_view text) {
    switch (format) {
    case Format::date:
        return is_date(text);
    case Format::date_time:
        return is_date_time(text);
    case Format::email:
        return is_email(text);
    case Format::hostname:
        return is_hostname(text);
    case Format::ipv4:
        return is_ipv4(text);
    case Format::ipv6:
        return is_ipv6(text);
    case Format::json_pointer:
        return is_json_pointer(text);
    case Format::regex: {
        const auto pattern = read_ecma_pattern(text);
        return pattern.syntax_error.empty();
    }
    case Format::time:
        return is_time(text);
    case Format::uri:
        return is_uri(text, false);
    case Format::uri_reference:
        return is_uri(text, true);
    case Format::uuid:
        return is_uuid(text);
    }
    return true;
}

std::string_view format_description(Format format) {
    return descriptions[static_cast<std::size_t>(format)];
}

} // namespace patchbay::host
