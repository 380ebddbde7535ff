// SPDX-License-Identifier: Apache-2.0
// Times pieces of work in turns, and prints what they come to as a line that `run` reads.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::bench {

// The benchmark cannot run: says why, and ends the program.
[[noreturn]] inline void stop(std::string_view why) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(why.size()), why.data());
    std::exit(1);
}

// The command line of every benchmark: pairs of "--name value".
class Arguments {
  public:
    Arguments(int count, char** words) {
        for (int i = 1; i + 1 < count; i += 2)
            values_[words[i]] = words[i + 1];
        if (count % 2 == 0) stop("the arguments are pairs: --name value");
    }

    [[nodiscard]] const std::string& text(const std::string& name) const {
        const auto found = values_.find("--" + name);
        if (found == values_.end()) stop("the argument --" + name + " is missing");
        return found->second;
    }

    // How often everything is measured.
    [[nodiscard]] int rounds() const { return std::max(1, std::atoi(text("rounds").c_str())); }

    // So many repetitions at full size, at least one.
    [[nodiscard]] std::size_t scaled(std::size_t full) const {
        const double count = static_cast<double>(full) * std::atof(text("scale").c_str());
        return std::max<std::size_t>(1, static_cast<std::size_t>(count));
    }

  private:
    std::map<std::string, std::string> values_;
};

// Durations in nanoseconds, one for each round.
using Samples = std::vector<double>;

// Does each work once a round, one after the other, so that whatever else the machine does meets
// all of them alike. One round before the first is not counted.
[[nodiscard]] inline std::vector<Samples>
measure_in_turns(int rounds, const std::vector<std::function<void()>>& works) {
    std::vector<Samples> samples(works.size());
    for (int round = -1; round < rounds; ++round) {
        for (std::size_t i = 0; i < works.size(); ++i) {
            const auto start = std::chrono::steady_clock::now();
            works[i]();
            const std::chrono::duration<double, std::nano> taken =
                std::chrono::steady_clock::now() - start;
            if (round >= 0) samples[i].push_back(taken.count());
        }
    }
    return samples;
}

[[nodiscard]] inline double median(Samples samples) {
    std::ranges::sort(samples);
    const auto middle = samples.size() / 2;
    return samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

// What one piece of work takes where a round does it so many times.
[[nodiscard]] inline Samples per_piece(Samples samples, std::size_t pieces) {
    for (auto& sample : samples)
        sample /= static_cast<double>(pieces);
    return samples;
}

// Ratios are made round by round, from what was measured side by side.
[[nodiscard]] inline Samples ratios(const Samples& dividends, const Samples& divisors) {
    Samples result(dividends.size());
    std::ranges::transform(dividends, divisors, result.begin(), std::divides<>());
    return result;
}

namespace detail {
inline void print_line(std::string_view name, const Samples& ratio, const char* limit_sign,
                       double limit, const Samples& ours, const Samples& peer) {
    const auto [least, most] = std::ranges::minmax(ratio);
    std::printf("%.*s\t%.4f\t%.4f\t%.4f\t%s%g\t%.1f\t%.1f\n", static_cast<int>(name.size()),
                name.data(), median(ratio), least, most, limit_sign, limit, median(ours),
                median(peer));
    std::fflush(stdout);
}
} // namespace detail

// The figure is our time as a multiple of the peer's, to be at most `limit`.
inline void print_time(std::string_view name, double limit, const Samples& ours,
                       const Samples& peer) {
    detail::print_line(name, ratios(ours, peer), "<=", limit, ours, peer);
}

// The figure is our speed as a multiple of the peer's, to be at least `limit`.
inline void print_speed(std::string_view name, double limit, const Samples& ours,
                        const Samples& peer) {
    detail::print_line(name, ratios(peer, ours), ">=", limit, ours, peer);
}

} // namespace patchbay::bench
