// SPDX-License-Identifier: Apache-2.0
// A compiled JSON Schema: what settings are validated by.

#include "schema.hpp"

#include "compiler.hpp"
#include "explanation.hpp"
#include "verdict.hpp"

namespace patchbay::host {

std::expected<Schema, std::vector<Fault>> Schema::compile(boost::json::value document,
                                                          const CompileOptions& options) {
    auto compilation = compile_schema(std::move(document), options.documents);
    if (!compilation.faults.empty()) return std::unexpected(std::move(compilation.faults));
    return Schema(std::move(compilation.schema));
}

bool Schema::accepts(const boost::json::value& value) const {
    Budget budget;
    const bool accepted = Verdict(*compiled_, budget).accepts(CompiledSchema::root, value);
    return accepted && !budget.exhausted();
}

std::vector<Fault> Schema::explain(const boost::json::value& value,
                                   std::span<const std::string> filled) const {
    return host::explain(*compiled_, value, filled);
}

std::vector<Fault> Schema::explain_request(const boost::json::value& value) const {
    return host::explain(*compiled_, value, {}, Subject::request);
}

} // namespace patchbay::host
