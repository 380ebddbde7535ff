// SPDX-License-Identifier: Apache-2.0
// JSON Pointers (RFC 6901), the way every fault names its place in a document.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::registry {

// Appends "/" and one reference token, escaped: '~' becomes "~0", '/' becomes "~1".
inline void append_pointer(std::string& pointer, std::string_view token) {
    pointer.push_back('/');
    for (const char c : token) {
        if (c == '~') {
            pointer.append("~0");
        } else if (c == '/') {
            pointer.append("~1");
        } else {
            pointer.push_back(c);
        }
    }
}

// Appends "/" and an array index.
inline void append_pointer(std::string& pointer, std::size_t index) {
    pointer.push_back('/');
    pointer.append(std::to_string(index));
}

} // namespace patchbay::registry
