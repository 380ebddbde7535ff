// SPDX-License-Identifier: Apache-2.0
// Writes texts and bytes as JSON has them.
#pragma once

#include "output/output_buffer.hpp"

#include <string>
#include <string_view>

namespace patchbay::command {

// Writes a text, which is UTF-8, in quotes, escaped.
void put_json_text(OutputBuffer& out, std::string_view text);

// Writes bytes as base64 (RFC 4648, section 4), without quotes.
void put_base64(OutputBuffer& out, std::string_view bytes);

// A text in quotes; what is not UTF-8 in it is replaced by U+FFFD.
[[nodiscard]] std::string json_text(std::string_view text);

} // namespace patchbay::command
