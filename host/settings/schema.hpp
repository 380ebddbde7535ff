// SPDX-License-Identifier: Apache-2.0
// A compiled JSON Schema: what settings are validated by.
#pragma once

#include "documents.hpp"

#include <patchbay/host/fault.hpp>

#include <boost/json/value.hpp>

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace patchbay::host {

class CompiledSchema;

struct CompileOptions {
    // Which other documents a $ref may lead to; only looked at while compiling.
    const Documents& documents = Documents::built_in();
};

// All of draft-07, whoever wrote it; bundles are held to the narrower dialect by the linter.
// Immutable, cheap to copy, and may be used by any number of threads at once.
class Schema {
  public:
    // The document is taken over. Errors: every fault that keeps it from being a schema, up to 100.
    [[nodiscard]] static std::expected<Schema, std::vector<Fault>>
    compile(boost::json::value document, const CompileOptions& options = {});

    // The verdict alone. A value that takes more than the budget to decide is not accepted.
    [[nodiscard]] bool accepts(const boost::json::value& value) const;

    // Every fault of the value, one message each; none if and only if accepts() says so. filled:
    // pointers to the values that completion put in.
    [[nodiscard]] std::vector<Fault> explain(const boost::json::value& value,
                                             std::span<const std::string> filled = {}) const;

    // The same of a request, in words for a request.
    [[nodiscard]] std::vector<Fault> explain_request(const boost::json::value& value) const;

    // For the other readers of schemas in this folder.
    [[nodiscard]] const CompiledSchema& compiled() const { return *compiled_; }

    // One that compiled without faults.
    explicit Schema(std::shared_ptr<const CompiledSchema> compiled)
        : compiled_(std::move(compiled)) {}

  private:
    std::shared_ptr<const CompiledSchema> compiled_;
};

} // namespace patchbay::host
