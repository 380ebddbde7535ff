// SPDX-License-Identifier: Apache-2.0
// What is read from libraries that linkers made, and from ones that were altered since.

#include "test_bundle.hpp"

#include <patchbay/registry/library.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>
#include <registry/elf_reader.hpp>
#include <registry/file_access.hpp>

#include <fmt/core.h>

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

using namespace patchbay::registry;
using patchbay::test::TempDir;
using patchbay::test::test_library;

namespace {

std::string codes(const std::vector<Refusal>& faults) {
    std::string text;
    for (const auto& fault : faults)
        text.append(text.empty() ? "" : " ").append(code_text(fault.code));
    return text;
}

// A library in memory, with a view of its structures to alter.
class Library {
  public:
    explicit Library(const char* name) : bytes_(patchbay::test::read_file(test_library(name))) {}

    std::string& bytes() { return bytes_; }

    template <typename T>
    T& at(std::uint64_t offset) {
        REQUIRE(offset + sizeof(T) <= bytes_.size());
        return *reinterpret_cast<T*>(bytes_.data() + offset);
    }

    Elf64_Ehdr& header() { return at<Elf64_Ehdr>(0); }

    Elf64_Phdr& segment(std::uint32_t type, std::size_t index = 0) {
        for (std::size_t i = 0; i < header().e_phnum; ++i) {
            auto& segment = at<Elf64_Phdr>(header().e_phoff + i * sizeof(Elf64_Phdr));
            if (segment.p_type == type && index-- == 0) return segment;
        }
        FAIL("no segment of type " << type);
        std::abort();
    }

    Elf64_Dyn& dynamic(std::int64_t tag) {
        const auto& segment = this->segment(PT_DYNAMIC);
        for (auto offset = segment.p_offset;; offset += sizeof(Elf64_Dyn)) {
            auto& entry = at<Elf64_Dyn>(offset);
            if (entry.d_tag == tag) return entry;
            REQUIRE(entry.d_tag != DT_NULL);
        }
    }

    // The tables of these libraries stand in the first segment, where addresses are offsets.
    std::uint32_t& gnu_hash(std::size_t word) {
        return at<std::uint32_t>(dynamic(DT_GNU_HASH).d_un.d_val + word * sizeof(std::uint32_t));
    }

    std::expected<LibraryFacts, ElfFault> read() {
        return read_elf(std::as_bytes(std::span(bytes_)));
    }

    // The codes of all that is wrong with it.
    std::string faults() {
        const auto facts = read();
        if (!facts) return std::string(code_text(facts.error().code));
        return codes(find_library_faults(*facts, "library.so"));
    }

  private:
    std::string bytes_;
};

} // namespace

TEST_CASE("a library that keeps the rules has one export and no fault", "[registry][elf]") {
    for (const auto* name : {"good.so", "good_sysv_hash.so", "good_gnu_hash.so",
                             "good_both_hashes.so", "good_origin_run_path.so"}) {
        INFO(name);
        const auto facts = Library(name).read();

        REQUIRE(facts.has_value());
        CHECK(facts->exports == std::vector<std::string>{"patchbay_connector_entry"});
        CHECK(facts->exports_entry_function);
        CHECK(facts->binds_at_load);
        CHECK(facts->has_relro);
        CHECK(codes(find_library_faults(*facts, name)).empty());
    }
    CHECK(Library("good_origin_run_path.so").read()->run_path ==
          std::vector<std::string>{"$ORIGIN", "$ORIGIN/lib"});
}

