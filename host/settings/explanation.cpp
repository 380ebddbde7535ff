// SPDX-License-Identifier: Apache-2.0
// Tells a person what is wrong with a value: each fault once, in the place where it can be
// corrected.

#include "explanation.hpp"

#include "explainer.hpp"

#include <fmt/format.h>

#include <cassert>

namespace patchbay::host {
namespace {

Fault budget_fault(const Budget& budget, Subject subject) {
    return {FaultCode::settings_budget,
            "",
            "",
            "",
            fmt::format("cannot be checked against this schema within {}; make the {} smaller, or "
                        "the schema simpler",
                        budget.too_deep() ? fmt::format("{} levels", Budget::max_levels)
                                          : fmt::format("{} steps", Budget::max_steps),
                        subject == Subject::request ? "request" : "settings"),
            "{}",
            ""};
}

} // namespace

std::vector<Fault> explain(const CompiledSchema& schema, const boost::json::value& value,
                           std::span<const std::string> filled, Subject subject) {
    Budget budget;
    const bool accepted = Verdict(schema, budget).accepts(CompiledSchema::root, value);
    if (budget.exhausted()) return {budget_fault(budget, subject)};
    if (accepted) return {};

    Budget for_words;
    auto faults = collect_faults(schema, value, for_words, filled, subject);
    // A refusal that could not be put into words in time is a refusal all the same.
    if (faults.empty()) {
        assert(for_words.exhausted());
        faults.push_back(budget_fault(for_words, subject));
    }
    return faults;
}

std::vector<Fault> collect_faults(const CompiledSchema& schema, const boost::json::value& value,
                                  Budget& budget, std::span<const std::string> filled,
                                  Subject subject) {
    Explainer explainer(schema, value, budget, filled, subject);
    explainer.run(CompiledSchema::root);
    return explainer.take_faults();
}

} // namespace patchbay::host
