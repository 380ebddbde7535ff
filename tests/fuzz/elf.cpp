// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of ELF files, and the rules that are applied to what it found.

#include "require.hpp"

#include <registry/elf_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

using patchbay::test::require;
namespace registry = patchbay::registry;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto facts = registry::read_elf(std::as_bytes(std::span(data, size)));
    if (!facts) {
        require(!facts.error().message.empty(), "a fault says what it is");
        return 0;
    }
    for (const auto& fault : registry::find_library_faults(*facts, "library.so"))
        require(fault.message.starts_with("library.so: "), "a fault names the file");
    return 0;
}
