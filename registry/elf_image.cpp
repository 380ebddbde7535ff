// SPDX-License-Identifier: Apache-2.0
// The headers of an ELF file, and the bytes that it would have in memory.

#include "elf_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace patchbay::registry {
namespace {

// Far beyond what a connector has; they bound our work.
constexpr std::size_t max_segments = 512;
constexpr std::uint64_t max_address = std::uint64_t{1} << 56U;

// The smallest page of the machines we run on: what shares one is mapped together.
constexpr std::uint64_t page_size = 4096;
constexpr std::uint64_t page_of(std::uint64_t address) {
    return address / page_size;
}

std::unexpected<ElfFault> truncated(std::string_view message) {
    return std::unexpected(
        ElfFault{RefusalCode::library_truncated,
                 fmt::format("is cut off: it {}; copy or build the library again", message)});
}

// What the first bytes say to any reader: whether this is ELF, of which class and byte order.
ElfResult<void> check_identity(std::span<const unsigned char, EI_NIDENT> identity) {
    if (identity[EI_CLASS] == ELFCLASS32) {
        return std::unexpected(ElfFault{
            RefusalCode::library_wrong_class,
            "is a 32-bit library, and this Patchbay is a 64-bit program; install the build of the "
            "connector for this machine"});
    }
    if (identity[EI_CLASS] != ELFCLASS64) {
        return malformed(fmt::format("has the ELF class {}", identity[EI_CLASS]));
    }
    constexpr bool little = std::endian::native == std::endian::little;
    if (identity[EI_DATA] != (little ? ELFDATA2LSB : ELFDATA2MSB)) {
        return std::unexpected(ElfFault{
            RefusalCode::library_wrong_machine,
            "is built for a machine of the other byte order; install the build of the connector "
            "for this machine"});
    }
    if (identity[EI_VERSION] != EV_CURRENT) {
        return malformed(fmt::format("has the ELF version {}", identity[EI_VERSION]));
    }
    return {};
}

} // namespace

std::unexpected<ElfFault> malformed(std::string message) {
    message += "; no linker writes that: copy or build the library again";
    return std::unexpected(ElfFault{RefusalCode::library_malformed, std::move(message)});
}

ElfResult<ElfImage> ElfImage::open(ByteSource& source) {
    ElfImage image(source);
    if (auto ok = image.read_header(); !ok) return std::unexpected(ok.error());
    if (image.header_.e_type != ET_DYN) return image;
    if (auto ok = image.read_segments(); !ok) return std::unexpected(ok.error());
    return image;
}

ElfResult<void> ElfImage::read_header() {
    std::array<unsigned char, EI_NIDENT> identity{};
    const bool enough = source_->read(0, std::as_writable_bytes(std::span(identity)));
    if (!enough || std::memcmp(identity.data(), ELFMAG, SELFMAG) != 0) {
        return std::unexpected(
            ElfFault{RefusalCode::library_not_elf,
                     "is no ELF file, which every shared library of Linux is; the manifest's "
                     "\"library\" must name the connector's .so"});
    }
    if (auto ok = check_identity(identity); !ok) return ok;
    if (auto ok = read(0, std::as_writable_bytes(std::span(&header_, 1))); !ok) return ok;
    if (header_.e_version != EV_CURRENT) {
        return malformed(fmt::format("has the ELF version {}", header_.e_version));
    }
    return {};
}

ElfResult<void> ElfImage::read_segments() {
    if (header_.e_phentsize != sizeof(Elf64_Phdr)) {
        return malformed(fmt::format("has program headers of {} bytes instead of {}",
                                     header_.e_phentsize, sizeof(Elf64_Phdr)));
    }
    if (header_.e_phnum == 0 || header_.e_phnum > max_segments) {
        return malformed(fmt::format("has {} program headers instead of 1 to {}", header_.e_phnum,
                                     max_segments));
    }
    auto segments = read_items<Elf64_Phdr>(header_.e_phoff, header_.e_phnum);
    if (!segments) return std::unexpected(segments.error());
    segments_ = std::move(*segments);
    for (const auto& segment : segments_) {
        if (segment.p_type != PT_LOAD || segment.p_memsz == 0) continue;
        if (auto ok = add_loaded(segment); !ok) return ok;
    }
    if (std::ranges::count(segments_, Elf64_Word{PT_DYNAMIC}, &Elf64_Phdr::p_type) != 1) {
        return malformed("has not one dynamic segment, but none or several");
    }
    return {};
}

ElfResult<void> ElfImage::add_loaded(const Elf64_Phdr& segment) {
    if (segment.p_filesz > segment.p_memsz || segment.p_vaddr > max_address ||
        segment.p_memsz > max_address ||
        segment.p_vaddr % page_size != segment.p_offset % page_size) {
        return malformed(
            fmt::format("its segment at address {:#x} contradicts itself", segment.p_vaddr));
    }
    const auto size = source_->size_bytes();
    if (segment.p_offset > size || segment.p_filesz > size - segment.p_offset) {
        return truncated(fmt::format("has {} bytes, and its segment at byte {} needs {} bytes",
                                     size, segment.p_offset, segment.p_filesz));
    }
    // The loader maps whole pages, a later segment over an earlier one: where two share a page,
    // what stands in memory is not what a reader of either sees.
    if (!loaded_.empty()) {
        const auto& before = loaded_.back();
        if (page_of(segment.p_vaddr) <= page_of(before.p_vaddr + before.p_memsz - 1)) {
            return malformed(fmt::format("its segments at addresses {:#x} and {:#x} overlap",
                                         before.p_vaddr, segment.p_vaddr));
        }
    }
    loaded_.push_back(segment);
    return {};
}

const Elf64_Phdr* ElfImage::find_segment(std::uint32_t type) const {
    const auto found = std::ranges::find(segments_, type, &Elf64_Phdr::p_type);
    return found == segments_.end() ? nullptr : &*found;
}

ElfResult<ElfImage::Place> ElfImage::locate(std::uint64_t address, std::uint64_t size_bytes,
                                            std::string_view what) const {
    for (const auto& segment : loaded_) {
        if (address < segment.p_vaddr) break;
        const auto skipped = address - segment.p_vaddr;
        if (skipped <= segment.p_filesz && size_bytes <= segment.p_filesz - skipped) {
            return Place{segment.p_offset + skipped, segment.p_filesz - skipped};
        }
    }
    return malformed(fmt::format("its {} ({} bytes at address {:#x}) is not in what the file loads",
                                 what, size_bytes, address));
}

bool ElfImage::is_code(std::uint64_t address) const {
    return std::ranges::any_of(loaded_, [address](const Elf64_Phdr& segment) {
        return (segment.p_flags & PF_X) != 0 && address >= segment.p_vaddr &&
               address - segment.p_vaddr < segment.p_filesz;
    });
}

ElfResult<void> ElfImage::read(std::uint64_t offset, std::span<std::byte> out) const {
    if (source_->read(offset, out)) return {};
    return truncated(fmt::format("has {} bytes, and {} are needed from byte {} on",
                                 source_->size_bytes(), out.size(), offset));
}

} // namespace patchbay::registry