TEST_CASE("a library that breaks a rule is refused for it, by name", "[registry][elf]") {
    const struct {
        const char* library;
        const char* codes;
        const char* names;
    } cases[] = {
        {"no_entry.so", "library.no-entry",
         "does not export the function patchbay_connector_entry"},
        {"entry_is_data.so", "library.no-entry", "something that is not the function"},
        {"extra_export.so", "library.extra-exports", "\"leaked_helper\""},
        {"unique_symbol.so", "library.unique-symbols library.extra-exports", "\"shared_by_all\""},
        {"executable_stack.so", "library.executable-stack", "noexecstack"},
        {"writable_code.so", "library.writable-code", "writable and executable"},
        {"text_relocation.so", "library.text-relocations", "DT_TEXTREL"},
        {"static_tls.so", "library.static-tls", "DF_STATIC_TLS"},
        {"run_path.so", "library.run-path", "\"/opt/elsewhere\""},
        {"run_path_climbs_out.so", "library.run-path", "\"$ORIGIN/../elsewhere\""},
        {"old_run_path.so", "library.run-path", "DT_RPATH"},
        {"audit.so", "library.audit", "\"libaudit_me.so\""},
        {"filter.so", "library.audit", "\"libinstead.so\""},
        {"dependency_path.so", "library.dependency-path", "good.so\""},
        {"program", "library.not-shared", "is a program"},
    };
    for (const auto& wrong : cases) {
        INFO(wrong.library);
        const auto file = test_library(wrong.library);
        const auto facts = inspect_library(file);

        REQUIRE(facts.has_value());
        const auto faults = find_library_faults(*facts, file);
        CHECK(codes(faults) == wrong.codes);
        REQUIRE_FALSE(faults.empty());
        CHECK(faults.front().path == file);
        CHECK(faults.front().message.starts_with(file.string() + ": "));
        CHECK(faults.front().message.contains(wrong.names));
    }
}

TEST_CASE("a library that binds late or without RELRO says so", "[registry][elf]") {
    const auto facts = Library("lazy_without_relro.so").read();

    REQUIRE(facts.has_value());
    CHECK_FALSE(facts->binds_at_load);
    CHECK_FALSE(facts->has_relro);
}

TEST_CASE("a library for another machine is refused, naming both", "[registry][elf]") {
    Library library("good.so");
    const auto here = library.header().e_machine;

    library.header().e_machine = here == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;
    const auto faults = find_library_faults(*library.read(), "library.so");

    CHECK(codes(faults) == "library.wrong-machine");
    CHECK(faults.front().message.contains(here == EM_AARCH64 ? "x86-64" : "AArch64"));

    library.header().e_machine = 0x1234;
    CHECK(find_library_faults(*library.read(), "").front().message.contains("machine 4660"));
}

