// SPDX-License-Identifier: Apache-2.0
// Finding a thousand bundles, against a bare loop that reads the same files and checks nothing.
//
//     bench_discovery --rounds N --root DIR --bundles COUNT

#include "host_access.hpp"
#include "rounds.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <re2/re2.h>

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace bench = patchbay::bench;
namespace json = boost::json;

// ---- the bare loop ----

class File {
  public:
    File(int directory, const std::string& name, int flags)
        : fd_(::openat(directory, name.c_str(), flags | O_CLOEXEC)) {
        if (fd_ < 0) bench::stop("cannot open " + name);
    }
    File(const File&) = delete;
    File(File&&) = delete;
    File& operator=(const File&) = delete;
    File& operator=(File&&) = delete;
    ~File() { ::close(fd_); }

    [[nodiscard]] int fd() const { return fd_; }

    template <class T>
    [[nodiscard]] std::vector<T> read(std::size_t offset, std::size_t count) const {
        std::vector<T> items(count);
        const auto size = count * sizeof(T);
        if (::pread(fd_, items.data(), size, static_cast<off_t>(offset)) !=
            static_cast<ssize_t>(size)) {
            bench::stop("a file is shorter than it should be");
        }
        return items;
    }

  private:
    int fd_;
};

[[nodiscard]] std::vector<std::string> list(const File& directory) {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(::dup(directory.fd())),
                                                      ::closedir);
    std::vector<std::string> names;
    while (const auto* entry = ::readdir(entries.get()))
        if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    return names;
}

[[nodiscard]] json::value parse_file(const File& directory, std::string_view name) {
    const File file(directory.fd(), std::string(name), O_RDONLY);
    struct stat status = {};
    if (::fstat(file.fd(), &status) != 0) bench::stop("cannot stat a file");
    const auto text = file.read<char>(0, static_cast<std::size_t>(status.st_size));
    return json::parse(std::string_view(text.data(), text.size()));
}

// Constructs what stands behind every "pattern".
[[nodiscard]] std::size_t compile_patterns(const json::value& schema) {
    std::size_t count = 0;
    if (const auto* object = schema.if_object()) {
        for (const auto& [key, member] : *object) {
            if (key == "pattern" && member.is_string()) {
                const RE2 pattern(std::string_view(member.get_string()), RE2::Quiet);
                count += pattern.ok() ? 1 : 0;
            } else {
                count += compile_patterns(member);
            }
        }
    } else if (const auto* array = schema.if_array()) {
        for (const auto& element : *array)
            count += compile_patterns(element);
    }
    return count;
}

[[nodiscard]] std::size_t offset_of(std::span<const Elf64_Phdr> segments, std::size_t address) {
    for (const auto& segment : segments) {
        if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
            address - segment.p_vaddr < segment.p_filesz) {
            return address - segment.p_vaddr + segment.p_offset;
        }
    }
    bench::stop("a library has an address outside of its segments");
}

// Reads what tells which symbols a library exports: headers, the dynamic section, the hash table,
// symbols, and their names.
[[nodiscard]] std::size_t count_exports(const File& library) {
    const auto header = library.read<Elf64_Ehdr>(0, 1).front();
    const auto segments = library.read<Elf64_Phdr>(header.e_phoff, header.e_phnum);
    std::map<Elf64_Sxword, std::size_t> dynamic;
    for (const auto& segment : segments) {
        if (segment.p_type != PT_DYNAMIC) continue;
        const auto count = segment.p_filesz / sizeof(Elf64_Dyn);
        for (const auto& entry : library.read<Elf64_Dyn>(segment.p_offset, count))
            dynamic[entry.d_tag] = entry.d_un.d_val;
    }
    const auto hash_at = offset_of(segments, dynamic.at(DT_GNU_HASH));
    const auto hash = library.read<std::uint32_t>(hash_at, 4);
    const auto buckets_at = hash_at + 16 + std::size_t{hash[2]} * 8;
    const auto buckets = library.read<std::uint32_t>(buckets_at, hash[0]);
    std::size_t end = std::ranges::max(buckets);
    for (bool last = false; !last; ++end) {
        const auto chain_at = buckets_at + (std::size_t{hash[0]} + end - hash[1]) * 4;
        last = (library.read<std::uint32_t>(chain_at, 1).front() & 1U) != 0;
    }
    const auto symbols = library.read<Elf64_Sym>(offset_of(segments, dynamic.at(DT_SYMTAB)), end);
    const auto names =
        library.read<char>(offset_of(segments, dynamic.at(DT_STRTAB)), dynamic.at(DT_STRSZ));
    std::size_t exports = 0;
    for (std::size_t i = hash[1]; i < end; ++i) {
        const std::string name(&names.at(symbols[i].st_name));
        if (symbols[i].st_shndx != SHN_UNDEF && !name.empty()) ++exports;
    }
    return exports;
}

// Lists, stats, reads, parses; answers how many bundles it saw.
[[nodiscard]] std::size_t read_barely(const std::string& root) {
    const File directory(AT_FDCWD, root, O_RDONLY | O_DIRECTORY);
    std::size_t bundles = 0;
    for (const auto& name : list(directory)) {
        const File bundle(directory.fd(), name, O_RDONLY | O_DIRECTORY);
        for (const auto& file : list(bundle)) {
            struct stat status = {};
            if (::fstatat(bundle.fd(), file.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
                bench::stop("cannot stat " + file);
            }
        }
        const auto manifest = parse_file(bundle, "connector.json");
        const auto settings =
            parse_file(bundle, std::string_view(manifest.at("settings_schema").as_string()));
        const auto request =
            parse_file(bundle, std::string_view(manifest.at("request_schema").as_string()));
        const auto patterns = compile_patterns(settings) + compile_patterns(request);
        const File library(bundle.fd(), std::string(manifest.at("library").as_string()), O_RDONLY);
        if (patterns == 6 && count_exports(library) == 1) ++bundles;
    }
    return bundles;
}

// ---- ours ----

[[nodiscard]] std::size_t count_usable(const patchbay::host::Host& host, const std::string& root) {
    std::size_t usable = 0;
    for (const auto& bundle : host.connectors()) {
        if (bundle.root != root) continue;
        if (bundle.refusal) bench::stop(bundle.refusal->message);
        ++usable;
    }
    return usable;
}

} // namespace

int main(int count, char** words) {
    const bench::Arguments arguments(count, words);
    const auto root = std::filesystem::canonical(arguments.text("root")).string();
    const auto expected = static_cast<std::size_t>(std::atoi(arguments.text("bundles").c_str()));

    auto host = bench::make_host({root});
    const auto ours = [&] {
        host.refresh();
        if (count_usable(host, root) != expected) bench::stop("the host found another number");
    };
    const auto peer = [&] {
        if (read_barely(root) != expected) bench::stop("the bare loop found another number");
    };
    const auto times = bench::measure_in_turns(arguments.rounds(), {ours, peer});
    bench::print_time("discovery of " + std::to_string(expected) + " bundles", 1.5, times[0],
                      times[1]);
}
