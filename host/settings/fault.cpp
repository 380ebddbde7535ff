// SPDX-License-Identifier: Apache-2.0
// What is wrong with settings, or with the schema that describes them, told to a person.

#include "words.hpp"

#include <patchbay/host/fault.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// The one list of all codes. Texts are for ever; a new one goes where it is found best.
constexpr std::pair<FaultCode, std::string_view> codes[] = {
    {FaultCode::settings_type, "settings.type"},
    {FaultCode::settings_enum, "settings.enum"},
    {FaultCode::settings_const, "settings.const"},
    {FaultCode::settings_minimum, "settings.minimum"},
    {FaultCode::settings_maximum, "settings.maximum"},
    {FaultCode::settings_exclusive_minimum, "settings.exclusive-minimum"},
    {FaultCode::settings_exclusive_maximum, "settings.exclusive-maximum"},
    {FaultCode::settings_multiple_of, "settings.multiple-of"},
    {FaultCode::settings_min_length, "settings.min-length"},
    {FaultCode::settings_max_length, "settings.max-length"},
    {FaultCode::settings_pattern, "settings.pattern"},
    {FaultCode::settings_format, "settings.format"},
    {FaultCode::settings_min_items, "settings.min-items"},
    {FaultCode::settings_max_items, "settings.max-items"},
    {FaultCode::settings_unique_items, "settings.unique-items"},
    {FaultCode::settings_contains, "settings.contains"},
    {FaultCode::settings_required, "settings.required"},
    {FaultCode::settings_unknown, "settings.unknown"},
    {FaultCode::settings_min_properties, "settings.min-properties"},
    {FaultCode::settings_max_properties, "settings.max-properties"},
    {FaultCode::settings_property_names, "settings.property-names"},
    {FaultCode::settings_dependencies, "settings.dependencies"},
    {FaultCode::settings_one_of, "settings.one-of"},
    {FaultCode::settings_any_of, "settings.any-of"},
    {FaultCode::settings_not, "settings.not"},
    {FaultCode::settings_forbidden, "settings.forbidden"},
    {FaultCode::settings_budget, "settings.budget"},
    {FaultCode::settings_more, "settings.more"},
    {FaultCode::settings_refused, "settings.refused"},
    {FaultCode::settings_unresolved, "settings.unresolved"},

    {FaultCode::document_encoding, "document.encoding"},
    {FaultCode::document_syntax, "document.syntax"},
    {FaultCode::document_duplicate_key, "document.duplicate-key"},
    {FaultCode::document_merge_key, "document.merge-key"},
    {FaultCode::document_tag, "document.tag"},
    {FaultCode::document_key, "document.key"},
    {FaultCode::document_alias, "document.alias"},
    {FaultCode::document_several, "document.several"},
    {FaultCode::document_number, "document.number"},
    {FaultCode::document_too_deep, "document.too-deep"},
    {FaultCode::document_too_large, "document.too-large"},

    {FaultCode::connections_connector, "connections.connector"},
    {FaultCode::connections_default, "connections.default"},

    {FaultCode::schema_not_a_schema, "schema.not-a-schema"},
    {FaultCode::schema_draft, "schema.draft"},
    {FaultCode::schema_keyword_type, "schema.keyword-type"},
    {FaultCode::schema_keyword_value, "schema.keyword-value"},
    {FaultCode::schema_pattern, "schema.pattern"},
    {FaultCode::schema_pattern_size, "schema.pattern-size"},
    {FaultCode::schema_duplicate_id, "schema.duplicate-id"},
    {FaultCode::schema_reference_unresolved, "schema.reference-unresolved"},
    {FaultCode::schema_reference_remote, "schema.reference-remote"},
    {FaultCode::schema_reference_loop, "schema.reference-loop"},
    {FaultCode::schema_recursive, "schema.recursive"},
    {FaultCode::schema_too_deep, "schema.too-deep"},
    {FaultCode::schema_too_large, "schema.too-large"},
    {FaultCode::schema_more, "schema.more"},

    {FaultCode::lint_draft, "lint.draft"},
    {FaultCode::lint_root_not_object, "lint.root-not-object"},
    {FaultCode::lint_unknown_keyword, "lint.unknown-keyword"},
    {FaultCode::lint_refused_keyword, "lint.refused-keyword"},
    {FaultCode::lint_ignored_keyword, "lint.ignored-keyword"},
    {FaultCode::lint_annotation_type, "lint.annotation-type"},
    {FaultCode::lint_reference_place, "lint.reference-place"},
    {FaultCode::lint_title_missing, "lint.title-missing"},
    {FaultCode::lint_type_not_one, "lint.type-not-one"},
    {FaultCode::lint_enum_values, "lint.enum-values"},
    {FaultCode::lint_default_invalid, "lint.default-invalid"},
    {FaultCode::lint_example_invalid, "lint.example-invalid"},
    {FaultCode::lint_unknown_format, "lint.unknown-format"},
    {FaultCode::lint_pattern_message_missing, "lint.pattern-message-missing"},
    {FaultCode::lint_pattern_not_portable, "lint.pattern-not-portable"},
    {FaultCode::lint_tuple_items, "lint.tuple-items"},
    {FaultCode::lint_object_open, "lint.object-open"},
    {FaultCode::lint_required_undeclared, "lint.required-undeclared"},
    {FaultCode::lint_dependency_undeclared, "lint.dependency-undeclared"},
    {FaultCode::lint_choice_form, "lint.choice-form"},
    {FaultCode::lint_choice_discriminator, "lint.choice-discriminator"},
    {FaultCode::lint_choice_branch_open, "lint.choice-branch-open"},
    {FaultCode::lint_condition_new_property, "lint.condition-new-property"},
    {FaultCode::lint_secret_unmarked, "lint.secret-unmarked"},
    {FaultCode::lint_secret_incomplete, "lint.secret-incomplete"},
    {FaultCode::lint_secret_default, "lint.secret-default"},
    {FaultCode::lint_port_range, "lint.port-range"},
    {FaultCode::lint_text_unbounded, "lint.text-unbounded"},
    {FaultCode::lint_reserved_name, "lint.reserved-name"},
    {FaultCode::lint_url_branch_missing, "lint.url-branch-missing"},
};

} // namespace

std::string_view code_text(FaultCode code) {
    const auto* const found =
        std::ranges::find(codes, code, &std::pair<FaultCode, std::string_view>::first);
    assert(found != std::end(codes));
    return found->second;
}

const std::vector<FaultCode>& all_fault_codes() {
    static const std::vector<FaultCode> all = [] {
        std::vector<FaultCode> list;
        for (const auto& [code, text] : codes)
            list.push_back(code);
        return list;
    }();
    return all;
}

std::string describe(const Fault& fault) {
    return printable(fault.pointer.empty() ? fault.message
                                           : fmt::format("{}: {}", fault.pointer, fault.message));
}

std::string fault_json(const Fault& fault) {
    json::object object;
    object["code"] = json::string_view(code_text(fault.code));
    object["pointer"] = fault.pointer;
    object["schema_pointer"] = fault.schema_pointer;
    object["keyword"] = fault.keyword;
    object["message"] = fault.message;
    json::error_code ignored; // then the value is null
    object["params"] = json::parse(fault.params_json, ignored);
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? json::value(nullptr) : json::value(text);
    };
    object["suggestion"] = text_or_null(fault.suggestion);
    object["place"] = text_or_null(fault.place);
    return json::serialize(object);
}

} // namespace patchbay::host