TEST_CASE("an altered header is refused or does not matter", "[registry][elf]") {
    using Alter = std::function<void(Library&)>;
    const struct {
        const char* what;
        Alter alter;
        const char* codes;
    } cases[] = {
        {"32 bits", [](auto& l) { l.header().e_ident[EI_CLASS] = ELFCLASS32; },
         "library.wrong-class"},
        {"no class", [](auto& l) { l.header().e_ident[EI_CLASS] = 7; }, "library.malformed"},
        {"byte order", [](auto& l) { l.header().e_ident[EI_DATA] ^= 3; }, "library.wrong-machine"},
        {"version", [](auto& l) { l.header().e_version = 9; }, "library.malformed"},
        {"FreeBSD", [](auto& l) { l.header().e_ident[EI_OSABI] = ELFOSABI_FREEBSD; },
         "library.wrong-machine"},
        {"executable", [](auto& l) { l.header().e_type = ET_EXEC; }, "library.not-shared"},
        {"object file", [](auto& l) { l.header().e_type = ET_REL; }, "library.not-shared"},
        {"magic", [](auto& l) { l.header().e_ident[1] = 'e'; }, "library.not-elf"},
        {"no segments", [](auto& l) { l.header().e_phnum = 0; }, "library.malformed"},
        {"endless segments", [](auto& l) { l.header().e_phnum = 0xffff; }, "library.malformed"},
        {"segment size", [](auto& l) { l.header().e_phentsize = 32; }, "library.malformed"},
        {"segments behind the end", [](auto& l) { l.header().e_phoff = l.bytes().size(); },
         "library.truncated"},
        {"segments at infinity", [](auto& l) { l.header().e_phoff = UINT64_MAX - 8; },
         "library.truncated"},
        {"segment behind the end", [](auto& l) { l.segment(PT_LOAD, 1).p_offset += 1U << 20U; },
         "library.truncated"},
        {"segment at infinity", [](auto& l) { l.segment(PT_LOAD).p_filesz = UINT64_MAX; },
         "library.malformed"},
        {"segment not on its page", [](auto& l) { l.segment(PT_LOAD).p_vaddr += 8; },
         "library.malformed"},
        {"segments overlap",
         [](auto& l) { l.segment(PT_LOAD, 1).p_vaddr = l.segment(PT_LOAD).p_vaddr; },
         "library.malformed"},
        {"address at infinity",
         [](auto& l) { l.segment(PT_LOAD, 1).p_vaddr += 0xfff0000000000000; }, "library.malformed"},
        {"no dynamic segment", [](auto& l) { l.segment(PT_DYNAMIC).p_type = PT_NOTE; },
         "library.malformed"},
        {"two dynamic segments", [](auto& l) { l.segment(PT_GNU_RELRO).p_type = PT_DYNAMIC; },
         "library.malformed"},
        {"dynamic segment elsewhere", [](auto& l) { l.segment(PT_DYNAMIC).p_vaddr += 1U << 20U; },
         "library.malformed"},
        {"dynamic segment is huge", [](auto& l) { l.segment(PT_DYNAMIC).p_filesz = 1U << 30U; },
         "library.malformed"},
        {"dynamic segment without end", [](auto& l) { l.segment(PT_DYNAMIC).p_filesz = 32; },
         "library.malformed"},
        {"stack does not say", [](auto& l) { l.segment(PT_GNU_STACK).p_type = PT_NULL; },
         "library.executable-stack"},
        {"no strings", [](auto& l) { l.dynamic(DT_STRTAB).d_tag = DT_DEBUG; }, "library.malformed"},
        {"strings twice", [](auto& l) { l.dynamic(DT_FINI).d_tag = DT_STRTAB; },
         "library.malformed"},
        {"strings elsewhere", [](auto& l) { l.dynamic(DT_STRTAB).d_un.d_val = 1U << 30U; },
         "library.malformed"},
        {"strings end early", [](auto& l) { l.dynamic(DT_STRSZ).d_un.d_val = 1; },
         "library.malformed"},
        {"strings at infinity", [](auto& l) { l.dynamic(DT_STRSZ).d_un.d_val = UINT64_MAX; },
         "library.malformed"},
        {"symbol size", [](auto& l) { l.dynamic(DT_SYMENT).d_un.d_val = 16; }, "library.malformed"},
        {"symbols elsewhere", [](auto& l) { l.dynamic(DT_SYMTAB).d_un.d_val = UINT64_MAX - 4; },
         "library.malformed"},
        {"no hash table", [](auto& l) { l.dynamic(DT_GNU_HASH).d_tag = DT_DEBUG; },
         "library.malformed"},
        {"no buckets", [](auto& l) { l.gnu_hash(0) = 0; }, "library.malformed"},
        {"endless buckets", [](auto& l) { l.gnu_hash(0) = UINT32_MAX; }, "library.malformed"},
        {"first symbol behind", [](auto& l) { l.gnu_hash(1) = 1000; }, "library.malformed"},
        {"odd filter", [](auto& l) { l.gnu_hash(2) = 3; }, "library.malformed"},
        {"no filter", [](auto& l) { l.gnu_hash(2) = 0; }, "library.malformed"},
        {"soname behind its strings",
         [](auto& l) { l.dynamic(DT_FINI) = {DT_SONAME, {UINT64_MAX}}; }, "library.malformed"},
        {"DT_TEXTREL", [](auto& l) { l.dynamic(DT_FINI).d_tag = DT_TEXTREL; },
         "library.text-relocations"},

        {"section headers",
         [](auto& l) {
             l.header().e_shoff = UINT64_MAX;
             l.header().e_shnum = 0xfff0;
             l.header().e_shstrndx = 0xffff;
         },
         ""},
        {"offset of the dynamic segment, by which nobody goes",
         [](auto& l) { l.segment(PT_DYNAMIC).p_offset = 0; }, ""},
    };
    for (const auto& altered : cases) {
        INFO(altered.what);
        Library library("good_gnu_hash.so");
        REQUIRE(library.faults().empty());

        altered.alter(library);

        CHECK(library.faults() == altered.codes);
    }
}

TEST_CASE("a symbol hash table that a loader would divide by is refused", "[registry][elf]") {
    Library library("good_sysv_hash.so");
    library.at<std::uint32_t>(library.dynamic(DT_HASH).d_un.d_val) = 0;

    CHECK(library.faults() == "library.malformed");
}

