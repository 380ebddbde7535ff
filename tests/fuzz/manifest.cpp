// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of manifests: a manifest or faults, never both; and what the reader takes, the
// schema of manifests takes too.

#include "require.hpp"

#include <host/settings/schema.hpp>
#include <registry/manifest.hpp>
#include <registry/strict_json.hpp>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

using patchbay::host::Schema;
using patchbay::test::require;
namespace registry = patchbay::registry;

namespace {

Schema read_manifest_schema() {
    std::ifstream file(PATCHBAY_SCHEMAS_DIR "/manifest.schema.json");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    auto document = registry::read_strict_json(text, registry::schema_limits);
    require(document.has_value(), "manifest.schema.json can be read");
    auto schema = Schema::compile(std::move(*document));
    require(schema.has_value(), "manifest.schema.json compiles");
    return *schema;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Schema schema = read_manifest_schema();
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    const auto reading = registry::read_manifest(text, "connector.json");

    require(reading.manifest.has_value() == reading.faults.empty(), "a manifest or faults");
    for (const auto& fault : reading.faults)
        require(fault.message.starts_with("connector.json: "), "a fault names the file");
    if (!reading.manifest) return 0;
    require(reading.id == reading.manifest->id, "the ID is that of the manifest");
    const auto document = registry::read_strict_json(text, registry::manifest_limits);
    require(document && schema.accepts(*document), "the schema takes what the reader takes");
    return 0;
}
