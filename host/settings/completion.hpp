// SPDX-License-Identifier: Apache-2.0
// Makes whole what people and forms leave out: defaults, the obvious choice, empty fields.
#pragma once

#include "schema.hpp"

#include <patchbay/host/fault.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

struct Completion {
    boost::json::value settings;
    std::vector<std::string> filled;  // pointers to values that came from the schema
    std::vector<std::string> dropped; // and to the empty texts that were left out
};

// Completes settings, faulty ones as far as they can be followed. In each object, in this order:
// empty texts of optional text settings go, as forms send them for fields that nobody filled; a
// choice whose discriminator is missing gets it where exactly one branch declares all keys given;
// defaults fill what is missing, also those of the chosen branch. A whole number that is spelt as a
// fraction, 5e3 or 5.0, becomes an integer where the schema wants one. An object that is missing
// stays so, unless it has a default itself.
[[nodiscard]] Completion complete(const Schema& schema, boost::json::value settings);

// What a text becomes that stands for a whole value, such as what "${PGPORT}" gave: the number or
// truth value that it spells where the schema wants one at that pointer, else the text itself. The
// settings tell which branch of a choice counts.
[[nodiscard]] boost::json::value coerce_text(const Schema& schema,
                                             const boost::json::value& settings,
                                             std::string_view pointer, std::string_view text);

// Whether an example is right as it stands, completed as any settings are.
[[nodiscard]] std::vector<Fault> check_example(const Schema& schema, boost::json::value example);

} // namespace patchbay::host
