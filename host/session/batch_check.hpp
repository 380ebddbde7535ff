// SPDX-License-Identifier: Apache-2.0
// Looks whether a batch has the structure that its stream's schema promised.
#pragma once

#include <patchbay/abi/arrow.h>
#include <patchbay/sdk/arrow_format.hpp>
#include <patchbay/sdk/arrow_schema.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace patchbay::host {

// A schema as a flat list of what each array of a batch must look like.
//
// Only structure is checked, a few integers per column: numbers of buffers and children, lengths,
// null counts, that buffers are there, first and last offset, also against the length of a list's
// child. Contents (every offset, UTF-8,
// the size of buffers, which the C data interface does not tell) are the conformance suite's.
class BatchCheck {
  public:
    BatchCheck() = default;

    // Reads a schema, which has passed find_schema_fault: every format is known.
    explicit BatchCheck(const sdk::Field& schema);

    // Nothing where the batch may be handed on; else what is wrong, with the name of the column.
    [[nodiscard]] std::optional<std::string> find_fault(const ArrowArray& batch) const;

  private:
    struct Node {
        std::string path; // "orders.items", for messages
        std::optional<sdk::ArrowFormat> format;
        std::size_t first_child = 0; // index into nodes_
        std::size_t child_count = 0;
    };

    void add_children(std::size_t node, const sdk::Field& field);
    // Why not a result with the text in it: this runs for every column of every batch, and nearly
    // always has nothing to say.
    [[nodiscard]] bool is_sound(const Node& node, const ArrowArray& array,
                                std::string& fault) const;

    std::vector<Node> nodes_; // the children of a node stand together
};

} // namespace patchbay::host
