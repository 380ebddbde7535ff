// SPDX-License-Identifier: Apache-2.0
// Reads JSON that somebody else wrote: strictly, within limits, and with a place for each fault.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace patchbay::registry {

// Looked at before and while parsing, so that a small file cannot become a large memory.
struct JsonLimits {
    std::size_t max_bytes;
    std::size_t max_depth; // of nested arrays and objects
};

inline constexpr JsonLimits manifest_limits{64 * 1024, 16};
inline constexpr JsonLimits schema_limits{256 * 1024, 64};
inline constexpr JsonLimits settings_limits{1024 * 1024, 32};

enum class JsonFaultKind {
    too_large,
    too_deep,
    syntax,
    duplicate_key,
    number_out_of_range, // not finite, or an integer that no 64-bit integer holds
};

// Why a text is no JSON for us.
struct JsonFault {
    JsonFaultKind kind;
    std::size_t line; // 1-based; 0 where the whole text is at fault
    std::size_t column;
    std::string pointer; // to the innermost value that was being read
    std::string message; // without the place
};

// "line 3, column 7: ..." as it stands behind the name of the file.
[[nodiscard]] std::string describe(const JsonFault& fault);

// Parses one JSON document (RFC 8259): UTF-8 without byte order mark, nothing behind it.
//
// Stricter than the parser underneath, which keeps the last of two equal keys, takes 1e400 for
// infinity and rounds integers beyond 64 bits: each of these is a fault here, because two readers
// of one file must never see different things. Decimal fractions are the nearest double, exactly.
//
// storage: where the value's memory comes from; the default is the heap.
// Errors: a JsonFault, the first one in the text.
[[nodiscard]] std::expected<boost::json::value, JsonFault>
read_strict_json(std::string_view text, const JsonLimits& limits,
                 boost::json::storage_ptr storage = {});

} // namespace patchbay::registry
