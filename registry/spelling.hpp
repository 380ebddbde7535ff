// SPDX-License-Identifier: Apache-2.0
// "Did you mean ...?": which of the words that were possible somebody meant.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patchbay::registry {

// Takes the candidates one by one and keeps the nearest, if it is near for a word of its length:
// a guess that is wrong is worse than none. Upper case, hyphens and underscores make no difference.
class SpellingGuess {
  public:
    explicit SpellingGuess(std::string_view written);

    // The candidate is borrowed until best() was asked.
    void consider(std::string_view candidate);

    // "" where nothing is near. Of two equally near ones the first.
    [[nodiscard]] std::string_view best() const { return best_; }

  private:
    static constexpr std::size_t max_length = 48;
    static constexpr std::size_t max_candidates = 2000;

    std::string written_; // without what makes no difference; "" = too long to guess
    std::string_view best_;
    std::size_t best_distance_ = max_length;
    std::size_t considered_ = 0;
};

// The guess among words that are all at hand; nothing where none is near.
[[nodiscard]] std::optional<std::string_view> find_similar(std::string_view written,
                                                           std::span<const std::string_view> known);

// How many letters to insert, delete, replace or swap with their neighbour to make one text of the
// other, each letter touched once (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

} // namespace patchbay::registry