TEST_CASE("a run path leads nowhere but beneath its library", "[registry][elf]") {
    auto facts = *Library("good.so").read();
    for (const auto* inside :
         {"$ORIGIN", "${ORIGIN}", "$ORIGIN/", "$ORIGIN/lib/x86..64", "${ORIGIN}/a"}) {
        INFO(inside);
        facts.run_path = {inside};
        CHECK(codes(find_library_faults(facts, "library.so")).empty());
    }
    for (const auto* outside :
         {"", ".", "lib", "/opt/lib", "$ORIGINAL", "$ORIGIN/..", "$ORIGIN/a/../..", "$ORIGIN/$LIB",
          "$LIB", "/opt/$ORIGIN", "$ORIGIN/../lib"}) {
        INFO(outside);
        facts.run_path = {"$ORIGIN", outside};
        const auto faults = find_library_faults(facts, "library.so");
        CHECK(codes(faults) == "library.run-path");
        CHECK(faults.front().message.contains('"' + std::string(outside) + '"'));
    }
}

TEST_CASE("a dependency is a name and no path", "[registry][elf]") {
    auto facts = *Library("good.so").read();
    facts.dependencies = {"libc.so.6", "libstdc++.so.6", "lib$x.so", "./a.so", "$ORIGIN"};

    const auto faults = find_library_faults(facts, "library.so");

    CHECK(codes(faults) == "library.dependency-path");
    CHECK(faults.front().message.contains(R"("lib$x.so", "./a.so", "$ORIGIN")"));
}

TEST_CASE("a hash chain that never ends is refused", "[registry][elf]") {
    Library library("good_gnu_hash.so");
    const auto buckets = library.gnu_hash(0);
    const auto filter_words = library.gnu_hash(2) * 2;
    const auto first_link = 4 + filter_words + buckets;
    const auto end = library.segment(PT_LOAD).p_filesz / sizeof(std::uint32_t);
    for (std::size_t i = first_link; i < end - library.dynamic(DT_GNU_HASH).d_un.d_val / 4; ++i)
        library.gnu_hash(i) &= ~1U;

    const auto facts = library.read();

    REQUIRE_FALSE(facts.has_value());
    CHECK(facts.error().code == RefusalCode::library_malformed);
}

TEST_CASE("a symbol that either hash table finds is an export", "[registry][elf]") {
    // DT_GNU_HASH still finds the entry alone; DT_HASH is told of both.
    Library library("good_both_hashes.so");
    const auto symbols = library.dynamic(DT_SYMTAB).d_un.d_val;
    const auto entry_index = library.gnu_hash(1);
    REQUIRE(entry_index >= 1);
    auto& hash_count = library.at<std::uint32_t>(library.dynamic(DT_HASH).d_un.d_val + 4);
    REQUIRE(hash_count == entry_index + 1);
    const auto entry = library.at<Elf64_Sym>(symbols + entry_index * sizeof(Elf64_Sym));
    ++hash_count;
    library.at<Elf64_Sym>(symbols + (entry_index + 1) * sizeof(Elf64_Sym)) = entry;

    const auto facts = library.read();

    REQUIRE(facts.has_value());
    CHECK(facts->exports.size() == 2);
}

TEST_CASE("a library cut off anywhere is refused", "[registry][elf]") {
    Library whole("good.so");
    const auto size = whole.bytes().size();
    const auto loaded_end = [&] {
        std::uint64_t end = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto& segment = whole.segment(PT_LOAD, i);
            end = std::max(end, segment.p_offset + segment.p_filesz);
        }
        return end;
    }();
    REQUIRE(loaded_end < size);
    for (std::size_t cut = 0; cut < size; cut += 64) {
        INFO(cut << " of " << size << " bytes");
        Library library("good.so");
        library.bytes().resize(cut);

        // What stands behind the last segment is not loaded: symbols for debuggers, section
        // headers.
        const auto faults = library.faults();
        if (cut == 0) {
            CHECK(faults == "library.not-elf");
        } else if (cut < loaded_end) {
            CHECK(faults == "library.truncated");
        } else {
            CHECK(faults.empty());
        }
    }
}

