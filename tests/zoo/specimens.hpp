// SPDX-License-Identifier: Apache-2.0
// The one table of the zoo: what each connector does wrong, and what becomes of it.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

struct Specimen {
    std::string_view name;
    std::string_view misdeed;
    // As ProbeRun::verdict says it.
    std::string_view verdict;
    // What the message says, where there is one.
    std::string_view says = {};
    // What each operation may take, and the whole process.
    std::chrono::milliseconds timeout{20'000};
    std::chrono::milliseconds patience{60'000};
    // Where it is not run: the sanitizer, and why.
    std::string_view not_under = {};
    std::string_view because = {};
};

[[nodiscard]] const std::vector<Specimen>& specimens();
