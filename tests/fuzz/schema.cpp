// SPDX-License-Identifier: Apache-2.0
// Fuzzes the compiler and the linter of schemas: a schema or faults that can be shown.

#include "require.hpp"

#include <host/settings/compiled_schema.hpp>
#include <host/settings/inline_references.hpp>
#include <host/settings/lint.hpp>
#include <host/settings/schema.hpp>
#include <patchbay/host/fault.hpp>
#include <registry/strict_json.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

using patchbay::test::require;
namespace host = patchbay::host;
namespace registry = patchbay::registry;

namespace {

constexpr std::size_t enough_for_a_report = 1024 * 1024;

void check_faults(const std::vector<host::Fault>& faults) {
    for (const auto& fault : faults) {
        require(!fault.message.empty(), "a fault says what it is");
        const auto json = host::fault_json(fault);
        require(json.size() < enough_for_a_report, "a report has bounds");
        require(registry::read_strict_json(json, {enough_for_a_report, 128}).has_value(),
                "a report is JSON");
        require(!host::describe(fault).contains('\x1b'), "a description is fit for a terminal");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto document = registry::read_strict_json(text, registry::schema_limits);
    if (!document) return 0;

    const auto schema = host::Schema::compile(*document);
    const auto linted = host::lint_settings_schema(*document);
    const auto request = host::lint_request_schema(*document);

    require(linted.schema.has_value() == schema.has_value(), "the linter compiles the same");
    check_faults(linted.faults);
    check_faults(request.faults);
    if (!schema) {
        require(!schema.error().empty(), "what does not compile has faults");
        check_faults(schema.error());
        return 0;
    }
    const auto inlined = host::inline_references(*schema);
    if (!inlined) check_faults({inlined.error()});
    return 0;
}
