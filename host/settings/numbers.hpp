// SPDX-License-Identifier: Apache-2.0
// JSON numbers as mathematics sees them, whichever of int64, uint64 and double holds them.
#pragma once

#include <boost/json/value.hpp>

#include <compare>
#include <string>

namespace patchbay::host {

// Whether the value is a whole number; 1.0 is one, 1.5 and infinity are not.
[[nodiscard]] bool is_integer(const boost::json::value& value);

// Compares two numbers exactly: 2^63 as a uint64 is more than the double next below it. A number
// that is none (NaN) is unordered.
[[nodiscard]] std::partial_ordering compare_numbers(const boost::json::value& a,
                                                    const boost::json::value& b);

// Whether value / divisor is a whole number, both taken as the decimals people write: 0.3 is a
// multiple of 0.1, though neither is the double that holds it. The divisor is more than 0.
[[nodiscard]] bool is_multiple_of(const boost::json::value& value,
                                  const boost::json::value& divisor);

// As a person writes it: 70000, 0.25, 1e300.
[[nodiscard]] std::string number_text(const boost::json::value& number);

} // namespace patchbay::host
