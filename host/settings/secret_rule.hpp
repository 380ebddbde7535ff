// SPDX-License-Identifier: Apache-2.0
// Tells secret places of the settings from open ones.
#pragma once

#include "places.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace patchbay::host {

// Whether a name sounds as if its value were secret: password, *_key, url and the like. A property
// of that name must say whether it is.
[[nodiscard]] bool sounds_secret(std::string_view name);

// Rather takes too much for secret than too little. Where the budget is exhausted, everything is.
class SecretRule {
  public:
    SecretRule(const CompiledSchema& schema, Budget& budget)
        : schema_(schema), budget_(budget), places_(schema, budget) {}

    // Whether a node marks its value: by "x-secret", or where that is not said, by the format
    // "password" or by "writeOnly".
    [[nodiscard]] bool marks(NodeIndex node) const;

    [[nodiscard]] bool any_marks(const Nodes& nodes) const;

    // Whether a member is secret because of its name: nobody declares it, and it is spelled like a
    // secret one or sounds like one.
    [[nodiscard]] bool resembles_secret(const Nodes& object, std::string_view key);

    // Whether what stands where these nodes speak may contain a secret that belongs beneath: a URL
    // with its password, where an object should be.
    [[nodiscard]] bool any_beneath(const Nodes& nodes);

    // Whether the value that a pointer into the settings names is secret, or stands beneath one
    // that is, or is no container where one with secrets should be.
    [[nodiscard]] bool is_secret(const boost::json::value& settings, std::string_view pointer);

    [[nodiscard]] Places& places() { return places_; }

  private:
    const CompiledSchema& schema_;
    Budget& budget_;
    Places places_;
};

} // namespace patchbay::host
