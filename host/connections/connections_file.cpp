// SPDX-License-Identifier: Apache-2.0
// The connections file: which sources a user has given a name to.

#include "connections_file.hpp"

#include "document.hpp"

#include <host/settings/embedded_schemas.hpp>
#include <host/settings/schema.hpp>
#include <registry/file_access.hpp>
#include <registry/json_pointer.hpp>
#include <registry/path_hygiene.hpp>
#include <registry/printable_text.hpp>
#include <registry/spelling.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;
using registry::append_pointer;

constexpr std::string_view file_name = "connections.yaml";
constexpr std::string_view reserved_keys[] = {"connector", "default", "runtime"};

[[nodiscard]] const Schema& file_schema() {
    static const Schema schema = [] {
        auto compiled = Schema::compile(json::parse(connections_schema_text()));
        assert(compiled.has_value()); // ours, and tested
        return std::move(*compiled);
    }();
    return schema;
}

[[nodiscard]] Error missing(const std::filesystem::path& path, std::string_view why) {
    return {.code = ErrorCode::connections_file_missing,
            .message =
                fmt::format("cannot read the connections file {}: {}", registry::show(path), why),
            .hint = "name one with --connections or PATCHBAY_CONNECTIONS, or write "
                    "./connections.yaml"};
}

[[nodiscard]] Error invalid(const std::filesystem::path& path, std::vector<Fault> faults) {
    Error error{.code = ErrorCode::connections_file_invalid,
                .message = fmt::format("{}: {}", registry::show(path), describe(faults.front())),
                .pointer = faults.front().pointer};
    if (faults.size() > 1) {
        error.message +=
            fmt::format(" (and {} more fault{})", faults.size() - 1, faults.size() == 2 ? "" : "s");
    }
    error.faults = std::move(faults);
    return error;
}

// Where a fault stands: its own place, or that of the nearest value around it.
void set_place(Fault& fault, const std::filesystem::path& path, const Positions& positions) {
    std::string pointer = fault.pointer;
    for (;;) {
        const auto found = positions.find(pointer);
        if (found != positions.end()) {
            fault.place = fmt::format("{}, line {}, column {}", registry::show(path),
                                      found->second.line, found->second.column);
            return;
        }
        const auto slash = pointer.rfind('/');
        if (slash == std::string::npos) break;
        pointer.resize(slash);
    }
    fault.place = registry::show(path);
}

void set_places(std::vector<Fault>& faults, const std::filesystem::path& path,
                const Positions& positions) {
    for (auto& fault : faults)
        set_place(fault, path, positions);
}

// The positions beneath a pointer, by pointers that begin there.
[[nodiscard]] Positions positions_beneath(const Positions& all, const std::string& pointer) {
    Positions beneath;
    for (auto it = all.lower_bound(pointer); it != all.end() && it->first.starts_with(pointer);
         ++it) {
        const std::string_view rest = std::string_view(it->first).substr(pointer.size());
        if (rest.empty() || rest.front() == '/') beneath.emplace(rest, it->second);
    }
    return beneath;
}

// Where an entry stands in the file.
[[nodiscard]] std::string pointer_to(std::string_view connector, std::string_view alias) {
    std::string pointer = "/connections";
    append_pointer(pointer, connector);
    append_pointer(pointer, alias);
    return pointer;
}

// Moves the faults at and beneath a pointer out of a list.
[[nodiscard]] std::vector<Fault> take_faults_beneath(const std::string& pointer,
                                                     std::vector<Fault>& faults) {
    std::vector<Fault> beneath;
    std::vector<Fault> others;
    for (auto& fault : faults) {
        const bool is_beneath =
            fault.pointer.starts_with(pointer) &&
            (fault.pointer.size() == pointer.size() || fault.pointer[pointer.size()] == '/');
        (is_beneath ? beneath : others).push_back(std::move(fault));
    }
    faults = std::move(others);
    return beneath;
}

// Reads one alias. Where the schema has found its shape wrong, what can be told of it is read.
[[nodiscard]] ConnectionEntry read_entry(std::string_view connector, std::string_view alias,
                                         const json::value& value, Positions positions) {
    ConnectionEntry entry{.connector = std::string(connector),
                          .alias = std::string(alias),
                          .positions = std::move(positions)};
    json::object settings;
    if (value.is_object()) settings = value.get_object();
    const auto* const id = settings.if_contains("connector");
    if (id != nullptr && id->is_string()) {
        entry.id = registry::ConnectorId::parse(id->get_string());
    }
    const auto* const is_default = settings.if_contains("default");
    entry.is_default = is_default != nullptr && is_default->is_bool() && is_default->get_bool();
    for (const auto key : reserved_keys)
        settings.erase(json::string_view(key.data(), key.size()));
    entry.settings = std::move(settings);
    return entry;
}

