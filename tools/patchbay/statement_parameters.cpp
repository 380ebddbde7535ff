// SPDX-License-Identifier: Apache-2.0
// Values for placeholders, from the command line.

#include "statement_parameters.hpp"

#include "output/terminal_text.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace patchbay::command {
namespace {

namespace json = boost::json;

[[nodiscard]] bool is_whole_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() &&
           std::ranges::all_of(text, [](char digit) { return digit >= '0' && digit <= '9'; });
}

// Null, boolean or number as JSON has them; anything else is text.
[[nodiscard]] Result<void> add_value(host::Parameters& parameters, std::string_view text) {
    json::error_code no_json;
    const auto value = json::parse(text, no_json);
    if (no_json) {
        parameters.add(text);
    } else if (value.is_null()) {
        parameters.add_null();
    } else if (value.is_bool()) {
        parameters.add(value.get_bool());
    } else if (value.is_int64()) {
        parameters.add(value.get_int64());
    } else if (value.is_number() && is_whole_number(text)) {
        return wrong_usage(fmt::format("--param {} does not fit into 64 bits", text),
                           "--param-text binds it as text");
    } else if (value.is_number()) {
        parameters.add(value.to_number<double>());
    } else {
        parameters.add(text);
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
