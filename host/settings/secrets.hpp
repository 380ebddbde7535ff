// SPDX-License-Identifier: Apache-2.0
// Which values of given settings are secret, and what may be shown instead.
#pragma once

#include "schema.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// What stands where a secret was.
inline constexpr std::string_view secret_mask = "***";

// JSON Pointers to the secret values, outermost first and in the order of the settings.
//
// Secret is what the schema marks so, in any branch whether it applies or not, and everything
// beneath. So is the value of a key that the schema does not know where the key is spelled like a
// secret's or sounds like one: somebody mistyped it. Where the schema cannot be followed within its
// budget, everything is secret.
[[nodiscard]] std::vector<std::string> find_secrets(const Schema& schema,
                                                    const boost::json::value& settings);

// A copy with "***" in place of each secret.
[[nodiscard]] boost::json::value mask_secrets(const Schema& schema,
                                              const boost::json::value& settings);

// Masks what may be secret in each URL among the settings, for people: see masked_open_text.
void mask_urls(boost::json::value& settings);

// Every text and number inside the secrets, and of each URL, be it secret or not, its password and
// those parameters that are no open settings; raw and decoded: what a masking log must not let
// pass.
[[nodiscard]] std::vector<std::string> secret_values(const Schema& schema,
                                                     const boost::json::value& settings);

// Settings as they come back from a form: where a secret is still "***", the stored one is kept.
// A mask with nothing stored behind it is left out.
[[nodiscard]] boost::json::value keep_masked(const Schema& schema, boost::json::value sent,
                                             const boost::json::value& stored);

} // namespace patchbay::host
