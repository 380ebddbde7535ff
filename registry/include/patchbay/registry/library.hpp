// SPDX-License-Identifier: Apache-2.0
// What the headers of a shared library say, read without mapping or running it.
#pragma once

#include <patchbay/registry/bundle.hpp>

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace patchbay::registry {

// A 64-bit little-endian ELF file as its program headers and its dynamic segment describe it, which
// is what the loader goes by. Texts are bytes as they stand in the file: of any content.
struct LibraryFacts {
    std::uint16_t machine = 0; // EM_X86_64 and the like
    std::uint16_t type = 0;    // ET_DYN and the like
    std::uint8_t os_abi = 0;   // ELFOSABI_NONE and the like
    bool is_program = false;   // a position-independent executable, which nobody can load

    std::string soname;                      // or empty
    std::vector<std::string> dependencies;   // DT_NEEDED
    std::vector<std::string> run_path;       // DT_RUNPATH, split at its colons
    std::optional<std::string> old_run_path; // DT_RPATH
    std::vector<std::string> auditors;       // DT_AUDIT, DT_DEPAUDIT, DT_FILTER, DT_AUXILIARY

    // Symbols that others can find in it.
    std::vector<std::string> exports;
    std::vector<std::string> unique_symbols; // those of them that are STB_GNU_UNIQUE
    bool exports_entry_function = false;     // patchbay_connector_entry, in executable memory

    bool has_executable_stack = false; // or does not say, which means the same
    bool has_writable_code = false;
    bool has_text_relocations = false;
    bool has_static_tls = false;
    bool binds_at_load = false; // DF_BIND_NOW
    bool has_relro = false;     // PT_GNU_RELRO
};

// Reads the headers of a library, wherever it lies.
//
// Errors: library.missing, path.not-regular, bundle.unreadable; library.not-elf, .truncated,
//         .malformed, .wrong-class and .wrong-machine where it cannot be read on.
[[nodiscard]] PATCHBAY_REGISTRY_API std::expected<LibraryFacts, Refusal>
inspect_library(const std::filesystem::path& file);

// Every rule for the library of a connector that these facts break, each once, with its remedy.
[[nodiscard]] PATCHBAY_REGISTRY_API std::vector<Refusal>
find_library_faults(const LibraryFacts& facts, const std::filesystem::path& file);

} // namespace patchbay::registry
