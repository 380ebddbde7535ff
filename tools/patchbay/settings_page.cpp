// SPDX-License-Identifier: Apache-2.0
// A schema of settings as a page for people.

#include "settings_page.hpp"

#include "bundle_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace patchbay::command {
namespace {

namespace json = boost::json;

const json::object no_members;

const json::object& object_of(const json::value* value) {
    return value != nullptr && value->is_object() ? value->get_object() : no_members;
}

std::string text_of(const json::object& schema, std::string_view key) {
    const auto* const value = schema.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

bool is_true(const json::object& schema, std::string_view key) {
    const auto* const value = schema.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

const json::array* list_of(const json::object& schema, std::string_view key) {
    const auto* const value = schema.if_contains(key);
    return value == nullptr ? nullptr : value->if_array();
}

bool is_required(const json::object& parent, std::string_view name) {
    const auto* const required = list_of(parent, "required");
    return required != nullptr && std::ranges::any_of(*required, [&](const json::value& entry) {
               return entry.is_string() && entry.get_string() == json::string_view(name);
           });
}

// {"const": ..., "title": ...} pairs: an enumeration whose values have names.
bool is_labelled_enum(const json::array& branches) {
    return std::ranges::all_of(branches, [](const json::value& branch) {
        return branch.is_object() && branch.get_object().contains("const") &&
               !branch.get_object().contains("properties");
    });
}

// "tcp" (over the network), or the values of an enum; empty where any value will do.
std::vector<std::string> choices_of(const json::object& schema) {
    std::vector<std::string> choices;
    if (const auto* const fixed = schema.if_contains("const")) {
        choices.push_back(json::serialize(*fixed));
    }
    if (const auto* const values = list_of(schema, "enum")) {
        for (const auto& value : *values)
            choices.push_back(json::serialize(value));
    }
    const auto* const branches = list_of(schema, "oneOf");
    if (branches == nullptr || !is_labelled_enum(*branches)) return choices;
    for (const auto& branch : *branches) {
        const auto& choice = branch.get_object();
        const auto title = text_of(choice, "title");
        auto text = json::serialize(choice.at("const"));
        if (!title.empty()) text += fmt::format(" ({})", title);
        choices.push_back(std::move(text));
    }
    return choices;
}

std::string bound_text(const json::object& schema, std::string_view key, std::string_view words) {
    const auto* const bound = schema.if_contains(key);
    return bound == nullptr ? std::string() : fmt::format("{} {}", words, json::serialize(*bound));
}

// With a full stop, where there is anything. What an author wrote keeps its first letter, which may
// begin a URL or a name.
std::string with_full_stop(std::string text) {
    if (!text.empty() && !text.ends_with('.')) text += '.';
    return text;
}

// What a value must be, beyond its type.
std::string rules_of(const json::object& schema) {
    std::vector<std::string> rules;
    const auto add = [&rules](std::string rule) {
        if (!rule.empty()) rules.push_back(std::move(rule));
    };
    if (const auto choices = choices_of(schema); !choices.empty()) {
        add(fmt::format("{} {}", choices.size() == 1 ? "Always" : "One of",
                        fmt::join(choices, ", ")));
    }
    add(bound_text(schema, "minimum", "At least"));
    add(bound_text(schema, "exclusiveMinimum", "More than"));
    add(bound_text(schema, "maximum", "At most"));
    add(bound_text(schema, "exclusiveMaximum", "Less than"));
    add(bound_text(schema, "maxLength", "At most so many characters:"));
    add(text_of(schema, "x-pattern-message"));
    return with_full_stop(fmt::format("{}", fmt::join(rules, ". ")));
}

std::string description_of(const json::object& schema) {
    auto text = with_full_stop(text_of(schema, "description"));
    const auto rules = rules_of(schema);
    if (!text.empty() && !rules.empty()) text += ' ';
    return text + rules;
}

// Recursion is as deep as the schema, which was compiled within limits.
class Reader {
  public:
    [[nodiscard]] std::vector<SettingGroup> take() { return std::move(groups_); }

    // discriminator: which property tells the branches of a choice apart, for one of those.
    void read_group(const json::object& schema, const std::string& pointer, std::string heading,
                    std::string_view discriminator = {}) {
        const auto at = groups_.size();
        groups_.push_back({.heading = std::move(heading), .settings = {}});
        read_properties(schema, pointer, at);
        if (discriminator.empty()) return;
        const auto chooser = fmt::format("{}/{}", pointer, discriminator);
        for (auto& setting : groups_[at].settings)
            setting.inferred = setting.required && setting.pointer == chooser;
    }

  private:
    void read_properties(const json::object& schema, const std::string& pointer,
                         std::size_t group) {
        for (const auto& [name, value] : object_of(schema.if_contains("properties"))) {
            if (!value.is_object()) continue;
            read_setting(value.get_object(), fmt::format("{}/{}", pointer, std::string_view(name)),
                         is_required(schema, name), group);
        }
        read_branches(schema, pointer);
    }

    void read_setting(const json::object& schema, const std::string& pointer, bool required,
                      std::size_t group) {
        const auto* const default_value = schema.if_contains("default");
        groups_[group].settings.push_back({.pointer = pointer,
                                           .type = text_of(schema, "type"),
                                           .required = required,
                                           .secret = is_true(schema, "x-secret"),
                                           .default_text = default_value == nullptr
                                                               ? std::string()
                                                               : json::serialize(*default_value),
                                           .title = text_of(schema, "title"),
                                           .description = description_of(schema)});
        read_properties(schema, pointer, group);
        const auto* const items = schema.if_contains("items");
        if (items != nullptr && items->is_object()) {
            read_setting(items->get_object(), pointer + "/*", false, group);
        }
    }

    // The branches of a choice, each a group of its own.
    void read_branches(const json::object& schema, const std::string& pointer) {
        const auto* const branches = list_of(schema, "oneOf");
        if (branches == nullptr || is_labelled_enum(*branches)) return;
        const auto by = text_of(object_of(schema.if_contains("discriminator")), "propertyName");
        for (const auto& branch : *branches) {
            if (!branch.is_object()) continue;
            const auto& object = branch.get_object();
            const auto title = text_of(object, "title");
            const auto& properties = object_of(object.if_contains("properties"));
            const auto& chooser = object_of(properties.if_contains(by));
            const auto* const value = chooser.if_contains("const");
            read_group(object, pointer,
                       value == nullptr ? fmt::format("{}: {}", pointer, title)
                                        : fmt::format("{} with {} {}: {}", pointer, by,
                                                      json::serialize(*value), title),
                       by);
        }
    }

    std::vector<SettingGroup> groups_;
};

// A cell of a Markdown table: one line, and nothing that means something there.
std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (std::string_view("|\\`*_<>[]").contains(c)) result += '\\';
        result += c == '\n' || c == '\r' ? ' ' : c;
    }
    return result;
}

} // namespace

