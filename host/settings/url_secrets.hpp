// SPDX-License-Identifier: Apache-2.0
// What of a URL may be secret: how it is shown without that, and what a log must not let pass.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::host {

// The scheme that a text begins with, without the colon behind it; empty where there is none.
[[nodiscard]] std::string_view url_scheme(std::string_view text);

// Whether a text may be a URL: it begins with "scheme://", or with "scheme:" and has no blanks.
[[nodiscard]] bool resembles_url(std::string_view text);

// A URL as it may be shown: its password, its query and its fragment are masked. Where characters
// that should have been encoded make it ambiguous where a password ends, more is masked, never
// less. What stands behind the scheme of a URL without "//" is masked as a whole.
[[nodiscard]] std::string masked_url(std::string_view url);

// The same for a value of the settings that is declared open: a text that is no URL stays as it is,
// and so does one that has nothing before an "@", no query and no fragment.
[[nodiscard]] std::string masked_open_text(std::string_view text);

// The password of a URL, as it stands there; empty where there is none.
[[nodiscard]] std::string_view url_password(std::string_view url);

// The parameters of a URL's query, as they stand there.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>>
url_parameters(std::string_view url);

} // namespace patchbay::host
