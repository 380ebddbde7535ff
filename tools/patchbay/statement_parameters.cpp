// SPDX-License-Identifier: Apache-2.0
// Values for placeholders, from the command line.

#include "statement_parameters.hpp"

#include "output/terminal_text.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace patchbay::command {
namespace {

namespace json = boost::json;

[[nodiscard]] bool is_whole_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() &&
           std::ranges::all_of(text, [](char digit) { return digit >= '0' && digit <= '9'; });
}

// Blanks around a number are JSON, but no part of it.
[[nodiscard]] std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = std::min(text.find_first_not_of(blanks), text.size());
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

// A number as JSON writes them; nothing where a double cannot come near it.
[[nodiscard]] std::optional<double> read_double(std::string_view number) {
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
    const auto digits = number.substr(0, number.find_first_of("eE"));
    const bool is_zero = digits.find_first_not_of("-0.") == std::string_view::npos;
    if (value == 0 && !is_zero) return std::nullopt;
    return value;
}

// Null, boolean or number as JSON has them; anything else is text.
[[nodiscard]] Result<void> add_value(host::Parameters& parameters, std::string_view text) {
    json::error_code no_json;
    const auto value = json::parse(text, no_json);
    const auto number = without_blanks(text); // where it is one
    if (no_json || value.is_string() || value.is_structured()) {
        parameters.add(text);
    } else if (value.is_null()) {
        parameters.add_null();
    } else if (value.is_bool()) {
        parameters.add(value.get_bool());
    } else if (value.is_int64()) {
        parameters.add(value.get_int64());
    } else if (is_whole_number(number)) {
        return wrong_usage(fmt::format("--param {} does not fit into 64 bits", number),
                           "--param-text binds it as text");
    } else {
        const auto real = read_double(number);
        if (!real) {
            return wrong_usage(
                fmt::format("--param {} is beyond the range of a 64-bit float", number),
                "--param-text binds it as text");
        }
        parameters.add(*real);
    }
    return {};
}

} // namespace

Result<host::Parameters> read_parameters(const Arguments& arguments) {
    host::Parameters parameters;
    for (const auto& [name, value] : arguments.options()) {
        if (name == text_parameter_option().name) {
            parameters.add(std::string_view(value));
        } else if (name == parameter_option().name) {
            if (auto added = add_value(parameters, value); !added) {
                return std::unexpected(std::move(added).error());
            }
        }
    }
    return parameters;
}

const OptionDefinition& parameter_option() {
    static const OptionDefinition option = {
        .name = "--param",
        .value = "VALUE",
        .help = "A value for the next placeholder of the statement: null, true, false and numbers "
                "are what JSON takes them for, anything else is text.",
        .repeatable = true};
    return option;
}

const OptionDefinition& text_parameter_option() {
    static const OptionDefinition option = {.name = "--param-text",
                                            .value = "VALUE",
                                            .help = "The same, but always text.",
                                            .repeatable = true};
    return option;
}

} // namespace patchbay::command
