// SPDX-License-Identifier: Apache-2.0
// Bundles, as several commands tell of them.
#pragma once

#include <patchbay/registry/bundle.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::command {

// {"id", "name", "title", "version", "vendor", "capabilities", "url_schemes", "path", "state",
// "reason"}; null where the manifest could not be read.
[[nodiscard]] boost::json::object bundle_json(const registry::Bundle& bundle);

// "puppet", or where it has no name that could be read, that of its directory.
[[nodiscard]] std::string bundle_name(const registry::Bundle& bundle);
[[nodiscard]] std::string bundle_version(const registry::Bundle& bundle);

// Why it is not usable, or empty.
[[nodiscard]] std::string bundle_reason(const registry::Bundle& bundle);

// "source, sql": without the prefix and the version, and without what every connector is.
[[nodiscard]] std::string capabilities_text(const std::vector<std::string>& capabilities);

[[nodiscard]] std::string joined(const std::vector<std::string>& texts);

} // namespace patchbay::command
