// SPDX-License-Identifier: Apache-2.0
// What the library of a connector must be like, and what it may not bring into a process.

#include "elf_reader.hpp"
#include "file_access.hpp"
#include "printable_text.hpp"
#include "refusal.hpp"

#include <patchbay/abi/library.h>
#include <patchbay/registry/library.hpp>

#include <fmt/format.h>

#include <elf.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace patchbay::registry {
namespace {

struct Machine {
    std::uint16_t number;
    std::string_view name;
};

constexpr Machine machines[] = {{EM_X86_64, "x86-64"},  {EM_AARCH64, "AArch64"},
                                {EM_RISCV, "RISC-V"},   {EM_PPC64, "PowerPC 64"},
                                {EM_S390, "IBM S/390"}, {EM_386, "i386"},
                                {EM_ARM, "ARM"},        {EM_LOONGARCH, "LoongArch"}};

#if defined(__x86_64__)
constexpr std::uint16_t this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t this_machine = EM_AARCH64;
#elif defined(__riscv)
constexpr std::uint16_t this_machine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr std::uint16_t this_machine = EM_PPC64;
#elif defined(__s390x__)
constexpr std::uint16_t this_machine = EM_S390;
#elif defined(__loongarch__)
constexpr std::uint16_t this_machine = EM_LOONGARCH;
#else
#error "Name the ELF machine of this processor here."
#endif

constexpr std::string_view relink =
    "link it with a version script that exports nothing else, as patchbay_add_connector does";

std::string machine_text(std::uint16_t number) {
    const auto* machine = std::ranges::find(machines, number, &Machine::number);
    return machine == std::end(machines) ? fmt::format("machine {}", number)
                                         : std::string(machine->name);
}

// The first few of a list, as a message shows them.
std::string some_of(const std::vector<std::string>& names) {
    constexpr std::size_t few = 4;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), few); ++i)
        text += (i == 0 ? "" : ", ") + quote(names[i]);
    if (names.size() > few) text += fmt::format(" and {} more", names.size() - few);
    return text;
}

// Whether a directory of a run path is the library's own, or beneath it.
bool is_beneath_origin(std::string_view directory) {
    for (const std::string_view origin : {"$ORIGIN", "${ORIGIN}"}) {
        if (!directory.starts_with(origin)) continue;
        const auto rest = directory.substr(origin.size());
        return (rest.empty() || rest.starts_with('/')) &&
               !(std::string(rest) + '/').contains("/../") && !rest.contains('$');
    }
    return false;
}

// A name with a slash is a path, and the loader replaces names that begin with a dollar sign.
bool is_path(const std::string& dependency) {
    return dependency.find_first_of("/$") != std::string::npos;
}

template <typename Predicate>
std::vector<std::string> those(const std::vector<std::string>& names, Predicate predicate) {
    std::vector<std::string> found;
    std::ranges::copy_if(names, std::back_inserter(found), predicate);
    return found;
}

// Collects the faults of one library.
class LibraryJudge {
  public:
    LibraryJudge(const LibraryFacts& facts, const std::filesystem::path& file)
        : facts_(facts), file_(file) {}

    std::vector<Refusal> judge() && {
        if (!judge_kind()) return std::move(faults_); // the rest is about something else
        judge_symbols();
        judge_memory();
        judge_search();
        return std::move(faults_);
    }

  private:
    void add(RefusalCode code, std::string_view text) {
        faults_.push_back(make_refusal(code, file_, text));
    }

    bool judge_kind() {
        if (facts_.machine != this_machine) {
            add(RefusalCode::library_wrong_machine,
                fmt::format("is built for {}, and this machine is {}; install the build of the "
                            "connector for this machine",
                            machine_text(facts_.machine), machine_text(this_machine)));
        } else if (facts_.os_abi != ELFOSABI_NONE && facts_.os_abi != ELFOSABI_GNU) {
            add(RefusalCode::library_wrong_machine,
                fmt::format("is built for another operating system (ELF OS ABI {}); install the "
                            "build of the connector for Linux",
                            facts_.os_abi));
        } else if (facts_.type != ET_DYN || facts_.is_program) {
            add(RefusalCode::library_not_shared,
                fmt::format("is {}, and no shared library; link the connector with -shared",
                            facts_.type == ET_REL ? "an object file" : "a program"));
        }
        return faults_.empty();
    }

