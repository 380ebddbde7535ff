// SPDX-License-Identifier: Apache-2.0
// The small functions of a bundle: its identity in writing, the texts of codes and states.

#include "manifest_grammar.hpp"

#include <patchbay/registry/bundle.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace patchbay::registry {
namespace {

struct CodeRow {
    RefusalCode code;
    std::string_view text;
};

// In the order of the enumeration, so that a code is its own index.
constexpr auto code_rows = std::to_array<CodeRow>({
    {RefusalCode::root_not_absolute, "root.not-absolute"},
    {RefusalCode::root_unreadable, "root.unreadable"},
    {RefusalCode::root_too_large, "root.too-large"},
    {RefusalCode::bundle_not_directory, "bundle.not-directory"},
    {RefusalCode::bundle_unreadable, "bundle.unreadable"},
    {RefusalCode::bundle_too_large, "bundle.too-large"},
    {RefusalCode::manifest_missing, "manifest.missing"},
    {RefusalCode::manifest_too_large, "manifest.too-large"},
    {RefusalCode::manifest_too_deep, "manifest.too-deep"},
    {RefusalCode::manifest_not_json, "manifest.not-json"},
    {RefusalCode::manifest_duplicate_key, "manifest.duplicate-key"},
    {RefusalCode::manifest_invalid, "manifest.invalid"},
    {RefusalCode::manifest_version_unknown, "manifest.version-unknown"},
    {RefusalCode::id_duplicate, "id.duplicate"},
    {RefusalCode::uuid_duplicate, "uuid.duplicate"},
    {RefusalCode::abi_too_new, "abi.too-new"},
    {RefusalCode::abi_too_old, "abi.too-old"},
    {RefusalCode::threading_reserved, "threading.reserved"},
    {RefusalCode::path_foreign_owner, "path.foreign-owner"},
    {RefusalCode::path_unmapped_owner, "path.unmapped-owner"},
    {RefusalCode::path_writable, "path.writable"},
    {RefusalCode::path_symlink, "path.symlink"},
    {RefusalCode::path_not_regular, "path.not-regular"},
    {RefusalCode::path_setuid, "path.setuid"},
    {RefusalCode::library_missing, "library.missing"},
    {RefusalCode::library_not_elf, "library.not-elf"},
    {RefusalCode::library_truncated, "library.truncated"},
    {RefusalCode::library_malformed, "library.malformed"},
    {RefusalCode::library_wrong_class, "library.wrong-class"},
    {RefusalCode::library_wrong_machine, "library.wrong-machine"},
    {RefusalCode::library_not_shared, "library.not-shared"},
    {RefusalCode::library_no_entry, "library.no-entry"},
    {RefusalCode::library_extra_exports, "library.extra-exports"},
    {RefusalCode::library_unique_symbols, "library.unique-symbols"},
    {RefusalCode::library_executable_stack, "library.executable-stack"},
    {RefusalCode::library_writable_code, "library.writable-code"},
    {RefusalCode::library_text_relocations, "library.text-relocations"},
    {RefusalCode::library_static_tls, "library.static-tls"},
    {RefusalCode::library_run_path, "library.run-path"},
    {RefusalCode::library_audit, "library.audit"},
    {RefusalCode::library_dependency_path, "library.dependency-path"},
    {RefusalCode::schema_missing, "schema.missing"},
    {RefusalCode::schema_too_large, "schema.too-large"},
    {RefusalCode::schema_not_json, "schema.not-json"},
    {RefusalCode::schema_invalid, "schema.invalid"},
    {RefusalCode::example_missing, "example.missing"},
    {RefusalCode::example_invalid, "example.invalid"},
});

constexpr bool rows_stand_in_order() {
    for (std::size_t i = 0; i < code_rows.size(); ++i) {
        if (static_cast<std::size_t>(code_rows[i].code) != i) return false;
    }
    return code_rows.back().code == RefusalCode::example_invalid;
}
static_assert(rows_stand_in_order(), "each RefusalCode has one row, in its order");

} // namespace

std::optional<ConnectorId> ConnectorId::parse(std::string_view text) {
    const auto bar = text.find('|');
    if (bar == std::string_view::npos) return std::nullopt;
    const auto name = text.substr(0, bar);
    const auto uuid = text.substr(bar + 1);
    if (!is_connector_name(name) || !is_uuid(uuid)) return std::nullopt;
    return ConnectorId{std::string(name), std::string(uuid)};
}

std::string_view code_text(RefusalCode code) {
    return code_rows.at(static_cast<std::size_t>(code)).text;
}

const std::vector<RefusalCode>& all_refusal_codes() {
    static const auto codes = [] {
        std::vector<RefusalCode> all;
        all.reserve(code_rows.size());
        for (const auto& row : code_rows)
            all.push_back(row.code);
        return all;
    }();
    return codes;
}

std::string_view state_text(BundleState state) {
    switch (state) {
    case BundleState::usable:
        return "usable";
    case BundleState::refused:
        return "refused";
    case BundleState::shadowed:
        return "shadowed";
    case BundleState::disabled:
        return "disabled";
    }
    std::unreachable();
}

namespace {

std::filesystem::path file_of(const Bundle& bundle, std::string Manifest::* name) {
    if (!bundle.manifest || ((*bundle.manifest).*name).empty()) return {};
    return bundle.directory / ((*bundle.manifest).*name);
}

} // namespace

std::filesystem::path Bundle::library_file() const {
    return file_of(*this, &Manifest::library);
}

std::filesystem::path Bundle::settings_schema_file() const {
    return file_of(*this, &Manifest::settings_schema);
}

std::filesystem::path Bundle::request_schema_file() const {
    return file_of(*this, &Manifest::request_schema);
}

std::filesystem::path Bundle::icon_file() const {
    return file_of(*this, &Manifest::icon);
}

std::filesystem::path Bundle::example_file() const {
    return directory / "settings.example.json";
}

} // namespace patchbay::registry
