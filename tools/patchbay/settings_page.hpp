// SPDX-License-Identifier: Apache-2.0
// A schema of settings as a page for people.
#pragma once

#include <patchbay/registry/bundle.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::command {

// One setting, or a part of the page.
struct Setting {
    std::string pointer; // "/connection/port"; a list's items are "/hosts/*"
    std::string type;    // "text", "integer", "one of a, b", ...
    bool required = false;
    bool inferred = false; // required, but filled in where the keys beside it leave one choice
    bool secret = false;
    std::string default_text; // as JSON; empty = none
    std::string title;
    std::string description; // with bounds and choices spelt out
};

// Settings that are there together: of the whole, or of one branch of a choice.
struct SettingGroup {
    std::string heading; // "/connection with method "params": Connection parameters", or empty
    std::vector<Setting> settings;
};

// What a person must know about it being there: "required", "optional where other keys tell", or
// nothing.
[[nodiscard]] std::string_view presence_text(const Setting& setting);

// Reads a schema whose references are inlined. What has no place in such a page is left out; the
// schema itself says everything.
[[nodiscard]] std::vector<SettingGroup> read_settings_page(const boost::json::value& schema);

// A reference page in Markdown.
[[nodiscard]] std::string markdown_page(const registry::Manifest& manifest,
                                        const std::vector<SettingGroup>& groups);

} // namespace patchbay::command
