// SPDX-License-Identifier: Apache-2.0
// Takes JSON Pointers (RFC 6901) apart.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::host {

// Cuts the first token off a pointer and unescapes it. The pointer is not empty, and begins with a
// slash as every pointer does.
[[nodiscard]] inline std::string take_pointer_token(std::string_view& pointer) {
    pointer.remove_prefix(1);
    const auto written = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(written.size());
    std::string token;
    token.reserve(written.size());
    for (std::size_t i = 0; i < written.size(); ++i) {
        const bool escape = written[i] == '~' && i + 1 < written.size();
        if (escape && (written[i + 1] == '0' || written[i + 1] == '1')) {
            token += written[++i] == '0' ? '~' : '/';
        } else {
            token += written[i];
        }
    }
    return token;
}

} // namespace patchbay::host
