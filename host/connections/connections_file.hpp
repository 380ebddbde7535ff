// SPDX-License-Identifier: Apache-2.0
// The connections file: which sources a user has given a name to.
#pragma once

#include "yaml_document.hpp"

#include <patchbay/host/error.hpp>
#include <patchbay/registry/bundle.hpp>

#include <boost/json/value.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// Text positions of values by JSON Pointer.
using Positions = std::map<std::string, TextPosition, std::less<>>;

// One alias of one connector.
struct ConnectionEntry {
    std::string connector; // the name that it stands under
    std::string alias;
    std::optional<registry::ConnectorId> id; // where the file says which of two is meant
    bool is_default = false;
    boost::json::value settings; // an object, without the reserved keys
    Positions positions;         // by pointers into the settings
    std::vector<Fault> faults;   // what keeps it from being used; pointers into the file
};

struct ConnectionsFile {
    std::filesystem::path path;
    std::vector<ConnectionEntry> entries; // in the order of the file

    // The entry of an alias; of the default or only one where the alias is empty.
    //
    // Errors: connection_unknown, with what there is; connections_file_invalid where the entry is
    //         broken, with its faults and their places.
    [[nodiscard]] Expected<const ConnectionEntry*> find(std::string_view connector,
                                                        std::string_view alias) const;
};

// Reads a connections file. A fault inside an entry concerns that entry alone, and is told when it
// is asked for; what a connector thinks of its settings is seen when they are used.
//
// Errors: connections_file_missing; connections_file_invalid with every fault of the file's own
//         shape and its place.
[[nodiscard]] Expected<ConnectionsFile> read_connections_file(const std::filesystem::path& path);

// The same for a text that is at hand; the path only names it.
[[nodiscard]] Expected<ConnectionsFile> read_connections_text(const std::filesystem::path& path,
                                                              std::string_view text);

// The file that is meant where nobody names one: $PATCHBAY_CONNECTIONS, ./connections.yaml,
// connections.yaml in the user's configuration directory.
//
// The one in the working directory is only taken where nobody else could have put it there: it
// could send secrets of this user to a stranger's server.
//
// Errors: connections_file_missing where there is none; connections_file_invalid where the one in
//         the working directory is a stranger's.
[[nodiscard]] Expected<std::filesystem::path> find_connections_file(bool use_environment);

} // namespace patchbay::host
