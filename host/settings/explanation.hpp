// SPDX-License-Identifier: Apache-2.0
// Tells a person what is wrong with a value: each fault once, in the place where it can be
// corrected.
#pragma once

#include "budget.hpp"
#include "compiled_schema.hpp"
#include "subject.hpp"

#include <patchbay/host/fault.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace patchbay::host {

inline constexpr std::size_t max_settings_faults = 100;

// Every fault of a value; none if and only if the verdict accepts it. filled: pointers to the
// values that completion put in, which are no hint at what somebody meant to write.
[[nodiscard]] std::vector<Fault> explain(const CompiledSchema& schema,
                                         const boost::json::value& value,
                                         std::span<const std::string> filled = {},
                                         Subject subject = Subject::settings);

// The same without asking for the verdict first. Where the budget ends, so do the faults.
//
// Why this exists: explain() could hide that the two evaluators disagree, and tests ask this one.
[[nodiscard]] std::vector<Fault> collect_faults(const CompiledSchema& schema,
                                                const boost::json::value& value, Budget& budget,
                                                std::span<const std::string> filled = {},
                                                Subject subject = Subject::settings);

} // namespace patchbay::host
