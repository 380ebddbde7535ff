// SPDX-License-Identifier: Apache-2.0
// What the formats take beyond the cases of the official suite, which tests/settings runs.

#include "formats.hpp"

#include "schema_for_test.hpp"

using patchbay::host::find_format;
using patchbay::host::Format;
using patchbay::host::format_description;
using patchbay::host::format_names;
using patchbay::host::has_format;

TEST_CASE("formats tell right from wrong", "[settings][formats]") {
    struct Case {
        std::string_view text;
        Format format;
        bool right;
    };
    const std::string long_label(64, 'a');
    const std::string long_name = std::string(62, 'a') + "." + std::string(63, 'b') + "." +
                                  std::string(63, 'c') + "." + std::string(63, 'd');
    const Case cases[] = {
        {"2024-02-29", Format::date, true},
        {"2023-02-29", Format::date, false},
        {"1900-02-29", Format::date, false},
        {"2000-02-29", Format::date, true},
        {"2024-00-01", Format::date, false},
        {"2024-01-00", Format::date, false},
        {"2024-1-01", Format::date, false},
        {"2024-02-29T23:59:60Z", Format::date_time, true},
        {"2024-02-29 12:00:00Z", Format::date_time, false},
        {"2024-02-29T12:00:00", Format::date_time, false},
        {"12:00:00.Z", Format::time, false},
        {"00:59:60+01:00", Format::time, true},
        {"ana@example.org", Format::email, true},
        {"ana@localhost", Format::email, true},
        {R"("ana maria"@example.org)", Format::email, true},
        {R"("a\"b"@example.org)", Format::email, true},
        {R"("a"b"@example.org)", Format::email, false},
        {R"("a\"@example.org)", Format::email, false},
        {"ana@[192.0.2.1]", Format::email, true},
        {"ana@[IPv6:2001:db8::1]", Format::email, true},
        {"ana@[2001:db8::1]", Format::email, false},
        {"ana maria@example.org", Format::email, false},
        {"@example.org", Format::email, false},
        {"ana@", Format::email, false},
        {"db-1.example.org", Format::hostname, true},
        {"db.example.org.", Format::hostname, false},
        {"caf\u00e9.example", Format::hostname, false},
        {long_label, Format::hostname, false},
        {long_name, Format::hostname, false},
        {std::string_view(long_name).substr(1), Format::hostname, true},
        {"255.255.255.255", Format::ipv4, true},
        {"1.2.3.", Format::ipv4, false},
        {"1.2.3.4.", Format::ipv4, false},
        {"1..3.4", Format::ipv4, false},
        {"1.2.3.0004", Format::ipv4, false},
        {"::ffff:192.0.2.1", Format::ipv6, true},
        {"1::2:3:4:5:6:7", Format::ipv6, true},
        {"1::2:3:4:5:6:7:8", Format::ipv6, false},
        {"192.0.2.1::", Format::ipv6, false},
        {"::1:", Format::ipv6, false},
        {":1::", Format::ipv6, false},
        {"::1%eth0", Format::ipv6, false},
        {"/a~1b/~0", Format::json_pointer, true},
        {"/a~", Format::json_pointer, false},
        {"(?=a)b", Format::regex, true}, // right, though no pattern of ours may use it
        {"(a", Format::regex, false},
        {"https://ana@example.org:1/p?q#f", Format::uri, true},
        {"../p", Format::uri, false},
        {"https://example.org/a b", Format::uri, false},
        {"../p", Format::uri_reference, true},
        {"\\p", Format::uri_reference, false},
        {"2eb8aa08-aa98-11ea-b4aa-73b441d16380", Format::uuid, true},
        {"2EB8AA08-AA98-11EA-B4AA-73B441D16380", Format::uuid, true},
        {"2eb8aa08aa9811eab4aa73b441d16380", Format::uuid, false},
        {"2eb8aa08-aa98-11ea-b4aa-73b441d1638g", Format::uuid, false},
    };
    for (const auto& [text, format, right] : cases) {
        INFO(format_names()[static_cast<std::size_t>(format)] << ": " << text);
        CHECK(has_format(format, text) == right);
    }
}

TEST_CASE("every format is found by its name and described by an example of it",
          "[settings][formats]") {
    for (const auto name : format_names()) {
        INFO(name);
        const auto format = find_format(name);
        REQUIRE(format.has_value());
        const auto description = format_description(*format);
        const auto such = description.find(" such as ");
        if (such == std::string_view::npos) continue;
        const auto example = description.substr(such + 9);
        INFO(example);
        CHECK(has_format(*format, example.substr(0, example.find(' '))));
    }
    CHECK_FALSE(find_format("password").has_value());
    CHECK_FALSE(find_format("hostnam").has_value());
}