std::string_view presence_text(const Setting& setting) {
    if (setting.inferred) return "optional where other keys tell";
    return setting.required ? "required" : "";
}

std::vector<SettingGroup> read_settings_page(const json::value& schema) {
    Reader reader;
    reader.read_group(object_of(&schema), "", "");
    return reader.take();
}

std::string markdown_page(const registry::Manifest& manifest,
                          const std::vector<SettingGroup>& groups) {
    auto page = fmt::format("# {}\n\n{}\n\nConnector `{}`, version {}. Capabilities: {}.\n",
                            cell(manifest.title), cell(manifest.description), manifest.id.text(),
                            cell(manifest.version), cell(joined(manifest.provides)));
    for (const auto& group : groups) {
        if (group.settings.empty()) continue;
        page +=
            fmt::format("\n## {}\n\n", group.heading.empty() ? "Settings" : cell(group.heading));
        page += "| Setting | Type | Default | Meaning |\n|---|---|---|---|\n";
        for (const auto& setting : group.settings) {
            const auto presence = presence_text(setting);
            page += fmt::format("| {}{} | {}{} | {} | {}{}{} |\n", cell(setting.pointer),
                                presence.empty() ? "" : fmt::format(" ({})", presence),
                                cell(setting.type), setting.secret ? ", secret" : "",
                                cell(setting.default_text), cell(setting.title),
                                setting.description.empty() ? "" : ". ", cell(setting.description));
        }
    }
    return page;
}

} // namespace patchbay::command
