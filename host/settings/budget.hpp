// SPDX-License-Identifier: Apache-2.0
// How much one evaluation may cost, so that no schema and no document can hold up the host.
#pragma once

#include <cstdint>

namespace patchbay::host {

// Counts the steps and levels of one evaluation. A step is about one look at one value; whatever
// costs more (a long text against a pattern) is charged for its length.
//
// Once it is used up it stays so, and the outcome of the evaluation means nothing: "not" turns a
// refusal into acceptance, so only exhausted() at the end tells whether the verdict counts.
class Budget {
  public:
    static constexpr std::int64_t max_steps = 2'000'000;
    static constexpr int max_levels = 600;

    Budget() = default;
    explicit Budget(std::int64_t steps) : steps_(steps) {}

    // False once more steps were taken than there are. Steps are counts and sizes of what is in
    // memory, far from where the type ends.
    [[nodiscard]] bool spend(std::uint64_t steps) {
        steps_ -= static_cast<std::int64_t>(steps);
        if (steps_ >= 0) [[likely]]
            return true;
        steps_ = -1; // or enough refusals would wrap around
        return false;
    }

    [[nodiscard]] bool enter_level() {
        if (++levels_ <= max_levels) [[likely]]
            return true;
        too_deep_ = true;
        steps_ = -1; // ends every loop that spends
        return false;
    }

    void leave_level() { --levels_; }

    [[nodiscard]] bool exhausted() const { return steps_ < 0; }

    // Which of the two limits it was, where it is exhausted.
    [[nodiscard]] bool too_deep() const { return too_deep_; }

  private:
    std::int64_t steps_ = max_steps;
    int levels_ = 0;
    bool too_deep_ = false;
};

// Holds one level for as long as it lives.
class Level {
  public:
    explicit Level(Budget& budget) : budget_(budget), entered_(budget.enter_level()) {}
    Level(const Level&) = delete;
    Level(Level&&) = delete;
    Level& operator=(const Level&) = delete;
    Level& operator=(Level&&) = delete;
    ~Level() { budget_.leave_level(); }

    [[nodiscard]] bool entered() const { return entered_; }

  private:
    Budget& budget_;
    bool entered_;
};

} // namespace patchbay::host
