// SPDX-License-Identifier: Apache-2.0
// From what a person wrote to what a connector gets: references, defaults, validation.

#include "prepared_settings.hpp"

#include <host/log/secret_masker.hpp>
#include <host/settings/completion.hpp>
#include <host/settings/secrets.hpp>
#include <patchbay/sdk/text.hpp>
#include <registry/json_pointer.hpp>
#include <registry/printable_text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace patchbay::host {
namespace {

namespace json = boost::json;
using registry::append_pointer;

[[nodiscard]] json::value* find_value(json::value& settings, std::string_view pointer) {
    json::error_code ignored; // then there is none
    return settings.find_pointer(json::string_view(pointer.data(), pointer.size()), ignored);
}

[[nodiscard]] std::vector<std::string> split_pointer(std::string_view pointer) {
    std::vector<std::string> tokens;
    while (!pointer.empty()) {
        pointer.remove_prefix(1); // the slash
        const auto token = pointer.substr(0, pointer.find('/'));
        std::string text;
        for (std::size_t i = 0; i < token.size(); ++i) {
            if (token[i] == '~' && i + 1 < token.size()) {
                text.push_back(token[++i] == '1' ? '/' : '~');
            } else {
                text.push_back(token[i]);
            }
        }
        tokens.push_back(std::move(text));
        pointer.remove_prefix(token.size());
    }
    return tokens;
}

// Stores a value; objects on the way are made. False where something on the way is no object, or
// the pointer is none.
[[nodiscard]] bool set_value(json::value& settings, std::string_view pointer, json::value value) {
    if (!pointer.starts_with('/')) return false;
    constexpr std::size_t max_depth = 32;
    const auto tokens = split_pointer(pointer);
    if (tokens.size() > max_depth) return false;
    json::value* place = &settings;
    for (const auto& token : tokens) {
        if (place->is_null()) place->emplace_object();
        if (!place->is_object()) return false;
        place = &place->get_object()[token];
    }
    *place = std::move(value);
    return true;
}

// Calls visit(pointer, text) for every text value; keys are none. Depth is bounded by the limits
// that documents are read with.
template <class Visit>
void for_each_text(const json::value& value, std::string& pointer, const Visit& visit) {
    const auto size = pointer.size();
    if (value.is_string()) {
        visit(pointer, std::string(value.get_string()));
    } else if (value.is_object()) {
        for (const auto& [key, member] : value.get_object()) {
            append_pointer(pointer, key);
            for_each_text(member, pointer, visit);
            pointer.resize(size);
        }
    } else if (value.is_array()) {
        const auto& array = value.get_array();
        for (std::size_t i = 0; i < array.size(); ++i) {
            append_pointer(pointer, i);
            for_each_text(array[i], pointer, visit);
            pointer.resize(size);
        }
    }
}

[[nodiscard]] bool is_beneath(std::string_view pointer, std::string_view above) {
    return pointer.starts_with(above) &&
           (pointer.size() == above.size() || pointer[above.size()] == '/');
}

[[nodiscard]] Fault unresolved_fault(const std::string& pointer, std::string message) {
    return {
        .code = FaultCode::settings_unresolved, .pointer = pointer, .message = std::move(message)};
}

} // namespace

PreparedSettings::PreparedSettings(
    RawSettings raw, const std::vector<std::pair<std::string, std::string>>& overrides,
    const Schema& schema, Surroundings surroundings)
    : schema_(schema), surroundings_(std::move(surroundings)), raw_(std::move(raw)),
      settings_(raw_.value) {
    expand_references();
    override_values(overrides);
    complete_settings();
    validate();
    for (auto& fault : faults_)
        fault.place = place_of(fault);
}

void PreparedSettings::override_values(
    const std::vector<std::pair<std::string, std::string>>& overrides) {
    for (const auto& [pointer, text] : overrides) {
        if (!sdk::is_utf8(pointer) || !sdk::is_utf8(text)) {
            set_.push_back(sdk::to_utf8(pointer));
            faults_.push_back(unresolved_fault(set_.back(), "cannot be set: it is not UTF-8 text"));
            continue;
        }
        set_.push_back(pointer);
        if (!set_value(settings_, pointer, json::value(text))) {
            faults_.push_back({.code = FaultCode::settings_unresolved,
                               .pointer = pointer,
                               .message = "cannot be set: it is no place in the settings; write a "
                                          "pointer such as /connection/port"});
            continue;
        }
        forget_beneath(pointer);
    }
    // Only now: which branch of a choice gives a value its type may be one of those that were set.
    for (const auto& [pointer, text] : overrides) {
        auto* const value = find_value(settings_, pointer);
        if (value == nullptr || !value->is_string() || !sdk::is_utf8(text)) continue;
        *value = coerce_text(schema_, settings_, pointer, text);
        note(pointer, Origin::Kind::command_line, "--set");
    }
}

