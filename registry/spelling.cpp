// SPDX-License-Identifier: Apache-2.0
// Guesses which of the words that were possible somebody meant.

#include "spelling.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace patchbay::registry {
namespace {

std::string fold(std::string_view word) {
    std::string folded;
    folded.reserve(word.size());
    for (const char c : word) {
        if (c == '-' || c == '_' || c == ' ') continue;
        folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return folded;
}

// The edits that still look like a slip in a word of that length.
std::size_t allowed_distance(std::size_t length) {
    if (length <= 2) return 0;
    if (length <= 4) return 1;
    return length <= 8 ? 2 : 3;
}

} // namespace

SpellingGuess::SpellingGuess(std::string_view written) {
    if (written.size() <= max_length) written_ = fold(written);
}

void SpellingGuess::consider(std::string_view candidate) {
    if (written_.empty() || candidate.size() > max_length || ++considered_ > max_candidates) return;
    const auto folded = fold(candidate);
    const auto longer = std::max(folded.size(), written_.size());
    const auto allowed = allowed_distance(longer);
    if (longer - std::min(folded.size(), written_.size()) > allowed) return;
    const auto distance = edit_distance(written_, folded);
    if (distance > allowed || distance >= best_distance_) return;
    best_distance_ = distance;
    best_ = candidate;
}

std::optional<std::string_view> find_similar(std::string_view written,
                                             std::span<const std::string_view> known) {
    SpellingGuess guess(written);
    for (const auto candidate : known)
        guess.consider(candidate);
    if (guess.best().empty()) return std::nullopt;
    return guess.best();
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

} // namespace patchbay::registry
