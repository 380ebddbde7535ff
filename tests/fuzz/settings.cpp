// SPDX-License-Identifier: Apache-2.0
// Fuzzes what reads settings by a schema: verdict, explanation, completion and masking agree.
//
// An input is {"schema": ..., "settings": ...}.

#include "require.hpp"

#include <host/settings/budget.hpp>
#include <host/settings/completion.hpp>
#include <host/settings/explanation.hpp>
#include <host/settings/schema.hpp>
#include <host/settings/secrets.hpp>
#include <patchbay/host/fault.hpp>
#include <registry/strict_json.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using patchbay::test::require;
namespace host = patchbay::host;
namespace json = boost::json;
namespace registry = patchbay::registry;

namespace {

bool exists(const json::value& settings, const std::string& pointer) {
    boost::system::error_code error;
    return settings.find_pointer(pointer, error) != nullptr;
}

void check_verdict(const host::Schema& schema, const json::value& settings) {
    const bool accepted = schema.accepts(settings);
    const auto faults = schema.explain(settings);

    require(accepted == faults.empty(), "what is accepted has no fault, what is refused has one");
    require(faults.size() <= host::max_settings_faults, "there are not too many faults");
    for (const auto& fault : faults) {
        require(!fault.message.empty(), "a fault says what it is");
        require(!host::describe(fault).contains('\x1b'), "a description is fit for a terminal");
    }
    // The evaluator that explains decides by itself.
    if (faults.size() == 1 && faults.front().code == host::FaultCode::settings_budget) return;
    host::Budget budget;
    const auto collected = host::collect_faults(schema.compiled(), settings, budget);
    require(budget.exhausted() || collected.empty() == accepted, "the two evaluators agree");
}

void check_masking(const host::Schema& schema, const json::value& settings) {
    const auto secrets = host::find_secrets(schema, settings);
    const auto masked = host::mask_secrets(schema, settings);
    for (const auto& pointer : secrets) {
        boost::system::error_code error;
        const auto* const value = masked.find_pointer(pointer, error);
        require(value != nullptr && value->is_string() &&
                    std::string_view(value->get_string()) == host::secret_mask,
                "a secret is masked");
    }
    (void)host::secret_values(schema, settings);
    require(host::keep_masked(schema, masked, settings) == settings,
            "what comes back masked keeps what was there");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    auto input = registry::read_strict_json(text, registry::schema_limits);
    if (!input || !input->is_object()) return 0;
    const auto* const document = input->get_object().if_contains("schema");
    const auto* const settings = input->get_object().if_contains("settings");
    if (document == nullptr || settings == nullptr) return 0;
    const auto schema = host::Schema::compile(*document);
    if (!schema) return 0;

    check_verdict(*schema, *settings);
    check_masking(*schema, *settings);
    const auto completion = host::complete(*schema, *settings);
    for (const auto& pointer : completion.filled)
        require(exists(completion.settings, pointer), "what was filled in is there");
    check_verdict(*schema, completion.settings);
    const auto again = host::complete(*schema, completion.settings);
    require(again.settings == completion.settings, "what is complete stays as it is");
    (void)host::coerce_text(*schema, *settings, "/a", "1");
    return 0;
}