void PreparedSettings::expand_references() {
    if (!raw_.has_references) return;
    const auto secrets = find_secrets(schema_, settings_);
    const auto is_secret = [&](std::string_view pointer) {
        return std::ranges::any_of(
            secrets, [&](const std::string& secret) { return is_beneath(pointer, secret); });
    };
    std::string pointer;
    // Over the raw settings: what is put in is not looked at again.
    for_each_text(raw_.value, pointer, [&](const std::string& at, const std::string& text) {
        if (text.find('$') != std::string::npos) expand_text(at, text, is_secret(at));
    });
}

void PreparedSettings::expand_text(const std::string& pointer, const std::string& text,
                                   bool secret) {
    auto parts = read_template(text);
    if (!parts) {
        // The error's own words quote what is wrong: a part of the secret.
        constexpr auto fixed_words =
            "has a \"${\" that is never closed or refers to nothing; write ${NAME} or "
            "${file:PATH}, or for the two characters themselves \"$${\"";
        faults_.push_back(
            unresolved_fault(pointer, secret ? fixed_words : std::move(parts.error())));
        return;
    }
    const bool refers = parts->refers();
    if (refers && secret) {
        unresolved_.emplace(pointer, std::move(*parts));
        return;
    }
    auto expanded = expand(*parts, surroundings_);
    if (!expanded) {
        faults_.push_back(unresolved_fault(
            pointer, fmt::format("{} ({})", expanded.error().message, expanded.error().hint)));
        return;
    }
    auto* const value = find_value(settings_, pointer);
    *value = expanded->text;
    if (parts->is_one_reference())
        *value = coerce_text(schema_, settings_, pointer, expanded->text);
    if (!expanded->from_outside) return;
    bool from_file = false;
    for (const auto& part : parts->parts)
        from_file = from_file || part.kind == Template::Part::Kind::file;
    note(pointer, from_file ? Origin::Kind::secret_file : Origin::Kind::environment,
         parts->describe());
    expanded_.emplace(pointer, std::move(expanded->text));
}

void PreparedSettings::complete_settings() {
    auto completion = complete(schema_, std::move(settings_));
    settings_ = std::move(completion.settings);
    filled_ = std::move(completion.filled);
    for (const auto& pointer : filled_)
        note(pointer, Origin::Kind::default_value, "");
    for (const auto& [pointer, parts] : unresolved_) {
        const bool file = parts.parts.front().kind == Template::Part::Kind::file;
        note(pointer, file ? Origin::Kind::secret_file : Origin::Kind::environment,
             parts.describe());
    }
    std::string pointer;
    list_origins(settings_, pointer);
}

void PreparedSettings::note(const std::string& pointer, Origin::Kind kind, std::string detail) {
    found_.insert_or_assign(pointer, Origin{pointer, kind, std::move(detail)});
}

void PreparedSettings::forget_beneath(std::string_view pointer) {
    const auto beneath = [&](const auto& item) { return is_beneath(item.first, pointer); };
    std::erase_if(unresolved_, beneath);
    std::erase_if(expanded_, beneath);
    std::erase_if(found_, beneath);
}

// In the order of the settings. What came from nowhere else was written down.
void PreparedSettings::list_origins(const json::value& value, std::string& pointer) {
    const auto size = pointer.size();
    if (value.is_object() && !value.get_object().empty()) {
        for (const auto& [key, member] : value.get_object()) {
            append_pointer(pointer, key);
            list_origins(member, pointer);
            pointer.resize(size);
        }
        return;
    }
    // A default may be a whole object: what is in it came with it.
    const auto known = std::ranges::find_if(
        found_, [&](const auto& item) { return is_beneath(pointer, item.first); });
    if (known == found_.end()) {
        origins_.push_back({pointer, raw_.kind, place_of(pointer)});
    } else {
        origins_.push_back({pointer, known->second.kind, known->second.detail});
    }
}

