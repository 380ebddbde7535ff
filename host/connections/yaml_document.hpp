// SPDX-License-Identifier: Apache-2.0
// Reads YAML that people write, as strictly as JSON, and remembers where everything stood.
#pragma once

#include <patchbay/host/fault.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace patchbay::host {

// Where something stands in a file; both count from 1.
struct TextPosition {
    std::size_t line = 0;
    std::size_t column = 0;
};

// A document as JSON sees it, with the place of every value by its JSON Pointer. A member's place
// is that of its key.
struct PositionedDocument {
    boost::json::value value;
    std::map<std::string, TextPosition, std::less<>> positions;
};

// Why a text is no document for us.
struct DocumentFault {
    FaultCode code;
    TextPosition at; // line 0 where the whole text is at fault
    std::string pointer;
    std::string message; // without the place

    // "line 3, column 7: ..." as it stands behind the name of the file.
    [[nodiscard]] std::string text() const;
};

struct YamlLimits {
    std::size_t max_bytes;
    std::size_t max_depth;
    std::size_t max_nodes; // with every use of an alias counted in full
};

inline constexpr YamlLimits connections_file_limits{std::size_t{4} * 1024 * 1024, 32, 200'000};
inline constexpr YamlLimits settings_document_limits{std::size_t{1024} * 1024, 32, 100'000};
// A schema or document of anybody: as deep as a schema of 128 levels is written, two levels of JSON
// for each.
inline constexpr YamlLimits foreign_document_limits{std::size_t{4} * 1024 * 1024, 260, 200'000};

// Reads one YAML or JSON document.
//
// YAML is taken as JSON's superset: plain scalars mean what the 1.2 core schema says, so that "yes"
// is a text and "0o17" a number; keys are texts; anchors may be used again within limits. Refused,
// because two readers would see different things: a key that stands twice, merge keys, tags, keys
// that are not texts, more than one document, numbers that are not finite or do not fit.
//
// Errors: a DocumentFault, the first one in the text.
[[nodiscard]] std::expected<PositionedDocument, DocumentFault> read_yaml(std::string_view text,
                                                                         const YamlLimits& limits);

// The value that a plain scalar stands for by the core schema of YAML 1.2; a text where it is none
// of the others. Nothing for a number that JSON cannot hold.
[[nodiscard]] std::expected<boost::json::value, std::string>
read_plain_scalar(std::string_view text);

} // namespace patchbay::host
