// SPDX-License-Identifier: Apache-2.0
// What a connector bundle is, what its manifest says, and what was found out about it.
#pragma once

#include <patchbay/registry/export.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::registry {

// The immutable identity of a connector, written "name|uuid".
struct PATCHBAY_REGISTRY_API ConnectorId {
    std::string name; // [a-z][a-z0-9_-]{0,62}
    std::string uuid; // lower case

    // Reads the written form; nothing where it does not have that form.
    [[nodiscard]] static std::optional<ConnectorId> parse(std::string_view text);

    [[nodiscard]] std::string text() const { return name + '|' + uuid; }

    friend bool operator==(const ConnectorId&, const ConnectorId&) = default;
};

enum class Mode { read, write, both };
enum class Threading { free, session };

// The content of connector.json. Members stand in the order of its schema.
struct Manifest {
    ConnectorId id;
    std::string title;
    std::string version; // Semantic Versioning 2.0.0
    std::string vendor;
    std::string license; // SPDX expression
    std::string description;
    std::string icon;    // a file of the bundle, or empty
    std::string doc_url; // or empty
    std::uint32_t abi_major = 0;
    std::uint32_t abi_min_minor = 0;
    std::string library;         // file names inside the bundle
    std::string settings_schema; //
    std::string request_schema;  // or empty
    std::vector<std::string> provides;
    std::vector<std::string> url_schemes;
    Mode mode = Mode::read;
    Threading threading = Threading::session;
    std::vector<std::string> replaces; // IDs
};

// Why a bundle is refused. Each has a stable text (see code_text) that refusals.md explains, and
// none ever gets another meaning. What settings schemas and examples do wrong is found by their
// reader (host/settings); its codes stand here so that there is one list.
enum class RefusalCode {
    root_not_absolute,
    root_unreadable,
    root_too_large,
    bundle_not_directory,
    bundle_unreadable,
    bundle_too_large,
    manifest_missing,
    manifest_too_large,
    manifest_too_deep,
    manifest_not_json,
    manifest_duplicate_key,
    manifest_invalid,
    manifest_version_unknown,
    id_duplicate,
    uuid_duplicate,
    abi_too_new,
    abi_too_old,
    threading_reserved,
    path_foreign_owner,
    path_unmapped_owner,
    path_writable,
    path_symlink,
    path_not_regular,
    path_setuid,
    library_missing,
    library_not_elf,
    library_truncated,
    library_malformed,
    library_wrong_class,
    library_wrong_machine,
    library_not_shared,
    library_no_entry,
    library_extra_exports,
    library_unique_symbols,
    library_executable_stack,
    library_writable_code,
    library_text_relocations,
    library_static_tls,
    library_run_path,
    library_audit,
    library_dependency_path,
    schema_missing,
    schema_too_large,
    schema_not_json,
    schema_invalid,
    example_missing,
    example_invalid,
};

// "library.extra-exports" and the like; the part before the dot is what is at fault.
[[nodiscard]] PATCHBAY_REGISTRY_API std::string_view code_text(RefusalCode code);

// Every code there is, for documentation and tests.
[[nodiscard]] PATCHBAY_REGISTRY_API const std::vector<RefusalCode>& all_refusal_codes();

struct Refusal {
    RefusalCode code = RefusalCode::bundle_unreadable;
    std::filesystem::path path; // the culprit
    std::string pointer;        // into the file at path, where that is JSON
    std::string message; // complete: the culprit, what was found, what was expected, what to do
};

// What stops nobody but should be corrected, such as a field of the manifest that nobody knows.
struct Notice {
    std::filesystem::path path;
    std::string pointer;
    std::string message; // complete, as a refusal's
};

enum class BundleState {
    usable,
    refused,  // it breaks a rule
    shadowed, // a root that comes first has its ID
    disabled, // the operator does not want it
};

[[nodiscard]] PATCHBAY_REGISTRY_API std::string_view state_text(BundleState state);

// A file as it was when it was examined, to notice a change before it is opened.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size_bytes = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// One directory that claims to be a connector, and the verdict.
struct PATCHBAY_REGISTRY_API Bundle {
    std::filesystem::path directory; // absolute, free of symlinks
    std::filesystem::path root;      // as it was configured
    BundleState state = BundleState::usable;

    std::optional<Refusal> refusal;   // where state is refused
    std::vector<Refusal> more_faults; // beside it, for whoever corrects it
    std::string reason;               // one sentence, where state is shadowed or disabled

    std::optional<ConnectorId> id;    // where it could be read, even of a manifest that is refused
    std::optional<Manifest> manifest; // where it could be read
    std::vector<Notice> notices;
    std::vector<std::string> dependencies; // of the library (DT_NEEDED); bytes as they stand there
    FileStamp library_stamp;               // of the file that was examined

    // What the manifest names, or empty.
    [[nodiscard]] std::filesystem::path library_file() const;
    [[nodiscard]] std::filesystem::path settings_schema_file() const;
    [[nodiscard]] std::filesystem::path request_schema_file() const;
    [[nodiscard]] std::filesystem::path icon_file() const;
    [[nodiscard]] std::filesystem::path example_file() const;
};

} // namespace patchbay::registry
