// SPDX-License-Identifier: Apache-2.0
// The headers of an ELF file, and the bytes that it would have in memory.
#pragma once

#include "byte_source.hpp"

#include <patchbay/registry/bundle.hpp>

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace patchbay::registry {

struct ElfFault {
    RefusalCode code;
    std::string message; // without the file
};

template <typename T>
using ElfResult = std::expected<T, ElfFault>;

[[nodiscard]] std::unexpected<ElfFault> malformed(std::string message);

// ELF header and program headers, checked as far as the loader relies on them: segments lie in the
// file, ascend by address, and share no page, so that each address has one place in the file.
class ElfImage {
  public:
    // Reads the headers; source must outlive the image.
    [[nodiscard]] static ElfResult<ElfImage> open(ByteSource& source);

    [[nodiscard]] const Elf64_Ehdr& header() const { return header_; }

    // Empty where the file is no ET_DYN: of another type only the header is read.
    [[nodiscard]] const std::vector<Elf64_Phdr>& segments() const { return segments_; }

    // The only segment of this type, or null. Of PT_DYNAMIC the loader takes the last, so that a
    // file with two is malformed.
    [[nodiscard]] const Elf64_Phdr* find_segment(std::uint32_t type) const;

    // A piece of the file that the loader maps.
    struct Place {
        std::uint64_t offset;
        std::uint64_t size_bytes; // from there to the end of its segment in the file
    };

    // Finds the place of an address with at least size_bytes behind it.
    [[nodiscard]] ElfResult<Place> locate(std::uint64_t address, std::uint64_t size_bytes,
                                          std::string_view what) const;

    // Whether an address is executable.
    [[nodiscard]] bool is_code(std::uint64_t address) const;

    [[nodiscard]] ElfResult<void> read(std::uint64_t offset, std::span<std::byte> out) const;

    // Reads items at an offset. The caller bounds their number.
    template <typename T>
    [[nodiscard]] ElfResult<std::vector<T>> read_items(std::uint64_t offset,
                                                       std::size_t count) const {
        static_assert(std::is_trivially_copyable_v<T>);
        std::vector<T> items(count);
        if (auto ok = read(offset, std::as_writable_bytes(std::span(items))); !ok) {
            return std::unexpected(ok.error());
        }
        return items;
    }

    // Reads items that stand at an address once the file is loaded.
    template <typename T>
    [[nodiscard]] ElfResult<std::vector<T>> read_loaded(std::uint64_t address, std::size_t count,
                                                        std::string_view what) const {
        const auto place = locate(address, count * sizeof(T), what);
        if (!place) return std::unexpected(place.error());
        return read_items<T>(place->offset, count);
    }

  private:
    explicit ElfImage(ByteSource& source) : source_(&source) {}

    [[nodiscard]] ElfResult<void> read_header();
    [[nodiscard]] ElfResult<void> read_segments();
    [[nodiscard]] ElfResult<void> add_loaded(const Elf64_Phdr& segment);

    ByteSource* source_;
    Elf64_Ehdr header_{};
    std::vector<Elf64_Phdr> segments_;
    std::vector<Elf64_Phdr> loaded_; // PT_LOAD, by address
};

} // namespace patchbay::registry
