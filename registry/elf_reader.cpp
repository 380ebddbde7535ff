// SPDX-License-Identifier: Apache-2.0
// Reads what an ELF file that may be hostile tells the loader.

#include "elf_reader.hpp"

#include "refusal.hpp"

#include <patchbay/abi/library.h>

#include <fmt/format.h>

#include <elf.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::registry {
namespace {

// Far beyond what a connector has; they bound our work.
constexpr std::size_t max_dynamic_entries = 4096;
constexpr std::size_t max_symbols = std::size_t{1} << 20U;
constexpr std::size_t max_exports = 10'000;
constexpr std::size_t max_string = 4096;
constexpr std::size_t max_symbol_name = 1024; // what is longer is kept cut

// What the dynamic segment says. Of the first group each tag stands at most once.
struct DynamicTable {
    std::optional<std::uint64_t> strings, strings_size, symbols, symbol_size, hash, gnu_hash;
    std::optional<std::uint64_t> soname, run_path, old_run_path, flags, flags_1;

    std::vector<std::uint64_t> dependencies, auditors;
    bool has_text_relocations = false;
    bool binds_at_load = false;
};

struct DynamicTag {
    std::int64_t tag;
    std::string_view name;
    std::optional<std::uint64_t> DynamicTable::* member;
};

constexpr DynamicTag single_tags[] = {
    {DT_STRTAB, "DT_STRTAB", &DynamicTable::strings},
    {DT_STRSZ, "DT_STRSZ", &DynamicTable::strings_size},
    {DT_SYMTAB, "DT_SYMTAB", &DynamicTable::symbols},
    {DT_SYMENT, "DT_SYMENT", &DynamicTable::symbol_size},
    {DT_HASH, "DT_HASH", &DynamicTable::hash},
    {DT_GNU_HASH, "DT_GNU_HASH", &DynamicTable::gnu_hash},
    {DT_SONAME, "DT_SONAME", &DynamicTable::soname},
    {DT_RUNPATH, "DT_RUNPATH", &DynamicTable::run_path},
    {DT_RPATH, "DT_RPATH", &DynamicTable::old_run_path},
    {DT_FLAGS, "DT_FLAGS", &DynamicTable::flags},
    {DT_FLAGS_1, "DT_FLAGS_1", &DynamicTable::flags_1},
};

ElfResult<void> add_entry(DynamicTable& table, const Elf64_Dyn& entry) {
    switch (entry.d_tag) {
    case DT_NEEDED:
        table.dependencies.push_back(entry.d_un.d_val);
        return {};
    case DT_AUDIT:
    case DT_DEPAUDIT:
    case DT_FILTER:
    case DT_AUXILIARY:
        table.auditors.push_back(entry.d_un.d_val);
        return {};
    case DT_TEXTREL:
        table.has_text_relocations = true;
        return {};
    case DT_BIND_NOW:
        table.binds_at_load = true;
        return {};
    default:
        break;
    }
    const auto* known = std::ranges::find(single_tags, entry.d_tag, &DynamicTag::tag);
    if (known == std::end(single_tags)) return {};
    auto& value = table.*known->member;
    // The loader takes the last; a reader that takes the first would see another library.
    if (value) return malformed(fmt::format("has the dynamic entry {} twice", known->name));
    value = entry.d_un.d_val;
    return {};
}

// By address, as the loader finds it: the offset in the program header may tell something else.
ElfResult<DynamicTable> read_dynamic_table(const ElfImage& image) {
    const auto& segment = *image.find_segment(PT_DYNAMIC);
    const auto count = segment.p_filesz / sizeof(Elf64_Dyn);
    if (count > max_dynamic_entries) {
        return malformed(
            fmt::format("its dynamic segment has {} entries, more than the {} that are "
                        "looked at",
                        count, max_dynamic_entries));
    }
    const auto entries = image.read_loaded<Elf64_Dyn>(segment.p_vaddr, count, "dynamic segment");
    if (!entries) return std::unexpected(entries.error());
    DynamicTable table;
    for (const auto& entry : *entries) {
        if (entry.d_tag != DT_NULL) {
            if (auto ok = add_entry(table, entry); !ok) return std::unexpected(ok.error());
            continue;
        }
        if (table.strings && table.strings_size && table.symbols &&
            table.symbol_size == sizeof(Elf64_Sym) && (table.hash || table.gnu_hash)) {
            return table;
        }
        return malformed("its dynamic segment lacks strings, symbols or their hash table");
    }
    // The loader reads on behind it, and would see what we do not.
    return malformed("its dynamic segment has no end (DT_NULL)");
}

// The string table, read string by string.
class Strings {
  public:
    static ElfResult<Strings> open(const ElfImage& image, const DynamicTable& table) {
        const auto place = image.locate(*table.strings, *table.strings_size, "string table");
        if (!place) return std::unexpected(place.error());
        return Strings(image, place->offset, *table.strings_size);
    }

