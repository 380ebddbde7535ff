// SPDX-License-Identifier: Apache-2.0
// Opens a connector's library and holds it against its manifest. From here on its code runs.

#include "library.hpp"

#include <host/load/floating_point_guard.hpp>
#include <patchbay/sdk/text.hpp>
#include <registry/file_access.hpp>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

#include <dlfcn.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace patchbay::host {
namespace {

namespace dll = boost::dll;

// Boost.DLL's way to name std::filesystem with its own configuration macro.
using OpenLibrary = dll::shared_library;

// What the system's loader said, without what Boost.DLL puts around it.
[[nodiscard]] std::string_view loader_words(std::string_view what) {
    constexpr std::string_view before = "dlerror system message: ";
    if (const auto at = what.find(before); at != std::string_view::npos) {
        what.remove_prefix(at + before.size());
        what = what.substr(0, what.rfind("): "));
    }
    return what;
}

[[nodiscard]] Error not_loadable(const std::filesystem::path& file, std::string_view words) {
    Error error{.code = ErrorCode::library_not_loadable,
                .message = fmt::format("cannot load {}: {}", file.string(), words),
                .hint = "install the library that is missing, or rebuild the connector for this "
                        "system"};
    constexpr std::string_view before = "undefined symbol: ";
    if (const auto at = words.find(before); at != std::string_view::npos) {
        // "name", or "name, version VERSION" where the library that should have it is too old
        const auto symbol = words.substr(at + before.size());
        error.message = fmt::format("cannot load {}: it needs the function or variable \"{}\", "
                                    "which no library has",
                                    file.string(), symbol);
        error.hint = "link the connector with what defines it (the linker's option -z defs finds "
                     "this when it is built), or install a newer version of that library";
    }
    return error;
}

[[nodiscard]] Expected<OpenLibrary> open_library(const std::filesystem::path& file) {
    // Eager binding: a missing symbol must fail here, not in the middle of a read.
    // Never unloaded: Boost.DLL has no name for that flag, so it is cast.
    constexpr auto mode = dll::load_mode::rtld_now | dll::load_mode::rtld_local |
                          static_cast<dll::load_mode::type>(RTLD_NODELETE);
    try {
        return OpenLibrary(file.native(), mode);
    } catch (const std::system_error& error) {
        // Why a catch: Boost.DLL keeps the dlerror() text only in its throwing overload.
        return std::unexpected(not_loadable(file, loader_words(error.what())));
    }
}

[[nodiscard]] Error broken(const registry::Bundle& bundle, std::string_view what) {
    return {.code = ErrorCode::broken_rule,
            .message = fmt::format("the connector {} breaks a rule of the ABI: {}",
                                   bundle.library_file().string(), what),
            .hint = "report this to the connector's author",
            .connector = bundle.manifest->id.text()};
}

// Whether a table that the connector owns reaches to the end of the last function we call.
template <class Table, class Member>
[[nodiscard]] bool covers(const Table* table, Member Table::* member) {
    const auto* const start = reinterpret_cast<const std::byte*>(table);
    const auto* const end =
        reinterpret_cast<const std::byte*>(&(table->*member)) + sizeof(table->*member);
    return table->struct_size >= static_cast<std::size_t>(end - start);
}

// Whether a library answers a table for an ID; an exception out of it is a broken rule.
[[nodiscard]] Expected<const void*>
find_capability(const registry::Bundle& bundle, const patchbay_library& library, const char* id) {
    try {
        return library.capability(id);
    } catch (...) {
        return std::unexpected(broken(bundle, "an exception came out of its capability function"));
    }
}

// What the host knows how to call, and how to look at it.
struct KnownCapability {
    const char* id;
    // Stores the table; answers what is wrong with it, or an empty text.
    std::string_view (*bind)(Library& library, const void* table);
};

// Stores a table whose listed functions are all there.
template <class Table, class Last, class... Functions>
[[nodiscard]] std::string_view bind_table(const Table*& slot, const void* found, Last Table::* last,
                                          Functions Table::*... functions) {
    const auto* const table = static_cast<const Table*>(found);
    if (table->revision == 0) return "has revision 0";
    if (!covers(table, last)) return "has a struct_size that leaves mandatory functions out";
    const bool complete = (table->*last != nullptr) && ((table->*functions != nullptr) && ...);
    if (!complete) return "leaves a mandatory function NULL";
    slot = table;
    return {};
}

constexpr KnownCapability known_capabilities[] = {
    {PATCHBAY_CONNECTOR_CAPABILITY,
     [](Library& library, const void* table) {
         using T = patchbay_connector;
         return bind_table(library.connector, table, &T::close, &T::check_settings, &T::open,
                           &T::ping, &T::reset);
     }},
    {PATCHBAY_SOURCE_CAPABILITY,
     [](Library& library, const void* table) {
         return bind_table(library.source, table, &patchbay_source::open_stream);
     }},
    {PATCHBAY_SQL_CAPABILITY,
     [](Library& library, const void* table) {
         using T = patchbay_sql;
         return bind_table(library.sql, table, &T::rollback, &T::execute, &T::begin, &T::commit);
     }},
    {PATCHBAY_CATALOG_CAPABILITY,
     [](Library& library, const void* table) {
         using T = patchbay_catalog;
         return bind_table(library.catalog, table, &T::describe, &T::objects);
     }},
    {PATCHBAY_STREAM_INFO_CAPABILITY,
     [](Library& library, const void* table) {
         using T = patchbay_stream_info;
         return bind_table(library.stream_info, table, &T::progress, &T::last_error);
     }},
};

// Asks the entry function for the library and looks whether its structs can be read at all.
[[nodiscard]] Expected<const patchbay_library*> enter(const registry::Bundle& bundle,
                                                      const OpenLibrary& open) {
    if (!open.has(PATCHBAY_CONNECTOR_ENTRY_SYMBOL)) {
        return std::unexpected(
            broken(bundle, "it does not export " PATCHBAY_CONNECTOR_ENTRY_SYMBOL));
    }
    using Entry = std::remove_pointer_t<patchbay_connector_entry_function>;
    const auto& entry = open.get<Entry>(PATCHBAY_CONNECTOR_ENTRY_SYMBOL);
    const patchbay_library* library = nullptr;
    try {
        library = entry(PATCHBAY_ABI_MAJOR, PATCHBAY_ABI_MINOR);
    } catch (...) {
        return std::unexpected(broken(bundle, "an exception came out of its entry function"));
    }
    if (library == nullptr) {
        return std::unexpected(broken(
            bundle, fmt::format("its manifest promises ABI {}.{}, and its entry function answers "
                                "NULL for {}.{}",
                                bundle.manifest->abi_major, bundle.manifest->abi_min_minor,
                                PATCHBAY_ABI_MAJOR, PATCHBAY_ABI_MINOR)));
    }
    if (library->revision == 0 || !covers(library, &patchbay_library::capability) ||
        library->descriptor == nullptr || library->capability == nullptr) {
        return std::unexpected(broken(bundle, "its patchbay_library is not filled"));
    }
    if (library->descriptor->revision == 0 ||
        !covers(library->descriptor, &patchbay_descriptor::flags)) {
        return std::unexpected(broken(bundle, "its patchbay_descriptor is not filled"));
    }
    return library;
}

[[nodiscard]] std::optional<Error> check_abi(const registry::Bundle& bundle,
                                             const patchbay_descriptor& descriptor) {
    constexpr AbiVersion host{PATCHBAY_ABI_MAJOR, PATCHBAY_ABI_MINOR};
    const AbiVersion built{descriptor.abi_major, descriptor.abi_minor};
    if (abi_fits(built, bundle.manifest->abi_min_minor, host)) return std::nullopt;
    const auto needs = std::pair(built.major, built.minor);
    const auto offers = std::pair(host.major, host.minor);
    const bool newer = needs > offers;
    return Error{.code = newer ? ErrorCode::abi_too_new : ErrorCode::abi_too_old,
                 .message = fmt::format("{} was built for ABI {}.{}; this host has ABI {}.{}",
                                        bundle.library_file().string(), needs.first, needs.second,
                                        offers.first, offers.second),
                 .hint = newer ? "use a newer Patchbay, or an older version of the connector"
                               : "rebuild the connector with this host's headers",
                 .connector = bundle.manifest->id.text()};
}

// Whether manifest and descriptor say the same.
[[nodiscard]] std::optional<Error> check_identity(const registry::Bundle& bundle,
                                                  const patchbay_descriptor& descriptor) {
    const auto& manifest = *bundle.manifest;
    const auto differs = [&](std::string_view field, std::string_view in_manifest,
                             std::string_view in_library) {
        return Error{.code = ErrorCode::identity_mismatch,
                     .message = fmt::format("{}: the library says {} \"{}\", its manifest \"{}\"",
                                            bundle.library_file().string(), field, in_library,
                                            in_manifest),
                     .hint = "the bundle was put together from two connectors: install it anew; or "
                             "connector.json was changed after the library was built: build again",
                     .connector = manifest.id.text()};
    };
    if (const auto id = sdk::to_view(descriptor.id); id != manifest.id.text()) {
        return differs("id", manifest.id.text(), id);
    }
    if (const auto version = sdk::to_view(descriptor.version); version != manifest.version) {
        return differs("version", manifest.version, version);
    }
    const auto threading_text = [](bool free) { return free ? "free" : "session"; };
    switch (descriptor.threading) {
    case PATCHBAY_THREADING_FREE:
    case PATCHBAY_THREADING_SESSION: {
        const bool library_free = descriptor.threading == PATCHBAY_THREADING_FREE;
        const bool manifest_free = manifest.threading == registry::Threading::free;
        if (library_free == manifest_free) return std::nullopt;
        return differs("threading", threading_text(manifest_free), threading_text(library_free));
    }
    case PATCHBAY_THREADING_LIBRARY:
        return differs("threading", threading_text(manifest.threading == registry::Threading::free),
                       "library, which is reserved and not supported");
    case PATCHBAY_THREADING_AFFINE:
        return differs("threading", threading_text(manifest.threading == registry::Threading::free),
                       "affine, which is reserved and not supported");
    default:
        return broken(bundle, fmt::format("its descriptor has the unknown threading class {}",
                                          descriptor.threading));
    }
}

// Binds every table that the manifest promises, and none other may be offered.
[[nodiscard]] std::optional<Error> bind_capabilities(const registry::Bundle& bundle,
                                                     Library& library) {
    const auto mismatch = [&](std::string message, std::string hint) {
        return Error{.code = ErrorCode::capability_mismatch,
                     .message = std::move(message),
                     .hint = std::move(hint),
                     .connector = bundle.manifest->id.text()};
    };
    const auto& provides = bundle.manifest->provides;
    for (const auto& known : known_capabilities) {
        const auto table = find_capability(bundle, *library.library, known.id);
        if (!table) return table.error();
        const bool promised = std::ranges::find(provides, known.id) != provides.end();
        if (promised != (*table != nullptr)) {
            return mismatch(fmt::format("{} {} the capability {}, which its manifest {}",
                                        library.file.string(),
                                        promised ? "does not offer" : "offers", known.id,
                                        promised ? "promises" : "does not list under provides"),
                            "the author must make library and connector.json agree");
        }
        if (*table == nullptr) continue;
        if (const auto fault = known.bind(library, *table); !fault.empty()) {
            return broken(bundle, fmt::format("its table {} {}", known.id, fault));
        }
    }
    // What this host cannot call must be there all the same: the manifest said so.
    for (const auto& id : provides) {
        const auto table = find_capability(bundle, *library.library, id.c_str());
        if (!table) return table.error();
        if (*table == nullptr) {
            return mismatch(fmt::format("{} does not offer the capability {}, which its manifest "
                                        "promises",
                                        library.file.string(), id),
                            "the author must make library and connector.json agree");
        }
    }
    return std::nullopt;
}

[[nodiscard]] Expected<std::unique_ptr<Library>> bind(const registry::Bundle& bundle,
                                                      const OpenLibrary& open) {
    const auto entered = enter(bundle, open);
    if (!entered) return std::unexpected(entered.error());
    const auto& descriptor = *(*entered)->descriptor;

    if (auto error = check_abi(bundle, descriptor)) return std::unexpected(std::move(*error));
    if (auto error = check_identity(bundle, descriptor)) return std::unexpected(std::move(*error));
    if (constexpr std::uint32_t known = PATCHBAY_CONNECTOR_MAY_IGNORE_CANCEL;
        (descriptor.flags & ~known) != 0) {
        return std::unexpected(
            broken(bundle, fmt::format("its descriptor sets the unknown flags {:#x}",
                                       descriptor.flags & ~known)));
    }

    auto library = std::make_unique<Library>();
    library->id = bundle.manifest->id.text();
    library->name = bundle.manifest->id.name;
    library->version = bundle.manifest->version;
    library->file = bundle.library_file();
    library->library = *entered;
    library->may_ignore_cancel = (descriptor.flags & PATCHBAY_CONNECTOR_MAY_IGNORE_CANCEL) != 0;
    if (auto error = bind_capabilities(bundle, *library)) {
        return std::unexpected(std::move(*error));
    }
    return library;
}

[[nodiscard]] std::optional<Error> check_unchanged(const registry::Bundle& bundle) {
    const auto file = registry::open_entry(AT_FDCWD, bundle.library_file().c_str(), O_PATH);
    const auto now = file ? registry::read_status(file->get()) : std::unexpected(file.error());
    if (now && registry::stamp_of(*now) == bundle.library_stamp) return std::nullopt;
    return Error{.code = ErrorCode::library_changed,
                 .message = fmt::format("{} {}", bundle.library_file().string(),
                                        now ? "is not the file that was examined"
                                            : "was there when it was examined, and is gone"),
                 .hint = "look for connectors again; to replace a bundle use `patchbay install`, "
                         "which never writes into a library that is in use",
                 .connector = bundle.manifest->id.text()};
}

// A library that was opened, and what was found in it where it keeps the contract.
struct Opened {
    OpenLibrary handle;
    std::unique_ptr<Library> library;
};

// Every library that was opened, by its file (device and inode). Never destroyed: neither handles
// nor tables may go before the process does.
struct Loaded {
    using File = std::pair<std::uint64_t, std::uint64_t>;

