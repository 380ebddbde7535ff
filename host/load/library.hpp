// SPDX-License-Identifier: Apache-2.0
// Opens a connector's library and holds it against its manifest. From here on its code runs.
#pragma once

#include <patchbay/abi/patchbay.h>
#include <patchbay/host/error.hpp>
#include <patchbay/registry/bundle.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>

namespace patchbay::host {

// A connector that is loaded, with its tables. Lives until the process ends, because nothing that
// came out of a library would survive its unloading.
struct Library {
    std::string id;      // "name|uuid"
    std::string name;    // the half before the bar
    std::string version; //
    std::filesystem::path file;

    const patchbay_library* library = nullptr;
    const patchbay_connector* connector = nullptr;     // never NULL
    const patchbay_source* source = nullptr;           // the others are NULL where not offered
    const patchbay_sql* sql = nullptr;                 //
    const patchbay_catalog* catalog = nullptr;         //
    const patchbay_stream_info* stream_info = nullptr; //

    bool may_ignore_cancel = false; // its calls are made on a thread of the session

    // Set once an exception came out of it: it is not called any more.
    mutable std::atomic<bool> quarantined{false};
};

// Runs code of a connector. An exception that comes out of it puts the library into quarantine;
// answers false then.
template <class Code>
bool run_foreign(const Library& library, const Code& code) noexcept {
    try {
        code();
        return true;
    } catch (...) {
        library.quarantined.store(true, std::memory_order_relaxed);
        return false;
    }
}

struct AbiVersion {
    std::uint32_t major;
    std::uint32_t minor;
};

// Whether a connector that was built with one version of the headers and needs a minor of them can
// run in a host of another. While the major is 0 both must be equal. Afterwards what a connector
// needs counts, not what it was built with: it may use less than its headers have.
[[nodiscard]] constexpr bool abi_fits(AbiVersion built, std::uint32_t needed_minor,
                                      AbiVersion host) {
    if (built.major != host.major) return false;
    return host.major == 0 ? built.minor == host.minor : needed_minor <= host.minor;
}

// Opens the library of a usable bundle, once per file and process, and checks that it is what its
// manifest says: ABI, identity, threading, capabilities, the sizes of its tables.
//
// A process keeps the library that it loaded from a path: where another file has taken its place
// since, the answer is library_changed, because the system's loader would hand out the old code
// under the new file's name, and the new manifest and schemas do not speak of that.
//
// The file must still be the one that was examined (see registry::discover). Between that check and
// the opening a writer of the directory could still replace it; that nobody else can write there is
// what path hygiene is for.
//
// Errors:  library_changed; library_not_loadable with the system loader's own words; abi_too_new;
//          abi_too_old; identity_mismatch; capability_mismatch; broken_rule; unsupported for a
//          threading class that is reserved.
// Blocks:  for the file system and for the library's constructors, without a limit.
[[nodiscard]] Expected<const Library*> load_library(const registry::Bundle& bundle);

} // namespace patchbay::host