    [[nodiscard]] ElfResult<std::string> read(std::uint64_t at) const {
        auto text = read_beginning(at, max_string);
        if (text && text->size() == max_string) {
            return malformed(fmt::format("has a string of more than {} bytes", max_string));
        }
        return text;
    }

    // Reads a string up to max bytes of it.
    [[nodiscard]] ElfResult<std::string> read_beginning(std::uint64_t at, std::size_t max) const {
        if (at >= size_) {
            return malformed(fmt::format("points to {} in a string table of {} bytes", at, size_));
        }
        std::string text(std::min<std::uint64_t>(max, size_ - at), '\0');
        if (auto ok = image_->read(offset_ + at, std::as_writable_bytes(std::span(text))); !ok) {
            return std::unexpected(ok.error());
        }
        const auto end = text.find('\0');
        if (end == std::string::npos && text.size() < max) {
            return malformed("its string table ends within a string");
        }
        text.resize(std::min(end, text.size()));
        return text;
    }

    ElfResult<void> read_all(const std::vector<std::uint64_t>& from,
                             std::vector<std::string>& to) const {
        for (const auto at : from) {
            auto text = read(at);
            if (!text) return std::unexpected(text.error());
            to.push_back(std::move(*text));
        }
        return {};
    }

  private:
    Strings(const ElfImage& image, std::uint64_t offset, std::uint64_t size)
        : image_(&image), offset_(offset), size_(size) {}

