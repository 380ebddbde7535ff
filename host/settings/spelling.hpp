// SPDX-License-Identifier: Apache-2.0
// Guesses which of the words that were possible somebody meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::host {

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

// How many letters to insert, delete, replace or swap with their neighbour to make one text of the
// other, each letter touched once (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

} // namespace patchbay::host
