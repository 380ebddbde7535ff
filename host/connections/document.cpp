// SPDX-License-Identifier: Apache-2.0
// Reads the documents that people name: JSON where the name says so, YAML otherwise.

#include "document.hpp"

#include <utility>

namespace patchbay::host {

FaultCode fault_code(registry::JsonFaultKind kind) {
    switch (kind) {
    case registry::JsonFaultKind::too_large:
        return FaultCode::document_too_large;
    case registry::JsonFaultKind::too_deep:
        return FaultCode::document_too_deep;
    case registry::JsonFaultKind::duplicate_key:
        return FaultCode::document_duplicate_key;
    case registry::JsonFaultKind::number_out_of_range:
        return FaultCode::document_number;
    case registry::JsonFaultKind::syntax:
        break;
    }
    return FaultCode::document_syntax;
}

std::expected<PositionedDocument, DocumentFault>
read_document(const std::filesystem::path& name, std::string_view text, const YamlLimits& limits) {
    if (name.extension() != ".json") return read_yaml(text, limits);
    auto value = registry::read_strict_json(text, {limits.max_bytes, limits.max_depth});
    if (!value) {
        auto& fault = value.error();
        return std::unexpected(DocumentFault{.code = fault_code(fault.kind),
                                             .at = {fault.line, fault.column},
                                             .pointer = std::move(fault.pointer),
                                             .message = std::move(fault.message)});
    }
    PositionedDocument document{.value = std::move(*value), .positions = {}};
    // The JSON reader keeps no positions. The YAML reader does, where it can read the text too.
    if (auto positioned = read_yaml(text, limits)) {
        document.positions = std::move(positioned->positions);
    }
    return document;
}

} // namespace patchbay::host