[[nodiscard]] Fault fault_of(FaultCode code, std::string pointer, std::string message) {
    return {.code = code, .pointer = std::move(pointer), .message = std::move(message)};
}

// The entries, each with the faults that the schema has found in it; the others are left.
[[nodiscard]] std::vector<ConnectionEntry> read_entries(const PositionedDocument& document,
                                                        std::vector<Fault>& faults) {
    std::vector<ConnectionEntry> entries;
    const auto* const root = document.value.if_object();
    const auto* const connections = root == nullptr ? nullptr : root->if_contains("connections");
    if (connections == nullptr || !connections->is_object()) return entries;
    for (const auto& [connector, aliases] : connections->get_object()) {
        if (!aliases.is_object()) continue;
        for (const auto& [alias, value] : aliases.get_object()) {
            const auto pointer = pointer_to(connector, alias);
            auto& entry = entries.emplace_back(read_entry(
                connector, alias, value, positions_beneath(document.positions, pointer)));
            entry.faults = take_faults_beneath(pointer, faults);
        }
    }
    return entries;
}

// What the schema cannot say: why "runtime" takes no key, an ID of the connector's own name, one
// default for each connector.
void check_entries(std::vector<ConnectionEntry>& entries) {
    std::map<std::string, const ConnectionEntry*> defaults;
    for (auto& entry : entries) {
        const auto pointer = pointer_to(entry.connector, entry.alias);
        for (auto& fault : entry.faults) {
            if (fault.code == FaultCode::settings_unknown && fault.pointer == pointer + "/runtime")
                fault.message += "; runtime has no settings yet";
        }
        if (entry.id && entry.id->name != entry.connector) {
            entry.faults.push_back(
                fault_of(FaultCode::connections_connector, pointer + "/connector",
                         fmt::format("names the connector \"{}\" under \"{}\"; the two must agree",
                                     entry.id->name, entry.connector)));
        }
        if (!entry.is_default) continue;
        const auto [first, is_first] = defaults.emplace(entry.connector, &entry);
        if (is_first) continue;
        entry.faults.push_back(
            fault_of(FaultCode::connections_default, pointer + "/default",
                     fmt::format("is the second default of {}; the first is {}", entry.connector,
                                 registry::quote(first->second->alias))));
    }
}

[[nodiscard]] std::optional<std::string> variable(const char* name) {
    const char* const value = ::secure_getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
}

[[nodiscard]] std::optional<std::filesystem::path> user_configuration() {
    if (auto base = variable("XDG_CONFIG_HOME"); base && base->starts_with('/')) {
        return std::filesystem::path(*base) / "patchbay" / file_name;
    }
    if (auto home = variable("HOME"); home && home->starts_with('/')) {
        return std::filesystem::path(*home) / ".config" / "patchbay" / file_name;
    }
    return std::nullopt;
}

// Whether nobody else could have put the file of the working directory there.
[[nodiscard]] std::optional<Error> check_stranger(const std::filesystem::path& path) {
    registry::PathHygiene hygiene(registry::read_trusted_owners({}));
    const auto file = hygiene.open_file(path);
    if (file || !file.error().violation) return std::nullopt;
    return Error{.code = ErrorCode::connections_file_invalid,
                 .message = fmt::format("{} is not used unasked: {}", registry::show(path),
                                        file.error().violation->message),
                 .hint = fmt::format("if you trust it, name it: --connections {}",
                                     registry::shell_word(path))};
}

[[nodiscard]] std::string list_names(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names)
        list += (list.empty() ? "" : ", ") + name;
    return list;
}

[[nodiscard]] std::string hint_for(std::string_view word, const std::vector<std::string>& known,
                                   std::string_view what) {
    const std::vector<std::string_view> views(known.begin(), known.end());
    if (const auto similar = registry::find_similar(word, views)) {
        return fmt::format("did you mean {}?", registry::quote(*similar));
    }
    return known.empty() ? fmt::format("it has no {}", what)
                         : fmt::format("it has {}: {}", what, list_names(known));
}

} // namespace