void PreparedSettings::validate() {
    SecretMasker masker;
    SecretMasker::Lease outside(masker);
    for (const auto& [pointer, text] : expanded_)
        outside.add({text});
    for (auto& fault : schema_.explain(settings_, filled_)) {
        // A secret that is a reference satisfies whatever is asked of it, until it is looked up.
        const bool unresolved = std::ranges::any_of(
            unresolved_, [&](const auto& item) { return is_beneath(fault.pointer, item.first); });
        if (unresolved) continue;
        fault.message = masker.mask(fault.message);
        fault.params_json = masker.mask(fault.params_json);
        faults_.push_back(std::move(fault));
    }
}

// A key that nobody knows is a fault of the object around it, but stands in a place of its own.
std::string PreparedSettings::place_of(const Fault& fault) const {
    if (fault.code == FaultCode::settings_unknown) {
        json::error_code ignored; // then there is no key
        const auto params = json::parse(fault.params_json, ignored);
        const auto* const key =
            params.is_object() ? params.get_object().if_contains("key") : nullptr;
        if (key != nullptr && key->is_string()) {
            std::string pointer = fault.pointer;
            append_pointer(pointer, std::string_view(key->get_string()));
            return place_of(pointer);
        }
    }
    return place_of(fault.pointer);
}

std::string PreparedSettings::place_of(std::string_view pointer) const {
    const auto set = std::ranges::find_if(
        set_, [&](const std::string& above) { return is_beneath(pointer, above); });
    if (set != set_.end()) return fmt::format("--set {}", *set);
    std::string at(pointer);
    for (;;) {
        const auto found = raw_.positions.find(at);
        if (found != raw_.positions.end()) {
            return fmt::format("{}, line {}, column {}", raw_.origin, found->second.line,
                               found->second.column);
        }
        const auto slash = at.rfind('/');
        if (slash == std::string::npos) return raw_.origin;
        at.resize(slash);
    }
}

std::string PreparedSettings::json_to_check() const {
    auto settings = settings_;
    for (const auto& [pointer, parts] : unresolved_) {
        if (auto* const value = find_value(settings, pointer)) *value = nullptr;
    }
    return json::serialize(settings);
}

std::string PreparedSettings::json_to_show() const {
    auto settings = mask_secrets(schema_, settings_);
    mask_urls(settings);
    for (const auto& [pointer, text] : expanded_) {
        if (auto* const value = find_value(settings, pointer)) *value = secret_mask;
    }
    for (const auto& [pointer, parts] : unresolved_) {
        auto* const value = find_value(settings, pointer);
        if (value != nullptr && parts.is_one_reference()) *value = parts.describe();
    }
    return json::serialize(settings);
}

std::vector<std::string> PreparedSettings::known_secrets() const {
    auto secrets = secret_values(schema_, settings_);
    for (const auto& [pointer, text] : expanded_)
        secrets.push_back(text);
    return secrets;
}

Expected<ResolvedSettings> PreparedSettings::resolve() const {
    ResolvedSettings resolved;
    auto settings = settings_;
    for (const auto& [pointer, parts] : unresolved_) {
        auto text = expand(parts, surroundings_);
        if (!text) {
            text.error().pointer = pointer;
            return std::unexpected(std::move(text.error()));
        }
        resolved.secrets.push_back(text->text);
        auto* const value = find_value(settings, pointer);
        if (value == nullptr) continue;
        *value = text->text;
        if (parts.is_one_reference()) *value = coerce_text(schema_, settings, pointer, text->text);
    }
    if (auto faults = schema_.explain(settings); !faults.empty()) {
        Error error{.code = ErrorCode::invalid_settings,
                    .message = describe(faults.front()),
                    .hint = "the value is kept outside the settings, and was looked up just now",
                    .pointer = faults.front().pointer};
        error.faults = std::move(faults);
        return std::unexpected(std::move(error));
    }
    for (const auto& [pointer, text] : expanded_)
        resolved.secrets.push_back(text);
    std::ranges::copy(secret_values(schema_, settings), std::back_inserter(resolved.secrets));
    resolved.json = json::serialize(settings);
    return resolved;
}

} // namespace patchbay::host
