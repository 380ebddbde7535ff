// SPDX-License-Identifier: Apache-2.0
// What a person types to say which source is meant.
#pragma once

#include <patchbay/host/error.hpp>
#include <patchbay/host/export.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::host {

// One source, named in one of three ways:
//   - "@name.alias", or "@name" for the default or only alias: an entry of the connections file;
//   - a URL, whose scheme picks the connector; it may hold a secret, and ${...} in it is not
//   expanded;
//   - a connector and settings that are given on the spot.
class PATCHBAY_HOST_API Reference {
  public:
    // Reads the first two forms.
    //
    // Errors: reference_invalid for anything else.
    [[nodiscard]] static Expected<Reference> parse(std::string_view text);

    // connector: a name or a full ID. settings: JSON or YAML, as an alias holds it in the
    // connections file; origin: what to call it in messages, such as its file name.
    [[nodiscard]] static Reference of_connector(std::string connector, std::string settings,
                                                std::string origin);

    // Sets one value, as `--set POINTER=VALUE` does, on top of whatever the settings say. The value
    // is text that is read as the schema's type at that place.
    Reference& set(std::string pointer, std::string value);

    enum class Kind { alias, url, settings };
    [[nodiscard]] Kind kind() const { return kind_; }

    // How it is called in messages: as it was given, but never a URL's password.
    [[nodiscard]] std::string text() const;

    [[nodiscard]] const std::string& connector() const { return connector_; } // alias, settings
    [[nodiscard]] const std::string& alias() const { return alias_; }         // empty: the default
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] const std::string& settings() const { return settings_; }
    [[nodiscard]] const std::string& origin() const { return origin_; }
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& overrides() const {
        return overrides_;
    }

  private:
    Kind kind_ = Kind::alias;
    std::string connector_;
    std::string alias_;
    std::string url_;
    std::string settings_;
    std::string origin_;
    std::vector<std::pair<std::string, std::string>> overrides_;
};

} // namespace patchbay::host