Expected<const ConnectionEntry*> ConnectionsFile::find(std::string_view connector,
                                                       std::string_view alias) const {
    std::vector<std::string> connectors;
    std::vector<std::string> aliases;
    const ConnectionEntry* only = nullptr;
    const ConnectionEntry* chosen = nullptr;
    for (const auto& entry : entries) {
        if (connectors.empty() || connectors.back() != entry.connector) {
            connectors.push_back(entry.connector);
        }
        if (entry.connector != connector) continue;
        aliases.push_back(entry.alias);
        only = &entry;
        if (alias.empty() ? entry.is_default : entry.alias == alias) chosen = &entry;
    }
    if (chosen == nullptr && alias.empty() && aliases.size() == 1) chosen = only;
    if (chosen != nullptr && !chosen->faults.empty())
        return std::unexpected(invalid(path, chosen->faults));
    if (chosen != nullptr) return chosen;

    const auto unknown = [&](std::string message, std::string hint) {
        return std::unexpected(Error{.code = ErrorCode::connection_unknown,
                                     .message = std::move(message),
                                     .hint = std::move(hint)});
    };
    if (aliases.empty()) {
        return unknown(fmt::format("{} has no connections of {}", registry::show(path),
                                   registry::quote(connector)),
                       hint_for(connector, connectors, "connections of"));
    }
    if (alias.empty()) {
        return unknown(fmt::format("{} has {} connections of {}, and none is the default",
                                   registry::show(path), aliases.size(),
                                   registry::quote(connector)),
                       fmt::format("name one as @{}.ALIAS ({}), or mark one with \"default: true\"",
                                   connector, list_names(aliases)));
    }
    return unknown(fmt::format("{} has no connection {} of {}", registry::show(path),
                               registry::quote(alias), registry::quote(connector)),
                   hint_for(alias, aliases, "the aliases"));
}

Expected<ConnectionsFile> read_connections_text(const std::filesystem::path& path,
                                                std::string_view text) {
    auto document = read_document(path, text, connections_file_limits);
    if (!document) {
        return std::unexpected(
            Error{.code = ErrorCode::connections_file_invalid,
                  .message = fmt::format("{}: {}", registry::show(path), document.error().text()),
                  .pointer = document.error().pointer});
    }
    auto faults = file_schema().explain(document->value);
    ConnectionsFile file{.path = path, .entries = read_entries(*document, faults)};
    if (!faults.empty()) {
        set_places(faults, path, document->positions);
        return std::unexpected(invalid(path, std::move(faults)));
    }
    check_entries(file.entries);
    for (auto& entry : file.entries)
        set_places(entry.faults, path, document->positions);
    return file;
}

Expected<ConnectionsFile> read_connections_file(const std::filesystem::path& path) {
    // Named by the user, so a link is followed; a pipe is not waited for.
    const registry::UniqueFd file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.is_open()) return std::unexpected(missing(path, registry::error_text(errno)));
    const auto text = registry::read_whole(file.get(), connections_file_limits.max_bytes);
    if (text) return read_connections_text(path, *text);
    if (text.error() != EFBIG) {
        return std::unexpected(missing(path, registry::error_text(text.error())));
    }
    return std::unexpected(
        Error{.code = ErrorCode::connections_file_invalid,
              .message = fmt::format("{}: has more than the {} bytes allowed", registry::show(path),
                                     connections_file_limits.max_bytes)});
}

Expected<std::filesystem::path> find_connections_file(bool use_environment) {
    if (use_environment) {
        if (auto named = variable("PATCHBAY_CONNECTIONS")) return *named;
    }
    std::error_code ignored; // a working directory that is gone holds no file
    auto here = std::filesystem::current_path(ignored) / file_name;
    if (std::filesystem::exists(here, ignored)) {
        if (auto stranger = check_stranger(here)) return std::unexpected(std::move(*stranger));
        return here;
    }
    const auto user = use_environment ? user_configuration() : std::nullopt;
    if (user && std::filesystem::exists(*user, ignored)) return *user;
    return std::unexpected(Error{
        .code = ErrorCode::connections_file_missing,
        .message = user ? fmt::format("there is no connections file: neither {} nor {}",
                                      registry::show(here), registry::show(*user))
                        : fmt::format("there is no connections file: no {}", registry::show(here)),
        .hint = "write one, or name it with --connections or PATCHBAY_CONNECTIONS"});
}

} // namespace patchbay::host
