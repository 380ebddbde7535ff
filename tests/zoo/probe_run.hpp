// SPDX-License-Identifier: Apache-2.0
// Runs zoo_probe and says in one line what became of it.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// How a process that ran one scenario of zoo_probe ended.
struct ProbeRun {
    std::string end; // "works", "dies by SIGSEGV", "exits with 7", "does not come back"
    std::vector<std::array<std::string, 3>> report; // key and two values, in the order of writing
    std::string output;                             // what it wrote to its standard output
    std::chrono::nanoseconds took{};

    // The last values of a key, or empty texts.
    [[nodiscard]] std::array<std::string, 3> find(std::string_view key) const;
    [[nodiscard]] std::size_t count(std::string_view key) const;

    // What differs between its two fingerprints, apart by commas; memory only where it grew by more
    // than any work of the host explains.
    [[nodiscard]] std::string changes() const;

    // All of it in one line: "refused: library.no-entry", "error: io", "works; changes locale".
    [[nodiscard]] std::string verdict() const;
};

// environment: further variables, "NAME=value". A process that is not back after the patience is
// over is killed.
[[nodiscard]] ProbeRun run_probe(const std::string& scenario,
                                 const std::vector<std::string>& arguments,
                                 std::chrono::milliseconds patience,
                                 const std::vector<std::string>& environment = {});
