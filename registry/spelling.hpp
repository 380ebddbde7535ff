// SPDX-License-Identifier: Apache-2.0
// "Did you mean ...?": the known word that a misspelt one was probably meant to be.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace patchbay::registry {

// The nearest of the known words, where it is near enough to be offered: one edit for short words,
// up to a third of the length for longer ones. Swapping two neighbours is one edit. The first wins
// among equals.
[[nodiscard]] std::optional<std::string_view> find_similar(std::string_view word,
                                                           std::span<const std::string_view> known);

} // namespace patchbay::registry
