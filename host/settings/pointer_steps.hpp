// SPDX-License-Identifier: Apache-2.0
// Follows JSON Pointers (RFC 6901) step by step.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <cstddef>
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

// The member of an object or the item of a list that a token names; nullptr where there is none.
[[nodiscard]] inline const boost::json::value* find_step(const boost::json::value& value,
                                                         const std::string& token) {
    if (const auto* object = value.if_object()) return object->if_contains(token);
    const auto* array = value.if_array();
    std::size_t index = 0;
    const char* const end = token.data() + token.size();
    if (array == nullptr || token.empty() || std::from_chars(token.data(), end, index).ptr != end ||
        index >= array->size()) {
        return nullptr;
    }
    return &(*array)[index];
}

} // namespace patchbay::host
