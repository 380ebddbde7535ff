// SPDX-License-Identifier: Apache-2.0
// Guesses which of the words that were possible somebody meant.

#include "spelling.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace patchbay::command {
namespace {

// Letters to insert, delete or replace to make one word of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

} // namespace

std::string_view find_similar(std::string_view word, std::span<const std::string_view> known) {
    constexpr std::size_t max_length = 64;
    if (word.size() > max_length) return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto candidate : known) {
        const auto distance = edit_distance(word, candidate);
        if (distance < best_distance && distance < candidate.size() / 2 + 1) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

} // namespace patchbay::command
