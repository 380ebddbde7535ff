// SPDX-License-Identifier: Apache-2.0
// What is wrong with settings, or with the schema that describes them, told to a person.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// What kind of fault it is. Each has a stable text (see code_text), and none ever gets another
// meaning.
enum class FaultCode : std::uint8_t {
    schema_not_a_schema,
    schema_draft,
    schema_keyword_type,
    schema_keyword_value,
    schema_pattern,
    schema_pattern_size,
    schema_duplicate_id,
    schema_reference_unresolved,
    schema_reference_remote,
    schema_reference_loop,
    schema_too_deep,
    schema_too_large,
    schema_more,
};

// "settings.maximum" and the like; the part before the dot is what is at fault.
[[nodiscard]] std::string_view code_text(FaultCode code);

// Every code there is, for documentation and tests.
[[nodiscard]] const std::vector<FaultCode>& all_fault_codes();

// One fault and its one message. No member ever holds the value of a secret.
struct Fault {
    FaultCode code = FaultCode::schema_not_a_schema;
    std::string pointer;        // JSON Pointer of what is at fault; "" is the whole document
    std::string schema_pointer; // of the keyword that asks for something else; "" where none does
    std::string keyword;        // its name, such as "maximum"
    std::string message;        // without the pointer: "must be at most 65535; it is 70000"
    std::string params_json;    // a JSON object: limit, allowed values, actual value unless secret
    std::string suggestion;     // what was probably meant, to be written as it stands; or empty

    friend bool operator==(const Fault&, const Fault&) = default;
};

// "/connection/port: must be at most 65535; it is 70000".
[[nodiscard]] std::string describe(const Fault& fault);

// {"code", "pointer", "schema_pointer", "keyword", "message", "params", "suggestion"}: what the
// command prints with --json. An empty suggestion is null.
[[nodiscard]] std::string fault_json(const Fault& fault);

} // namespace patchbay::host
