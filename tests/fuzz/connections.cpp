// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of connections files, and of the references in their texts.

#include "require.hpp"

#include <host/connections/connections_file.hpp>
#include <host/connections/interpolation.hpp>
#include <host/connections/yaml_document.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using patchbay::test::require;
namespace host = patchbay::host;
namespace json = boost::json;

namespace {

// Takes every text of a value apart. The reader has bounded how deep a value is.
void read_templates(const json::value& value) {
    if (const auto* const text = value.if_string()) {
        if (const auto read = host::read_template(*text)) (void)read->describe();
    } else if (const auto* const items = value.if_array()) {
        for (const auto& item : *items)
            read_templates(item);
    } else if (const auto* const object = value.if_object()) {
        for (const auto& member : *object)
            read_templates(member.value());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    const auto document = host::read_yaml(text, host::connections_file_limits);
    if (document) {
        for (const auto& [pointer, position] : document->positions) {
            boost::system::error_code error;
            require(document->value.find_pointer(pointer, error) != nullptr,
                    "a position is that of a value");
            require(position.line > 0 && position.column > 0, "positions count from 1");
        }
        read_templates(document->value);
    } else {
        require(!document.error().message.empty(), "a fault says what it is");
    }

    const auto file = host::read_connections_text("connections.yaml", text);
    require(!file || document.has_value(), "a connections file is a document");
    if (!file) {
        require(file.error().code == host::ErrorCode::connections_file_invalid,
                "what is no connections file is called so");
        require(file.error().message.contains("connections.yaml"), "an error names the file");
        return 0;
    }
    for (const auto& entry : file->entries) {
        const auto found = file->find(entry.connector, entry.alias);
        if (entry.faults.empty()) {
            require(found.has_value() && *found == &entry, "every entry is found by its name");
        } else {
            require(!found && found.error().faults == entry.faults,
                    "a broken entry is found with its faults");
        }
    }
    return 0;
}
