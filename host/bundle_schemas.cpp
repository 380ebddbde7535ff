// SPDX-License-Identifier: Apache-2.0
// The schemas of a bundle: read, held to the dialect, tried on the bundle's own example.

#include "bundle_schemas.hpp"

#include <host/connections/document.hpp>
#include <host/settings/completion.hpp>
#include <host/settings/lint.hpp>
#include <registry/file_access.hpp>
#include <registry/printable_text.hpp>
#include <registry/strict_json.hpp>

#include <fmt/format.h>

#include <fcntl.h>

#include <cerrno>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;
using registry::Refusal;
using registry::RefusalCode;

// The codes for what can be wrong with one kind of file.
struct FileKind {
    RefusalCode missing;
    RefusalCode too_large;
    RefusalCode not_json;
    RefusalCode invalid;
    registry::JsonLimits limits;
    std::string_view next_step; // where it cannot be read
};
constexpr FileKind schema_file{
    RefusalCode::schema_missing,  RefusalCode::schema_too_large,
    RefusalCode::schema_not_json, RefusalCode::schema_invalid,
    registry::schema_limits,      "a bundle holds the schemas that its manifest names"};
constexpr FileKind example_file{
    RefusalCode::example_missing, RefusalCode::example_invalid,
    RefusalCode::example_invalid, RefusalCode::example_invalid,
    registry::settings_limits,    "a bundle holds an example of its settings"};

[[nodiscard]] Refusal refuse(RefusalCode code, const std::filesystem::path& file,
                             std::string pointer, std::string_view what) {
    return {.code = code,
            .path = file,
            .pointer = std::move(pointer),
            .message = fmt::format("{}: {}", registry::show(file), what)};
}

[[nodiscard]] SchemaFinding finding(RefusalCode code, const std::filesystem::path& file,
                                    Fault fault) {
    if (fault.place.empty()) fault.place = registry::show(file);
    return {refuse(code, file, fault.pointer, describe(fault)), std::move(fault)};
}

[[nodiscard]] std::expected<json::value, SchemaFinding>
read_json_file(const std::filesystem::path& file, const FileKind& kind) {
    const auto open = registry::open_entry(AT_FDCWD, file.c_str(), O_RDONLY);
    const auto text = open ? registry::read_whole(open->get(), kind.limits.max_bytes)
                           : std::unexpected(open.error());
    if (!text) {
        const bool large = text.error() == EFBIG;
        return std::unexpected(SchemaFinding{
            refuse(large ? kind.too_large : kind.missing, file, "",
                   large ? fmt::format("has more than the {} bytes allowed", kind.limits.max_bytes)
                         : fmt::format("cannot be read: {}; {}", registry::error_text(text.error()),
                                       kind.next_step)),
            std::nullopt});
    }
    auto value = registry::read_strict_json(*text, kind.limits);
    if (value) return std::move(*value);
    const auto& fault = value.error();
    return std::unexpected(
        finding(kind.not_json, file,
                {.code = fault_code(fault.kind),
                 .pointer = fault.pointer,
                 .message = fault.message,
                 .place = fmt::format("{}, line {}, column {}", registry::show(file), fault.line,
                                      fault.column)}));
}

void add(std::vector<SchemaFinding>& findings, RefusalCode code, const std::filesystem::path& file,
         std::vector<Fault> faults) {
    for (auto& fault : faults)
        findings.push_back(finding(code, file, std::move(fault)));
}

// Reads and lints one schema; nothing where it cannot be used, and why among the findings.
template <class Lint>
[[nodiscard]] std::optional<Schema> check_schema(const std::filesystem::path& file,
                                                 std::vector<SchemaFinding>& findings,
                                                 const Lint& lint) {
    auto document = read_json_file(file, schema_file);
    if (!document) {
        findings.push_back(std::move(document.error()));
        return std::nullopt;
    }
    CheckedSchema checked = lint(std::move(*document));
    add(findings, schema_file.invalid, file, std::move(checked.faults));
    return std::move(checked.schema);
}

} // namespace

std::expected<json::value, SchemaFinding> read_schema_file(const std::filesystem::path& file) {
    return read_json_file(file, schema_file);
}

CheckedSchemas check_bundle_schemas(const registry::Bundle& bundle) {
    const auto& manifest = *bundle.manifest;
    CheckedSchemas result;
    auto& findings = result.findings;
    auto settings =
        check_schema(bundle.settings_schema_file(), findings, [&](json::value document) {
            return lint_settings_schema(std::move(document), manifest.url_schemes);
        });
    std::optional<Schema> request;
    if (!manifest.request_schema.empty()) {
        request = check_schema(bundle.request_schema_file(), findings, [](json::value document) {
            return lint_request_schema(std::move(document));
        });
    }
    const auto example = bundle.example_file();
    auto value = read_json_file(example, example_file);
    if (!value) {
        findings.push_back(std::move(value.error()));
    } else if (settings) {
        add(findings, example_file.invalid, example, check_example(*settings, std::move(*value)));
    }
    if (findings.empty()) result.schemas = BundleSchemas{std::move(*settings), std::move(request)};
    return result;
}

} // namespace patchbay::host