    std::mutex mutex;
    std::map<File, Opened> by_file;
    // Which of them the system's loader takes each path for, whatever stands there now.
    std::map<std::string, File> by_path;
};

[[nodiscard]] Error replaced(const registry::Bundle& bundle, const Opened& old) {
    const auto loaded = old.library ? "version " + old.library->version : "the one before";
    return {.code = ErrorCode::library_changed,
            .message =
                fmt::format("{} was replaced by version {} after this program had loaded {}",
                            bundle.library_file().string(), bundle.manifest->version, loaded),
            .hint = fmt::format("restart the program to use version {}", bundle.manifest->version),
            .connector = bundle.manifest->id.text()};
}

[[nodiscard]] Loaded& loaded() {
    static auto* const table = new Loaded; // NOLINT(cppcoreguidelines-owning-memory): see Loaded
    return *table;
}

} // namespace

Expected<const Library*> load_library(const registry::Bundle& bundle) {
    if (auto error = check_unchanged(bundle)) return std::unexpected(std::move(*error));
    const FloatingPointGuard guard;
    const auto key = std::pair(bundle.library_stamp.device, bundle.library_stamp.inode);

    // One library at a time, as the tag [load] promises. This lock is held while the system reads
    // the file and constructors run: nothing of a connection waits for it but its first use.
    auto& table = loaded();
    const std::scoped_lock lock(table.mutex);
    auto found = table.by_file.find(key);
    if (found == table.by_file.end()) {
        const auto path = bundle.library_file().string();
        if (const auto old = table.by_path.find(path); old != table.by_path.end()) {
            return std::unexpected(replaced(bundle, table.by_file.at(old->second)));
        }
        auto open = open_library(bundle.library_file());
        if (!open) {
            open.error().connector = bundle.manifest->id.text();
            return std::unexpected(std::move(open.error()));
        }
        found = table.by_file.emplace(key, Opened{std::move(*open), nullptr}).first;
        table.by_path.emplace(path, key);
    }
    // Also where it is bound already: two bundles may share one file and differ in their manifests.
    auto bound = bind(bundle, found->second.handle);
    if (!bound) return std::unexpected(std::move(bound.error()));
    if (!found->second.library) found->second.library = std::move(*bound);
    return found->second.library.get();
}

} // namespace patchbay::host
