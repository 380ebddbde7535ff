// SPDX-License-Identifier: Apache-2.0
// Which parts of a schema speak about one place in the settings.
#pragma once

#include "budget.hpp"
#include "compiled_schema.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace patchbay::host {

// Every node that could say something about one value: through references, all branches of a
// choice, conditions met or not. Whether a value is secret, what it is called and what type it
// should have is asked of all of them, since the settings may be wrong in any way.
using Nodes = std::vector<NodeIndex>;

// Finds them. The budget is the caller's; once it is exhausted, nodes are missing.
class Places {
  public:
    Places(const CompiledSchema& schema, Budget& budget) : schema_(schema), budget_(budget) {}

    [[nodiscard]] Nodes at_root();

    // Of a member of an object that these nodes speak about. Schemas for keys that "properties"
    // does not name count too.
    [[nodiscard]] Nodes of_member(const Nodes& object, std::string_view key);

    // What an object's nodes themselves have for a member, nothing added.
    [[nodiscard]] Nodes declared(const Nodes& object, std::string_view key);

    // Whether any of them names that key, in "properties" or by a pattern.
    [[nodiscard]] bool names_member(const Nodes& object, std::string_view key);

    // Of an item of a list that they speak about.
    [[nodiscard]] Nodes of_item(const Nodes& list, std::size_t index);

    // Of the value that a JSON Pointer into the settings names. The settings tell lists from
    // objects; the last step may lead to a member that is missing.
    [[nodiscard]] Nodes at(const boost::json::value& settings, std::string_view pointer);

  private:
    bool append_named(const ObjectChecks& checks, std::string_view key, Nodes& nodes);
    void complete(Nodes& nodes);

    const CompiledSchema& schema_;
    Budget& budget_;
};

} // namespace patchbay::host