    const ElfImage* image_;
    std::uint64_t offset_;
    std::uint64_t size_;
};

std::vector<std::string> split_run_path(std::string_view path) {
    std::vector<std::string> parts;
    while (true) {
        const auto colon = path.find(':');
        parts.emplace_back(path.substr(0, colon));
        if (colon == std::string_view::npos) return parts;
        path.remove_prefix(colon + 1);
    }
}

ElfResult<void> read_texts(const DynamicTable& table, const Strings& strings, LibraryFacts& facts) {
    if (auto ok = strings.read_all(table.dependencies, facts.dependencies); !ok) return ok;
    if (auto ok = strings.read_all(table.auditors, facts.auditors); !ok) return ok;
    if (table.soname) {
        auto soname = strings.read(*table.soname);
        if (!soname) return std::unexpected(soname.error());
        facts.soname = std::move(*soname);
    }
    if (table.run_path) {
        const auto run_path = strings.read(*table.run_path);
        if (!run_path) return std::unexpected(run_path.error());
        facts.run_path = split_run_path(*run_path);
    }
    if (table.old_run_path) {
        auto old_run_path = strings.read(*table.old_run_path);
        if (!old_run_path) return std::unexpected(old_run_path.error());
        facts.old_run_path = std::move(*old_run_path);
    }
    return {};
}

// The symbols that can be found by name: those from first up to, without, end.
struct SymbolRange {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
};

// DT_HASH tells how many symbols there are.
ElfResult<SymbolRange> read_hash_range(const ElfImage& image, std::uint64_t address) {
    const auto counts = image.read_loaded<std::uint32_t>(address, 2, "symbol hash table");
    if (!counts) return std::unexpected(counts.error());
    // The loader divides by the number of buckets.
    if (counts->front() == 0) return malformed("its symbol hash table has no buckets");
    return SymbolRange{1, counts->back()};
}

// Finds the end of the chain that begins at an address: its last link has the lowest bit set.
// Answers how many links come before it.
ElfResult<std::uint64_t> read_chain_length(const ElfImage& image, std::uint64_t address,
                                           std::string_view what) {
    constexpr std::uint64_t link_size = sizeof(std::uint32_t);
    constexpr std::uint64_t at_once = 256;
    const auto place = image.locate(address, link_size, what);
    if (!place) return std::unexpected(place.error());
    const auto count = std::min<std::uint64_t>(place->size_bytes / link_size, max_symbols);
    for (std::uint64_t first = 0; first < count; first += at_once) {
        const auto links = image.read_items<std::uint32_t>(place->offset + first * link_size,
                                                           std::min(at_once, count - first));
        if (!links) return std::unexpected(links.error());
        const auto last = std::ranges::find_if(*links, [](auto link) { return (link & 1U) != 0; });
        if (last != links->end()) return first + static_cast<std::uint64_t>(last - links->begin());
    }
    return malformed("its GNU symbol hash table has no end");
}

// DT_GNU_HASH holds the symbols from a first one on; the highest bucket's chain ends at the last.
ElfResult<SymbolRange> read_gnu_hash_range(const ElfImage& image, std::uint64_t address) {
    constexpr std::string_view what = "GNU symbol hash table";
    const auto header = image.read_loaded<std::uint32_t>(address, 4, what);
    if (!header) return std::unexpected(header.error());
    const std::uint64_t bucket_count = (*header)[0];
    const std::uint64_t first = (*header)[1];
    const auto filter_size = (*header)[2];
    // The loader divides by the one and takes the other for a power of two.
    if (bucket_count == 0 || bucket_count > max_symbols || filter_size > max_symbols ||
        !std::has_single_bit(filter_size)) {
        return malformed(fmt::format("its GNU symbol hash table has {} buckets and a filter of {} "
                                     "words",
                                     bucket_count, filter_size));
    }
    const auto buckets_at =
        address + sizeof(std::uint32_t) * 4 + sizeof(std::uint64_t) * filter_size;
    const auto buckets = image.read_loaded<std::uint32_t>(buckets_at, bucket_count, what);
    if (!buckets) return std::unexpected(buckets.error());
    const std::uint64_t highest = std::ranges::max(*buckets);
    if (highest == 0) return SymbolRange{};
    if (std::ranges::any_of(*buckets, [first](auto at) { return at != 0 && at < first; })) {
        return malformed("its GNU symbol hash table points before its own symbols");
    }
    const auto chains_at = buckets_at + bucket_count * sizeof(std::uint32_t);
    const auto more =
        read_chain_length(image, chains_at + (highest - first) * sizeof(std::uint32_t), what);
    if (!more) return std::unexpected(more.error());
    return SymbolRange{first, highest + *more + 1};
}

// Each table alone can be what a loader goes by, so that the symbols of both count.
ElfResult<SymbolRange> read_symbol_range(const ElfImage& image, const DynamicTable& table) {
    SymbolRange range;
    if (table.gnu_hash) {
        const auto found = read_gnu_hash_range(image, *table.gnu_hash);
        if (!found) return found;
        range = *found;
    }
    if (table.hash) {
        const auto found = read_hash_range(image, *table.hash);
        if (!found) return found;
        range = {found->first, std::max(range.end, found->end)};
    }
    if (range.end > max_symbols) {
        return malformed(fmt::format("has {} dynamic symbols, more than the {} that are looked at",
                                     range.end, max_symbols));
    }
    return range;
}

bool is_export(const Elf64_Sym& symbol) {
    const auto binding = ELF64_ST_BIND(symbol.st_info);
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    return symbol.st_shndx != SHN_UNDEF &&
           (binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE) &&
           (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

ElfResult<void> add_export(const ElfImage& image, const Strings& strings, const Elf64_Sym& symbol,
                           LibraryFacts& facts) {
    auto name = strings.read_beginning(symbol.st_name, max_symbol_name);
    if (!name) return std::unexpected(name.error());
    if (facts.exports.size() == max_exports) {
        return std::unexpected(ElfFault{
            RefusalCode::library_extra_exports,
            fmt::format("exports more than {} symbols, where a connector exports {} alone; "
                        "link it with a version script, as patchbay_add_connector does",
                        max_exports, PATCHBAY_CONNECTOR_ENTRY_SYMBOL)});
    }
    if (*name == PATCHBAY_CONNECTOR_ENTRY_SYMBOL && ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
        image.is_code(symbol.st_value)) {
        facts.exports_entry_function = true;
    }
    if (ELF64_ST_BIND(symbol.st_info) == STB_GNU_UNIQUE) facts.unique_symbols.push_back(*name);
    facts.exports.push_back(std::move(*name));
    return {};
}

ElfResult<void> read_exports(const ElfImage& image, const DynamicTable& table,
                             const Strings& strings, LibraryFacts& facts) {
    const auto range = read_symbol_range(image, table);
    if (!range) return std::unexpected(range.error());
    const auto place = image.locate(*table.symbols, range->end * sizeof(Elf64_Sym), "symbol table");
    if (!place) return std::unexpected(place.error());
    constexpr std::uint64_t at_once = 512;
    for (auto first = range->first; first < range->end; first += at_once) {
        const auto symbols = image.read_items<Elf64_Sym>(place->offset + first * sizeof(Elf64_Sym),
                                                         std::min(at_once, range->end - first));
        if (!symbols) return std::unexpected(symbols.error());
        for (const auto& symbol : *symbols) {
            if (!is_export(symbol)) continue;
            if (auto ok = add_export(image, strings, symbol, facts); !ok) return ok;
        }
    }
    return {};
}

void read_flags(const ElfImage& image, const DynamicTable& table, LibraryFacts& facts) {
    const auto flags = table.flags.value_or(0);
    const auto flags_1 = table.flags_1.value_or(0);
    facts.has_text_relocations = table.has_text_relocations || (flags & DF_TEXTREL) != 0;
    facts.has_static_tls = (flags & DF_STATIC_TLS) != 0;
    facts.binds_at_load =
        table.binds_at_load || (flags & DF_BIND_NOW) != 0 || (flags_1 & DF_1_NOW) != 0;
    facts.is_program = (flags_1 & DF_1_PIE) != 0;

    facts.has_relro = image.find_segment(PT_GNU_RELRO) != nullptr;
    // Where the file does not say, the loader makes the stack executable.
    facts.has_executable_stack = image.find_segment(PT_GNU_STACK) == nullptr;
    for (const auto& segment : image.segments()) {
        const bool executable = (segment.p_flags & PF_X) != 0;
        const bool writable = (segment.p_flags & PF_W) != 0;
        if (segment.p_type == PT_GNU_STACK && executable) facts.has_executable_stack = true;
        if (segment.p_type == PT_LOAD && executable && writable) facts.has_writable_code = true;
    }
}

} // namespace

ElfResult<LibraryFacts> read_elf(ByteSource& source) {
    const auto image = ElfImage::open(source);
    if (!image) return std::unexpected(image.error());
    LibraryFacts facts;
    facts.machine = image->header().e_machine;
    facts.type = image->header().e_type;
    facts.os_abi = image->header().e_ident[EI_OSABI];
    if (facts.type != ET_DYN) return facts;

    const auto table = read_dynamic_table(*image);
    if (!table) return std::unexpected(table.error());
    const auto strings = Strings::open(*image, *table);
    if (!strings) return std::unexpected(strings.error());
    if (auto ok = read_texts(*table, *strings, facts); !ok) return std::unexpected(ok.error());
    if (auto ok = read_exports(*image, *table, *strings, facts); !ok) {
        return std::unexpected(ok.error());
    }
    read_flags(*image, *table, facts);
    return facts;
}

ElfResult<LibraryFacts> read_elf(std::span<const std::byte> file) {
    SpanBytes source(file);
    return read_elf(source);
}

std::expected<LibraryFacts, Refusal> read_library(int fd, std::uint64_t size_bytes,
                                                  const std::filesystem::path& file) {
    FileBytes source(fd, size_bytes);
    auto facts = read_elf(source);
    if (facts) return std::move(*facts);
    return std::unexpected(make_refusal(facts.error().code, file, facts.error().message));
}

} // namespace patchbay::registry
