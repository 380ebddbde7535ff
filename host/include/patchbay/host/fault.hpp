// SPDX-License-Identifier: Apache-2.0
// What is wrong with settings, or with the schema that describes them, told to a person.
#pragma once

#include <patchbay/host/export.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// What kind of fault it is. Each has a stable text (see code_text), and none ever gets another
// meaning. Those of settings stand first, then what makes a text no document and a connections file
// no such file, then what keeps a schema from being compiled, then what the linter refuses in a
// schema that compiles.
enum class FaultCode : std::uint8_t {
    settings_type,
    settings_enum,
    settings_const,
    settings_minimum,
    settings_maximum,
    settings_exclusive_minimum,
    settings_exclusive_maximum,
    settings_multiple_of,
    settings_min_length,
    settings_max_length,
    settings_pattern,
    settings_format,
    settings_min_items,
    settings_max_items,
    settings_unique_items,
    settings_contains,
    settings_required,
    settings_unknown,
    settings_min_properties,
    settings_max_properties,
    settings_property_names,
    settings_dependencies,
    settings_one_of,
    settings_any_of,
    settings_not,
    settings_forbidden,
    settings_budget,
    settings_more,
    settings_refused,    // by the connector itself
    settings_unresolved, // a ${...} that is malformed or stands for nothing

    document_encoding,
    document_syntax,
    document_duplicate_key,
    document_merge_key,
    document_tag,
    document_key,
    document_alias,
    document_several,
    document_number,
    document_too_deep,
    document_too_large,

    connections_connector,
    connections_default,

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
    schema_recursive,
    schema_too_deep,
    schema_too_large,
    schema_more,

    lint_draft,
    lint_root_not_object,
    lint_unknown_keyword,
    lint_refused_keyword,
    lint_ignored_keyword,
    lint_annotation_type,
    lint_reference_place,
    lint_title_missing,
    lint_type_not_one,
    lint_enum_values,
    lint_default_invalid,
    lint_example_invalid,
    lint_unknown_format,
    lint_pattern_message_missing,
    lint_pattern_not_portable,
    lint_tuple_items,
    lint_object_open,
    lint_required_undeclared,
    lint_dependency_undeclared,
    lint_choice_form,
    lint_choice_discriminator,
    lint_choice_branch_open,
    lint_condition_new_property,
    lint_secret_unmarked,
    lint_secret_incomplete,
    lint_secret_default,
    lint_port_range,
    lint_text_unbounded,
    lint_reserved_name,
    lint_url_branch_missing,
};

// "settings.maximum" and the like; the part before the dot is what is at fault.
[[nodiscard]] PATCHBAY_HOST_API std::string_view code_text(FaultCode code);

// Every code there is, for documentation and tests.
[[nodiscard]] PATCHBAY_HOST_API const std::vector<FaultCode>& all_fault_codes();

// One fault and its one message. No member ever holds the value of a secret.
struct Fault {
    FaultCode code = FaultCode::settings_type;
    std::string pointer;        // JSON Pointer of what is at fault; "" is the whole document
    std::string schema_pointer; // of the keyword that asks for something else; "" where none does
    std::string keyword;        // its name, such as "maximum"
    std::string message;        // without the pointer: "must be at most 65535; it is 70000"
    std::string params_json = "{}"; // limit, allowed values, the actual value unless secret
    std::string suggestion;         // what was probably meant, to be written so; or empty
    std::string place = {};         // "connections.yaml, line 7, column 5", where it is known

    friend bool operator==(const Fault&, const Fault&) = default;
};

// "/connection/port: must be at most 65535; it is 70000", fit for a terminal.
[[nodiscard]] PATCHBAY_HOST_API std::string describe(const Fault& fault);

// {"code", "pointer", "schema_pointer", "keyword", "message", "params", "suggestion", "place"}:
// what the command prints with --json. An empty suggestion or place is null.
[[nodiscard]] PATCHBAY_HOST_API std::string fault_json(const Fault& fault);

} // namespace patchbay::host
