// SPDX-License-Identifier: Apache-2.0
// The members of one schema object, by keyword.
#pragma once

#include "keywords.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

namespace patchbay::host {

// Reads the object once; what is no keyword is left out. Borrows from the object.
class Members {
  public:
    explicit Members(const boost::json::object& object) {
        for (const auto& [key, value] : object) {
            const auto keyword = find_keyword({key.data(), key.size()});
            if (keyword != Keyword::none) values_[static_cast<std::size_t>(keyword)] = &value;
        }
    }

    // nullptr where it has none.
    const boost::json::value* operator[](Keyword keyword) const {
        return values_[static_cast<std::size_t>(keyword)];
    }

    [[nodiscard]] bool has(Keyword keyword) const { return (*this)[keyword] != nullptr; }

    [[nodiscard]] bool has_any(std::initializer_list<Keyword> keywords) const {
        return std::ranges::any_of(keywords, [this](Keyword k) { return has(k); });
    }

  private:
    std::array<const boost::json::value*, keyword_count> values_{};
};

} // namespace patchbay::host
