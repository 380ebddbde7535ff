// SPDX-License-Identifier: Apache-2.0
// Reads what an ELF file that may be hostile tells the loader.
#pragma once

#include "byte_source.hpp"
#include "elf_image.hpp"

#include <patchbay/registry/library.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <span>

namespace patchbay::registry {

// Reads what the loader would: program headers, and from them by virtual address the dynamic
// segment, its strings, and the symbols that its hash tables can find. Section headers are not
// looked at; they may be absent, or lie. A pure function of the bytes, with bounds on what it reads
// and keeps. Of a file that is no ET_DYN it tells type and machine only.
//
// Errors: library.not-elf, library.truncated, library.malformed, library.wrong-class (32 bits),
//         library.wrong-machine (the other byte order), library.extra-exports (beyond counting).
// Source: System V gABI 4.1, chapters 4 and 5; for DT_GNU_HASH the layout that GNU ld writes.
[[nodiscard]] std::expected<LibraryFacts, ElfFault> read_elf(ByteSource& source);
[[nodiscard]] std::expected<LibraryFacts, ElfFault> read_elf(std::span<const std::byte> file);

// The same for an open file; the fault becomes a refusal of that file.
[[nodiscard]] std::expected<LibraryFacts, Refusal> read_library(int fd, std::uint64_t size_bytes,
                                                                const std::filesystem::path& file);

} // namespace patchbay::registry
