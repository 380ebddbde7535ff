// SPDX-License-Identifier: Apache-2.0
// The grammars that texts of a manifest follow, each as one predicate over the whole text.
#pragma once

#include <string_view>

namespace patchbay::registry {

// schemas/manifest.schema.json states each of these as a pattern, but for what a pattern cannot say
// of a licence expression: that its parentheses are balanced, and that AND, OR and WITH are no
// names.

// [a-z][a-z0-9_-]{0,62}
[[nodiscard]] bool is_connector_name(std::string_view text);

// RFC 9562, section 4, in lower case; the nil UUID is nobody's.
[[nodiscard]] bool is_uuid(std::string_view text);

// Semantic Versioning 2.0.0, items 2, 9 and 10.
[[nodiscard]] bool is_semantic_version(std::string_view text);

// An SPDX licence expression by its syntax (SPDX 2.3, annex D): "MIT", "Apache-2.0 OR MIT",
// "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-Ours". Which names are on SPDX's list
// is not looked at.
[[nodiscard]] bool is_spdx_expression(std::string_view text);

// "patchbay.<name>/<revision>" for those of Patchbay, "<reverse DNS>.<name>/<revision>" for others:
// labels of a-z, 0-9 and inner hyphens, a revision of 1 to 9 digits that does not begin with 0.
[[nodiscard]] bool is_capability_id(std::string_view text);

// RFC 3986, section 3.1, in lower case, at most 32 characters.
[[nodiscard]] bool is_url_scheme(std::string_view text);

// An absolute http or https URL of visible ASCII characters.
[[nodiscard]] bool is_web_url(std::string_view text);

// A file beneath the bundle: parts of letters, digits and _ . + - that begin with a letter, a digit
// or _, joined by "/". Hence never absolute, never ".." and never hidden.
[[nodiscard]] bool is_bundle_path(std::string_view text);

} // namespace patchbay::registry
