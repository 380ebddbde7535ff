// SPDX-License-Identifier: Apache-2.0
// Bundles, as several commands tell of them.

#include "bundle_text.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace patchbay::command {
namespace {

namespace json = boost::json;

json::array texts_json(const std::vector<std::string>& texts) {
    json::array array;
    for (const auto& text : texts)
        array.emplace_back(text);
    return array;
}

json::value reason_json(const registry::Bundle& bundle) {
    if (bundle.state == registry::BundleState::usable) return nullptr;
    const auto code = bundle.refusal ? code_text(bundle.refusal->code) : state_text(bundle.state);
    return {{"code", json::string_view(code)}, {"message", bundle_reason(bundle)}};
}

} // namespace

json::object bundle_json(const registry::Bundle& bundle) {
    json::object object;
    object["id"] = bundle.id ? json::value(bundle.id->text()) : nullptr;
    object["name"] = bundle.id ? json::value(bundle.id->name) : nullptr;
    const auto& manifest = bundle.manifest;
    object["title"] = manifest ? json::value(manifest->title) : nullptr;
    object["version"] = manifest ? json::value(manifest->version) : nullptr;
    object["vendor"] = manifest ? json::value(manifest->vendor) : nullptr;
    object["capabilities"] = manifest ? texts_json(manifest->provides) : json::array();
    object["url_schemes"] = manifest ? texts_json(manifest->url_schemes) : json::array();
    object["path"] = bundle.directory.native();
    object["state"] = json::string_view(state_text(bundle.state));
    object["reason"] = reason_json(bundle);
    return object;
}

std::string bundle_name(const registry::Bundle& bundle) {
    return bundle.id ? bundle.id->name : bundle.directory.filename().native();
}

std::string bundle_version(const registry::Bundle& bundle) {
    return bundle.manifest ? bundle.manifest->version : std::string();
}

std::string bundle_reason(const registry::Bundle& bundle) {
    return bundle.refusal ? bundle.refusal->message : bundle.reason;
}

std::string capabilities_text(const std::vector<std::string>& capabilities) {
    constexpr std::string_view prefix = "patchbay.";
    std::vector<std::string> names;
    for (const auto& capability : capabilities) {
        auto name = capability.substr(0, capability.find('/'));
        if (name.starts_with(prefix)) name.erase(0, prefix.size());
        if (name != "connector") names.push_back(std::move(name));
    }
    return joined(names);
}

std::string joined(const std::vector<std::string>& texts) {
    return fmt::format("{}", fmt::join(texts, ", "));
}

} // namespace patchbay::command
