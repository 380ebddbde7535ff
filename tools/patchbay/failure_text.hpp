// SPDX-License-Identifier: Apache-2.0
// Tells a person, or a program, what went wrong.
#pragma once

#include "failure.hpp"
#include "output/terminal_text.hpp"

#include <patchbay/host/fault.hpp>
#include <patchbay/registry/bundle.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <span>
#include <string>

namespace patchbay::command {

// "patchbay: message", then where, hint and trail, each on a line of its own; all faults where
// settings are at fault.
[[nodiscard]] std::string failure_text(const Failure& failure, const Terminal& terminal);

// The members of an error in a document: null where there is none.
[[nodiscard]] boost::json::object error_json(const Failure& failure);

// One line each, and below it the place where it is known.
[[nodiscard]] std::string faults_text(std::span<const host::Fault> faults,
                                      const Terminal& terminal);

[[nodiscard]] boost::json::array faults_json(std::span<const host::Fault> faults);

// A rule of the registry that is broken, as documents show faults.
[[nodiscard]] boost::json::object refusal_json(const registry::Refusal& refusal);

} // namespace patchbay::command