    void judge_symbols() {
        constexpr std::string_view entry = PATCHBAY_CONNECTOR_ENTRY_SYMBOL;
        if (!facts_.exports_entry_function) {
            const bool there = std::ranges::find(facts_.exports, entry) != facts_.exports.end();
            add(RefusalCode::library_no_entry,
                fmt::format("{} the function {}, by which a host reaches a connector; define it as "
                            "patchbay/abi/library.h declares it, and export it",
                            there ? "exports something that is not" : "does not export", entry));
        }
        if (!facts_.unique_symbols.empty()) {
            add(RefusalCode::library_unique_symbols,
                fmt::format("has symbols that every library of the process shares "
                            "(STB_GNU_UNIQUE): {}, so that two connectors would change each "
                            "other's variables; {}",
                            some_of(facts_.unique_symbols), relink));
        }
        const auto extra = those(facts_.exports, [&](const auto& name) { return name != entry; });
        if (!extra.empty()) {
            add(RefusalCode::library_extra_exports,
                fmt::format("exports {}, where a connector exports {} alone; {}", some_of(extra),
                            entry, relink));
        }
    }

    void judge_memory() {
        if (facts_.has_executable_stack) {
            add(RefusalCode::library_executable_stack,
                "would make the stack of the whole process executable; link it with -z "
                "noexecstack, and give its assembler files a section .note.GNU-stack");
        }
        if (facts_.has_writable_code) {
            add(RefusalCode::library_writable_code,
                "has a segment that is writable and executable at once; link it without -N and "
                "without sections of both kinds");
        }
        if (facts_.has_text_relocations) {
            add(RefusalCode::library_text_relocations,
                "has relocations in its code (DT_TEXTREL), which must be writable to apply them; "
                "compile all of it with -fPIC, and link it with -z text");
        }
        if (facts_.has_static_tls) {
            add(RefusalCode::library_static_tls,
                "uses static thread-local storage (DF_STATIC_TLS), of which a process has little "
                "to "
                "give to libraries it loads late; compile it without -ftls-model=initial-exec");
        }
    }

    void judge_search() {
        const auto foreign = those(
            facts_.run_path, [](const auto& directory) { return !is_beneath_origin(directory); });
        if (facts_.old_run_path) {
            add(RefusalCode::library_run_path,
                fmt::format("has the run path {} in its old form (DT_RPATH), which overrides the "
                            "operator's; link it with --enable-new-dtags, and only $ORIGIN",
                            quote(*facts_.old_run_path)));
        } else if (!foreign.empty()) {
            add(RefusalCode::library_run_path,
                fmt::format("would look for its libraries in {}, outside of its bundle; a run path "
                            "names only $ORIGIN and directories beneath it",
                            some_of(foreign)));
        }
        if (!facts_.auditors.empty()) {
            add(RefusalCode::library_audit,
                fmt::format(
                    "asks the loader to put other libraries between (DT_AUDIT, DT_DEPAUDIT, "
                    "DT_FILTER or DT_AUXILIARY): {}; link it without them",
                    some_of(facts_.auditors)));
        }
        const auto paths = those(facts_.dependencies, is_path);
        if (!paths.empty()) {
            add(RefusalCode::library_dependency_path,
                fmt::format("names a library it needs by a path: {}; give that library a SONAME, "
                            "link again, and ship it in the bundle or let the system provide it",
                            some_of(paths)));
        }
    }

    const LibraryFacts& facts_;
    const std::filesystem::path& file_;
    std::vector<Refusal> faults_;
};

} // namespace

std::vector<Refusal> find_library_faults(const LibraryFacts& facts,
                                         const std::filesystem::path& file) {
    return LibraryJudge(facts, file).judge();
}

std::expected<LibraryFacts, Refusal> inspect_library(const std::filesystem::path& file) {
    std::error_code error;
    const auto resolved = std::filesystem::canonical(file, error);
    const auto opened =
        error ? std::unexpected(error.value()) : open_entry(AT_FDCWD, resolved.c_str(), O_RDONLY);
    const auto status = opened ? read_status(opened->get()) : std::unexpected(opened.error());
    if (!status) {
        const bool missing = status.error() == ENOENT || status.error() == ENOTDIR;
        return std::unexpected(
            make_refusal(missing ? RefusalCode::library_missing : RefusalCode::bundle_unreadable,
                         file, "cannot be opened: " + error_text(status.error())));
    }
    if (!S_ISREG(status->st_mode)) {
        return std::unexpected(
            make_refusal(RefusalCode::path_not_regular, file, "is not a regular file"));
    }
    return read_library(opened->get(), static_cast<std::uint64_t>(status->st_size), file);
}

} // namespace patchbay::registry
