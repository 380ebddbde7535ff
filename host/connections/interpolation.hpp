// SPDX-License-Identifier: Apache-2.0
// ${VAR}, ${VAR:-default} and ${file:path} inside the text values of settings.
#pragma once

#include <patchbay/host/error.hpp>

#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// A text that may refer to things outside the file it stands in.
struct Template {
    struct Part {
        enum class Kind { literal, variable, file };
        Kind kind;
        std::string text;                    // the literal, the variable's name, the file's path
        std::optional<std::string> fallback; // of a variable that is unset or empty
    };
    std::vector<Part> parts;

    // Whether there is anything to look up.
    [[nodiscard]] bool refers() const;

    // Whether the text is one reference and nothing else, so that its value may become a number.
    [[nodiscard]] bool is_one_reference() const;

    // "${PGPASSWORD}": the references as they were written, without their fallbacks.
    [[nodiscard]] std::string describe() const;
};

// Takes a text apart. "$${" stands for "${" itself; any other "$" is a dollar sign. A reference
// does not nest.
//
// Errors: what is wrong with the text, for a person: "${" without "}", no name.
[[nodiscard]] std::expected<Template, std::string> read_template(std::string_view text);

// Where references are looked up.
struct Surroundings {
    // The value of an environment variable; nothing where it is unset.
    std::function<std::optional<std::string>(const std::string& name)> variable;
    std::filesystem::path directory; // what a relative path of ${file:} is relative to
};

// The process's own environment.
[[nodiscard]] std::optional<std::string> read_variable(const std::string& name);

struct Expansion {
    std::string text;
    bool from_outside = false; // false where only fallbacks were used, which stand in the file
};

// Puts in what the references stand for. What comes from outside is data: it is not looked at
// again.
//
// A file has at most 64 KiB of UTF-8; one line break at its end is dropped.
//
// Errors: value_unresolved, naming the variable or file.
[[nodiscard]] Expected<Expansion> expand(const Template& text, const Surroundings& surroundings);

} // namespace patchbay::host
