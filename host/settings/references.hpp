// SPDX-License-Identifier: Apache-2.0
// Finds what a $ref leads to, and the ones that lead nowhere but back.
#pragma once

#include "compiled_schema.hpp"
#include "documents.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

struct ReferenceTarget {
    const boost::json::value* schema;
    std::size_t resource; // the innermost that it belongs to
    std::size_t base;     // the one that the reference names ...
    std::string fragment; // ... and the way from there: a pointer, or a plain name
};

struct ReferenceFault {
    bool remote; // the document itself is not there
    std::string message;
    std::string suggestion; // another $ref
};

// Follows the references of one schema.
class References {
  public:
    // Documents that are reached for the first time are added to the schema's identifiers, and to
    // its used documents, which keeps them alive.
    References(CompiledSchema& schema, Identifiers& identifiers, const Documents& documents)
        : schema_(schema), identifiers_(identifiers), documents_(documents) {}

    // Takes a $ref as it is written, in the resource where it stands.
    [[nodiscard]] std::expected<ReferenceTarget, ReferenceFault> find(std::string_view reference,
                                                                      std::size_t resource);

  private:
    [[nodiscard]] std::optional<std::size_t> find_resource(const std::string& uri);
    [[nodiscard]] std::expected<ReferenceTarget, ReferenceFault>
    follow_pointer(std::string_view pointer, std::size_t resource,
                   std::string_view written_uri) const;

    CompiledSchema& schema_;
    Identifiers& identifiers_;
    const Documents& documents_;
};

// Nodes whose $ref closes a circle that a value could be sent around for ever: one that looks no
// deeper into the value on its way.
[[nodiscard]] std::vector<NodeIndex> find_reference_loops(const CompiledSchema& schema);

} // namespace patchbay::host
