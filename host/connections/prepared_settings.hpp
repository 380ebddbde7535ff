// SPDX-License-Identifier: Apache-2.0
// From what a person wrote to what a connector gets: references, defaults, validation.
#pragma once

#include "connections_file.hpp"
#include "interpolation.hpp"

#include <host/session/connection_config.hpp>
#include <host/settings/schema.hpp>
#include <patchbay/host/error.hpp>
#include <patchbay/host/host.hpp>

#include <boost/json/value.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::host {

// Settings as they were written, and where.
struct RawSettings {
    boost::json::value value; // an object
    Positions positions;      // by pointers into it
    std::string origin;       // the file's name for messages, or "the URL"
    Origin::Kind kind = Origin::Kind::file;
    std::filesystem::path directory; // what ${file:} is relative to
    bool has_references = true;      // false: "${" is nothing special, as in a URL that was typed
};

// Settings that are complete, with secrets still where they are kept: a secret that is a reference
// is looked up when a session opens, and only its form has been checked.
class PreparedSettings {
  public:
    // Puts values that were set on the spot over the raw ones, looks up what is no secret,
    // completes and validates.
    PreparedSettings(RawSettings raw,
                     const std::vector<std::pair<std::string, std::string>>& overrides,
                     const Schema& schema, Surroundings surroundings);

    // Every fault, each with its place; none where a session may be tried.
    [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

    // For check_settings: compact, null in place of each secret that is not looked up yet.
    [[nodiscard]] std::string json_to_check() const;

    // What must not be seen of the values that check_settings gets.
    [[nodiscard]] std::vector<std::string> known_secrets() const;

    // For people: secrets and what came from outside masked, references as they were written.
    [[nodiscard]] std::string json_to_show() const;
    [[nodiscard]] const std::vector<Origin>& origins() const { return origins_; }

    // For open: everything looked up, and validated once more.
    //
    // Errors: value_unresolved; invalid_settings.
    [[nodiscard]] Expected<ResolvedSettings> resolve() const;

    // Where a pointer into the settings was written: in the file, or on the spot.
    [[nodiscard]] std::string place_of(std::string_view pointer) const;

  private:
    void override_values(const std::vector<std::pair<std::string, std::string>>& overrides);
    void expand_references();
    void expand_text(const std::string& pointer, const std::string& text, bool secret);
    void complete_settings();
    void validate();
    [[nodiscard]] std::string place_of(const Fault& fault) const;
    void note(const std::string& pointer, Origin::Kind kind, std::string detail);
    void forget_beneath(std::string_view pointer);
    void list_origins(const boost::json::value& value, std::string& pointer);

    Schema schema_;
    Surroundings surroundings_;
    RawSettings raw_;
    boost::json::value settings_;
    std::vector<std::string> set_;                // pointers to what was set on the spot
    std::vector<std::string> filled_;             // pointers to what completion put in
    std::map<std::string, Template> unresolved_;  // secrets that are references, by pointer
    std::map<std::string, std::string> expanded_; // what came from outside, by pointer
    std::map<std::string, Origin> found_; // where values came from that were not just written
    std::vector<Fault> faults_;
    std::vector<Origin> origins_;
};

} // namespace patchbay::host
