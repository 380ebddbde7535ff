// SPDX-License-Identifier: Apache-2.0
// Guesses which of the words that were possible somebody meant.
#pragma once

#include <span>
#include <string_view>

namespace patchbay::command {

// The nearest of the known words, where it is near for a word of that length; else empty. A wrong
// guess is worse than none.
[[nodiscard]] std::string_view find_similar(std::string_view word,
                                            std::span<const std::string_view> known);

} // namespace patchbay::command
