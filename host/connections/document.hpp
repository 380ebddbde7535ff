// SPDX-License-Identifier: Apache-2.0
// Reads the documents that people name: JSON where the name says so, YAML otherwise.
#pragma once

#include "yaml_document.hpp"

#include <registry/strict_json.hpp>

#include <expected>
#include <filesystem>
#include <string_view>

namespace patchbay::host {

[[nodiscard]] FaultCode fault_code(registry::JsonFaultKind kind);

// Reads a document whose file has that name; the file itself is not looked at.
//
// What ends in .json is JSON and nothing more, with errors that speak of JSON. Everything else is
// YAML, of which JSON is a part.
//
// Errors: a DocumentFault, the first one in the text.
[[nodiscard]] std::expected<PositionedDocument, DocumentFault>
read_document(const std::filesystem::path& name, std::string_view text, const YamlLimits& limits);

} // namespace patchbay::host
