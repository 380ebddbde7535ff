// SPDX-License-Identifier: Apache-2.0
// That every refusal code is produced by something real, names its culprit, and is explained.

#include "test_bundle.hpp"

#include <patchbay/abi/version.h>
#include <patchbay/registry/discovery.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <boost/json/serialize.hpp>

#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace patchbay::registry;
using patchbay::test::good_manifest;
using patchbay::test::TempDir;
using patchbay::test::write_bundle;
using patchbay::test::write_file;

namespace fs = std::filesystem;

namespace {

// Produced by the reader of settings schemas, host/settings, and tested there.
const std::set<RefusalCode> codes_of_the_host = {
    RefusalCode::schema_missing, RefusalCode::schema_too_large, RefusalCode::schema_not_json,
    RefusalCode::schema_invalid, RefusalCode::example_missing,  RefusalCode::example_invalid,
};

// Prepares a root in which one thing is wrong, and answers the path that must be named.
using Spoil = std::function<fs::path(fs::path& root)>;

struct Case {
    RefusalCode code;
    Spoil spoil;
};

Spoil manifest_text(std::string text) {
    return [text = std::move(text)](const fs::path& root) {
        const auto file = write_bundle(root, "sample") / "connector.json";
        write_file(file, text);
        return file;
    };
}

Spoil manifest_field(const char* key, boost::json::value value) {
    return [key, value = std::move(value)](const fs::path& root) {
        auto manifest = good_manifest();
        manifest[key] = value;
        return write_bundle(root, "sample", manifest) / "connector.json";
    };
}

Spoil library(const char* name) {
    return [name](const fs::path& root) {
        return write_bundle(root, "sample", good_manifest(), name) / "library.so";
    };
}

// The good library with one byte changed.
Spoil library_byte(std::size_t offset, char value) {
    return [offset, value](const fs::path& root) {
        const auto file = write_bundle(root, "sample") / "library.so";
        auto content = patchbay::test::read_file(file);
        content.at(offset) = value;
        write_file(file, content);
        return file;
    };
}

Spoil library_text(std::function<std::string(const std::string&)> change) {
    return [change = std::move(change)](const fs::path& root) {
        const auto file = write_bundle(root, "sample") / "library.so";
        write_file(file, change(patchbay::test::read_file(file)));
        return file;
    };
}

fs::path spoil_mode(const fs::path& path, mode_t mode) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    return path;
}

fs::path replace_by_symlink(const fs::path& file) {
    fs::rename(file, file.string() + ".1");
    fs::create_symlink(file.filename().string() + ".1", file);
    return file;
}

