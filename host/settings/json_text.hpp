// SPDX-License-Identifier: Apache-2.0
// One text, seen as the standard library's view or as Boost.JSON's.
#pragma once

#include <boost/json/string.hpp>
#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>

#include <string_view>

namespace patchbay::host {

[[nodiscard]] inline std::string_view std_view(boost::json::string_view text) {
    return {text.data(), text.size()};
}

[[nodiscard]] inline boost::json::string_view boost_view(std::string_view text) {
    return {text.data(), text.size()};
}

// Of a value that is text.
[[nodiscard]] inline std::string_view text_of(const boost::json::value& value) {
    return {value.get_string().data(), value.get_string().size()};
}

} // namespace patchbay::host
