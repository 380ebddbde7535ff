// SPDX-License-Identifier: Apache-2.0
// Prints the one JSON document of --json.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace patchbay::command {

// The document over several lines, members in their order, with a newline at its end. Fractions are
// the shortest that read back; what is not UTF-8 in a text is replaced.
[[nodiscard]] std::string document_text(const boost::json::value& value);

// A text, or null where it is empty: how documents say that there is none.
[[nodiscard]] boost::json::value text_or_null(const std::string& text);

} // namespace patchbay::command