const std::vector<Case>& cases() {
    constexpr unsigned major = PATCHBAY_ABI_MAJOR;
    constexpr unsigned minor = PATCHBAY_ABI_MINOR;
    static const std::vector<Case> cases = {
        {RefusalCode::root_not_absolute, [](fs::path& root) { return root = "relative/root"; }},
        {RefusalCode::root_unreadable,
         [](const fs::path& root) {
             fs::remove(root);
             write_file(root, "a file");
             return root;
         }},
        {RefusalCode::root_too_large,
         [](const fs::path& root) {
             for (int i = 0; i <= 10'000; ++i)
                 fs::create_symlink("nothing", root / std::to_string(i));
             return root;
         }},
        {RefusalCode::bundle_not_directory,
         [](const fs::path& root) {
             write_file(root / "stray.so", "");
             return root / "stray.so";
         }},
        {RefusalCode::bundle_unreadable,
         [](const fs::path& root) {
             // What not even root can read: a socket cannot be opened.
             const auto file = write_bundle(root, "sample") / "connector.json";
             fs::remove(file);
             REQUIRE(::mknod(file.c_str(), S_IFSOCK | 0644, 0) == 0);
             return file;
         }},
        {RefusalCode::bundle_too_large,
         [](const fs::path& root) {
             const auto bundle = write_bundle(root, "sample");
             patchbay::test::make_directory(bundle / "1/2/3/4/5/6/7/8");
             return bundle / "1/2/3/4/5/6/7/8";
         }},
        {RefusalCode::manifest_missing,
         [](const fs::path& root) {
             const auto file = write_bundle(root, "sample") / "connector.json";
             fs::remove(file);
             return file;
         }},
        {RefusalCode::manifest_too_large, manifest_text(std::string(70'000, ' '))},
        {RefusalCode::manifest_too_deep,
         manifest_text(std::string(100, '[') + std::string(100, ']'))},
        {RefusalCode::manifest_not_json, manifest_text("id: sample")},
        {RefusalCode::manifest_duplicate_key, manifest_text(R"({"id": "a", "id": "b"})")},
        {RefusalCode::manifest_invalid, manifest_field("title", 7)},
        {RefusalCode::manifest_version_unknown, manifest_field("manifest_version", 2)},
        {RefusalCode::id_duplicate,
         [](const fs::path& root) {
             write_bundle(root, "second");
             return write_bundle(root, "sample");
         }},
        {RefusalCode::uuid_duplicate,
         [](const fs::path& root) {
             write_bundle(root, "second", good_manifest("second"));
             return write_bundle(root, "sample");
         }},
        {RefusalCode::abi_too_new, manifest_field("abi", {{"major", major + 1}, {"min_minor", 0}})},
        {RefusalCode::abi_too_old,
         manifest_field("abi", {{"major", major == 0 ? 0 : major - 1},
                                {"min_minor", major == 0 ? minor - 1 : 0}})},
        {RefusalCode::threading_reserved, manifest_field("threading", "affine")},
        {RefusalCode::path_writable,
         [](const fs::path& root) {
             return spoil_mode(write_bundle(root, "sample") / "library.so", 0666);
         }},
        {RefusalCode::path_symlink,
         [](const fs::path& root) {
             return replace_by_symlink(write_bundle(root, "sample") / "library.so");
         }},
        {RefusalCode::path_not_regular,
         [](const fs::path& root) {
             const auto pipe = write_bundle(root, "sample") / "pipe";
             REQUIRE(::mkfifo(pipe.c_str(), 0644) == 0);
             return pipe;
         }},
        {RefusalCode::path_setuid,
         [](const fs::path& root) {
             return spoil_mode(write_bundle(root, "sample") / "library.so", 04755);
         }},
        {RefusalCode::library_missing,
         [](const fs::path& root) {
             const auto file = write_bundle(root, "sample") / "library.so";
             fs::remove(file);
             return file;
         }},
        {RefusalCode::library_not_elf, library_text([](const auto&) { return "#!/bin/sh\n"; })},
        {RefusalCode::library_truncated,
         library_text([](const auto& all) { return all.substr(0, 2048); })},
        {RefusalCode::library_malformed, library_byte(offsetof(Elf64_Ehdr, e_phentsize), 1)},
        {RefusalCode::library_wrong_class, library_byte(EI_CLASS, ELFCLASS32)},
        {RefusalCode::library_wrong_machine, library_byte(offsetof(Elf64_Ehdr, e_machine), 1)},
        {RefusalCode::library_not_shared, library("program")},
        {RefusalCode::library_no_entry, library("no_entry.so")},
        {RefusalCode::library_extra_exports, library("extra_export.so")},
        {RefusalCode::library_unique_symbols, library("unique_symbol.so")},
        {RefusalCode::library_executable_stack, library("executable_stack.so")},
        {RefusalCode::library_writable_code, library("writable_code.so")},
        {RefusalCode::library_text_relocations, library("text_relocation.so")},
        {RefusalCode::library_static_tls, library("static_tls.so")},
        {RefusalCode::library_run_path, library("run_path.so")},
        {RefusalCode::library_audit, library("audit.so")},
        {RefusalCode::library_dependency_path, library("dependency_path.so")},
    };
    return cases;
}

// What is refused of a root, as discovery says it.
std::vector<Refusal> refusals_in(const fs::path& root) {
    Roots roots;
    roots.directories = {root};
    std::vector<Refusal> refusals;
    for (auto& bundle : discover(roots, {})) {
        if (bundle.refusal) refusals.push_back(std::move(*bundle.refusal));
    }
    return refusals;
}

const Refusal* find_refusal(const std::vector<Refusal>& refusals, RefusalCode code) {
    const auto found = std::ranges::find(refusals, code, &Refusal::code);
    return found == refusals.end() ? nullptr : &*found;
}

bool names_culprit(const Refusal& refusal, const fs::path& culprit) {
    return refusal.path == culprit && refusal.message.starts_with(culprit.string() + ": ");
}

// Whether discovery in a user namespace that knows only this user says path.unmapped-owner of the
// culprit; nothing where this system gives no such namespace.
std::optional<bool> finds_unmapped_owner(const fs::path& root, const fs::path& culprit) {
    const auto map = "0 " + std::to_string(::geteuid()) + " 1";
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const bool entered = ::unshare(CLONE_NEWUSER) == 0;
        const int file = ::open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
        if (!entered || file < 0 || ::write(file, map.data(), map.size()) < 0) ::_exit(2);
        const auto refusals = refusals_in(root);
        const auto* refusal = find_refusal(refusals, RefusalCode::path_unmapped_owner);
        ::_exit(refusal != nullptr && names_culprit(*refusal, culprit) ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) return std::nullopt;
    return WEXITSTATUS(status) == 0;
}

} // namespace

TEST_CASE("every refusal code is produced by a case that names its culprit",
          "[registry][refusals]") {
    std::set<RefusalCode> settled = codes_of_the_host;
    for (const auto& wrong : cases()) {
        INFO(code_text(wrong.code));
        const TempDir temp;
        auto root = temp.path() / "root";
        patchbay::test::make_directory(root);
        const auto culprit = wrong.spoil(root);

        const auto refusals = refusals_in(root);

        const auto* refusal = find_refusal(refusals, wrong.code);
        REQUIRE(refusal != nullptr);
        INFO(refusal->message);
        CHECK(names_culprit(*refusal, culprit));
        settled.insert(wrong.code);
    }

    {
        const TempDir temp;
        auto culprit = fs::path("/");
        if (::geteuid() == 0) {
            culprit = write_bundle(temp.path(), "sample") / "library.so";
            REQUIRE(::chown(culprit.c_str(), 4242, 4242) == 0);

            const auto refusals = refusals_in(temp.path());
            const auto* refusal = find_refusal(refusals, RefusalCode::path_foreign_owner);
            REQUIRE(refusal != nullptr);
            CHECK(names_culprit(*refusal, culprit));
            CHECK(refusal->message.contains("4242"));
        } else {
            WARN("not tested, since it takes root: " << code_text(RefusalCode::path_foreign_owner));
            write_bundle(temp.path(), "sample");
        }
        settled.insert(RefusalCode::path_foreign_owner);

        const auto found = finds_unmapped_owner(temp.path(), culprit);
        if (!found) {
            WARN("not tested, since this system gives no user namespace: "
                 << code_text(RefusalCode::path_unmapped_owner));
        }
        CHECK(found.value_or(true));
        settled.insert(RefusalCode::path_unmapped_owner);

        for (const auto code : all_refusal_codes()) {
            INFO("no case for " << code_text(code));
            CHECK(settled.contains(code));
        }
    }
}

TEST_CASE("every refusal code has its heading in refusals.md, and no other has one",
          "[registry][refusals]") {
    std::set<std::string> codes;
    for (const auto code : all_refusal_codes())
        codes.emplace(code_text(code));

    std::set<std::string> headings;
    std::istringstream page(
        patchbay::test::read_file(fs::path(PATCHBAY_TEST_SOURCES) / "registry/refusals.md"));
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("### ")) headings.insert(line.substr(4));
    }

    CHECK(headings == codes);
}