TEST_CASE("no altered byte makes the reader crash or answer without bounds",
          "[registry][elf][slow]") {
    const auto* replay = std::getenv("REPLAY"); // NOLINT(concurrency-mt-unsafe): one thread
    const auto seed =
        replay != nullptr ? std::strtoul(replay, nullptr, 10) : std::random_device()();
    fmt::print("REPLAY={}\n", seed);
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t end) { return random() % end; };

    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (const auto* name : {"good_gnu_hash.so", "good_both_hashes.so", "unique_symbol.so"}) {
        Library library(name);
        auto& bytes = library.bytes();
        const auto original = bytes;
        const auto dynamic_at = library.segment(PT_DYNAMIC).p_offset;
        for (int round = 0; round < 40'000; ++round) {
            // Mostly where the structures are: the headers and tables, and the dynamic segment.
            std::vector<std::size_t> changed;
            for (std::size_t i = 0; i <= below(6); ++i) {
                const std::size_t places[] = {below(0x400), dynamic_at + below(0x200),
                                              below(bytes.size())};
                changed.push_back(places[below(3)]);
                const char values[] = {0, 1, '\x7f', '\xff', static_cast<char>(random())};
                bytes[changed.back()] = values[below(5)];
            }

            const auto facts = library.read();
            if (facts) {
                ++accepted;
                REQUIRE(facts->exports.size() <= 10'000);
                static_cast<void>(find_library_faults(*facts, name));
            } else {
                ++refused;
                REQUIRE_FALSE(facts.error().message.empty());
            }
            for (const auto offset : changed)
                bytes[offset] = original[offset];
        }
    }
    CHECK(accepted > 1000);
    CHECK(refused > 1000);
}

TEST_CASE("a library that shrinks while it is read is refused", "[registry][elf]") {
    const TempDir temp;
    // Longer than what the reader takes at once.
    const auto file = temp.write("library.so", patchbay::test::read_file(test_library("good.so")) +
                                                   std::string(std::size_t{64} * 1024, '\0'));
    const auto fd = open_entry(AT_FDCWD, file.c_str(), O_RDONLY);
    REQUIRE(fd.has_value());
    const auto size = std::filesystem::file_size(file);
    REQUIRE(read_library(fd->get(), size, file).has_value());

    std::filesystem::resize_file(file, 4096);
    const auto facts = read_library(fd->get(), size, file);

    REQUIRE_FALSE(facts.has_value());
    CHECK(facts.error().code == RefusalCode::library_truncated);
    CHECK(facts.error().path == file);
}

TEST_CASE("bytes behind those that are read at once are the file's own", "[registry][elf]") {
    const TempDir temp;
    std::string content(40'000, '\0');
    for (std::size_t i = 0; i < content.size(); ++i)
        content[i] = static_cast<char>(i % 251);
    const auto file = temp.write("file", content);
    const auto fd = open_entry(AT_FDCWD, file.c_str(), O_RDONLY);
    REQUIRE(fd.has_value());
    FileBytes source(fd->get(), content.size());

    for (const std::size_t offset : {0U, 16'380U, 16'384U, 30'000U, 39'990U}) {
        std::string out(10, '\0');
        CHECK(source.read(offset, std::as_writable_bytes(std::span(out))));
        CHECK(out == content.substr(offset, 10));
    }
    std::string out(10, '\0');
    CHECK_FALSE(source.read(39'991, std::as_writable_bytes(std::span(out))));
    CHECK_FALSE(source.read(UINT64_MAX, std::as_writable_bytes(std::span(out))));
}

TEST_CASE("a path that is no library is named with what it is", "[registry][elf]") {
    const TempDir temp;
    REQUIRE(::mkfifo((temp.path() / "pipe").c_str(), 0600) == 0);
    const auto text = temp.write("notes.txt", "not a library");

    CHECK(inspect_library(temp.path() / "none.so").error().code == RefusalCode::library_missing);
    CHECK(inspect_library(temp.path() / "pipe").error().code == RefusalCode::path_not_regular);
    CHECK(inspect_library(temp.path()).error().code == RefusalCode::path_not_regular);
    const auto facts = inspect_library(text);
    REQUIRE_FALSE(facts.has_value());
    CHECK(facts.error().code == RefusalCode::library_not_elf);
    CHECK(facts.error().message.starts_with(text.string() + ": is no ELF file"));
}
