// SPDX-License-Identifier: Apache-2.0
// What the man page says beside commands and options: files, environment, documents.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::command {

// A section of the man page: paragraphs, then a text that stands as it is, then entries.
struct ManualSection {
    std::string_view heading;
    std::vector<std::string_view> paragraphs;
    std::string_view verbatim = {};
    std::vector<std::pair<std::string_view, std::string_view>> entries = {};
};

// In their order on the page.
[[nodiscard]] const std::vector<ManualSection>& manual_sections();

// A connections file with one of everything. It refers to the file archive-path.txt beside it.
[[nodiscard]] std::string_view connections_example();

} // namespace patchbay::command
