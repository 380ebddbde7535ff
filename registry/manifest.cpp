// SPDX-License-Identifier: Apache-2.0
// Reads connector.json.

#include "manifest.hpp"

#include "json_pointer.hpp"
#include "manifest_grammar.hpp"
#include "printable_text.hpp"
#include "refusal.hpp"
#include "spelling.hpp"
#include "strict_json.hpp"

#include <patchbay/abi/patchbay.h>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <utility>

namespace patchbay::registry {
namespace {

namespace json = boost::json;

constexpr std::uint64_t known_manifest_version = 1;
constexpr std::string_view manifest_version_expected = "the number 1";
constexpr std::string_view id_expected =
    "\"name|uuid\", such as \"postgresql|3f0c2a44-...\": a name of a-z, 0-9, _ and - that begins "
    "with a letter, and a UUID in lower case";
constexpr std::string_view abi_expected = R"(an object with "major" and "min_minor")";
constexpr std::string_view version_part_expected = "a whole number from 0 to 4294967295";

template <std::size_t MaxLength>
bool is_line(std::string_view text) {
    const auto length = printable_length(text);
    return length && *length >= 1 && *length <= MaxLength;
}

bool is_connector_id(std::string_view text) {
    return ConnectorId::parse(text).has_value();
}

struct TextField {
    std::string_view key;
    bool required;
    std::string Manifest::* member;
    bool (*accepts)(std::string_view);
    std::string_view expected; // completes "must be ..."
};

constexpr std::string_view bundle_path_expected =
    "a file beneath the bundle: names of letters, digits and _ . + - that begin with a letter, a "
    "digit or _, joined by /";

constexpr TextField descriptive_fields[] = {
    {"title", true, &Manifest::title, is_line<120>, "a line of 1 to 120 characters"},
    {"version", true, &Manifest::version, is_semantic_version,
     R"(a Semantic Version (semver.org) such as "1.4.0" or "2.0.0-rc.1")"},
    {"vendor", true, &Manifest::vendor, is_line<120>, "a line of 1 to 120 characters"},
    {"license", true, &Manifest::license, is_spdx_expression,
     R"(an SPDX expression such as "Apache-2.0" or "LicenseRef-Acme")"},
    {"description", true, &Manifest::description, is_line<2000>, "a line of 1 to 2000 characters"},
    {"icon", false, &Manifest::icon, is_bundle_path, bundle_path_expected},
    {"doc_url", false, &Manifest::doc_url, is_web_url, "an http or https URL in ASCII"},
};

constexpr TextField file_fields[] = {
    {"library", true, &Manifest::library, is_bundle_path, bundle_path_expected},
    {"settings_schema", true, &Manifest::settings_schema, is_bundle_path, bundle_path_expected},
    {"request_schema", false, &Manifest::request_schema, is_bundle_path, bundle_path_expected},
};

struct ListField {
    std::string_view key;
    bool required;
    std::vector<std::string> Manifest::* member;
    std::size_t max_items;
    bool (*accepts)(std::string_view);
    std::string_view expected; // completes "must be ..."
};

constexpr ListField capability_fields[] = {
    {"provides", true, &Manifest::provides, 64, is_capability_id,
     R"(a capability such as "patchbay.source/1" or "org.example.thing/1")"},
    {"url_schemes", false, &Manifest::url_schemes, 16, is_url_scheme,
     R"(the scheme of a URL in lower case, without "://", such as "postgresql")"},
};

constexpr ListField replaces_field = {
    "replaces", false,           &Manifest::replaces,
    64,         is_connector_id, "the ID of another connector, \"name|uuid\""};

template <typename Value>
struct Word {
    std::string_view text;
    Value value;
};

template <typename Value>
struct WordField {
    std::string_view key;
    bool required;
    Value Manifest::* member;
    std::span<const Word<Value>> words;
    std::string_view expected; // completes "must be ..."
};

constexpr Word<Mode> modes[] = {{"read", Mode::read}, {"write", Mode::write}, {"both", Mode::both}};
constexpr WordField<Mode> mode_field = {"mode", true, &Manifest::mode, modes,
                                        R"("read", "write" or "both")"};

constexpr Word<Threading> threadings[] = {{"free", Threading::free},
                                          {"session", Threading::session}};
constexpr WordField<Threading> threading_field = {"threading", false, &Manifest::threading,
                                                  threadings, R"("free" or "session")"};
constexpr std::string_view reserved_threadings[] = {"library", "affine"};

constexpr std::string_view known_fields[] = {
    "$schema",         "manifest_version", "id",       "title",       "version", "vendor",
    "license",         "description",      "icon",     "doc_url",     "abi",     "library",
    "settings_schema", "request_schema",   "provides", "url_schemes", "mode",    "threading",
    "replaces"};
constexpr std::string_view known_abi_fields[] = {"major", "min_minor"};

constexpr std::string_view known_capabilities[] = {
    PATCHBAY_CONNECTOR_CAPABILITY, PATCHBAY_SOURCE_CAPABILITY, PATCHBAY_SQL_CAPABILITY,
    PATCHBAY_CATALOG_CAPABILITY, PATCHBAY_STREAM_INFO_CAPABILITY};

std::string_view text_of(const json::value& value) {
    const auto& text = value.get_string();
    return {text.data(), text.size()};
}

// A value as a message shows it.
std::string found(const json::value& value) {
    switch (value.kind()) {
    case json::kind::string:
        return quote(text_of(value));
    case json::kind::array:
        return "an array";
    case json::kind::object:
        return "an object";
    default:
        return json::serialize(value);
    }
}

// A whole number from 0; 1.0 is one as well (draft-07, section 6.1.1).
std::optional<std::uint64_t> whole_number(const json::value& value) {
    if (const auto* number = value.if_uint64()) return *number;
    if (const auto* number = value.if_int64(); number && *number >= 0) {
        return static_cast<std::uint64_t>(*number);
    }
    constexpr double exact_below = 9007199254740992.0; // 2^53
    if (const auto* number = value.if_double();
        number && *number >= 0 && *number < exact_below && std::trunc(*number) == *number) {
        return static_cast<std::uint64_t>(*number);
    }
    return std::nullopt;
}

// Reads field by field, and goes on after a fault, so that all of them are known at once.
class ManifestReader {
  public:
    explicit ManifestReader(const std::filesystem::path& path) : path_(path) {}

    ManifestReading read(const json::object& document) && {
        if (!read_manifest_version(document)) return std::move(reading_);
        read_id(document);
        for (const auto& field : descriptive_fields)
            read_text(document, field);
        read_abi(document);
        for (const auto& field : file_fields)
            read_text(document, field);
        for (const auto& field : capability_fields)
            read_list(document, field);
        read_word(document, mode_field);
        if (!refuse_reserved_threading(document)) read_word(document, threading_field);
        read_list(document, replaces_field);
        check_capabilities(document);
        note_unknown_fields(document, "", known_fields);
        if (reading_.faults.empty()) reading_.manifest = std::move(manifest_);
        return std::move(reading_);
    }

  private:
    void add_fault(std::string pointer, std::string_view text,
                   RefusalCode code = RefusalCode::manifest_invalid) {
        reading_.faults.push_back(make_refusal(code, path_, text, std::move(pointer)));
    }

    void add_notice(std::string pointer, std::string_view text) {
        reading_.notices.push_back(make_notice(path_, text, std::move(pointer)));
    }

    const json::value* find(const json::object& object, std::string_view pointer,
                            std::string_view key, bool required, std::string_view expected) {
        const auto* value = object.if_contains(key);
        if (value == nullptr && required) {
            add_fault(std::string(pointer),
                      fmt::format("needs the field \"{}\", {}", key, expected));
        }
        return value;
    }

    [[nodiscard]] static std::string pointer_to(std::string_view key) {
        return '/' + std::string(key); // no key of ours has anything to escape
    }

    bool read_manifest_version(const json::object& document) {
        constexpr std::string_view key = "manifest_version";
        const auto* value = find(document, "", key, true, manifest_version_expected);
        if (value == nullptr) return true;
        const auto version = whole_number(*value);
        if (!version) {
            add_fault(pointer_to(key), fmt::format("must be {}; it is {}",
                                                   manifest_version_expected, found(*value)));
            return true;
        }
        if (*version == known_manifest_version) return true;
        add_fault(pointer_to(key),
                  fmt::format("is {}, and this Patchbay reads version {} only; update Patchbay, or "
                              "install a release of the connector made for it",
                              *version, known_manifest_version),
                  RefusalCode::manifest_version_unknown);
        return false; // what the other fields mean nobody knows
    }

    void read_id(const json::object& document) {
        const auto* value = find(document, "", "id", true, id_expected);
        if (value == nullptr) return;
        if (value->is_string()) reading_.id = ConnectorId::parse(text_of(*value));
        if (reading_.id) {
            manifest_.id = *reading_.id;
        } else {
            add_fault("/id", fmt::format("must be {}; it is {}", id_expected, found(*value)));
        }
    }

    void read_text(const json::object& document, const TextField& field) {
        const auto* value = find(document, "", field.key, field.required, field.expected);
        if (value == nullptr) return;
        if (!value->is_string() || !field.accepts(text_of(*value))) {
            add_fault(pointer_to(field.key),
                      fmt::format("must be {}; it is {}", field.expected, found(*value)));
            return;
        }
        manifest_.*field.member = text_of(*value);
    }

    void read_list(const json::object& document, const ListField& field) {
        const auto* value = find(document, "", field.key, field.required, "an array of texts");
        if (value == nullptr) return;
        if (!value->is_array() || value->get_array().size() > field.max_items) {
            add_fault(pointer_to(field.key),
                      fmt::format("must be an array of at most {} texts; it is {}", field.max_items,
                                  value->is_array()
                                      ? fmt::format("one of {}", value->get_array().size())
                                      : found(*value)));
            return;
        }
        auto& items = manifest_.*field.member;
        std::size_t index = 0;
        for (const auto& item : value->get_array()) {
            std::string pointer = pointer_to(field.key);
            append_pointer(pointer, index++);
            if (!item.is_string() || !field.accepts(text_of(item))) {
                add_fault(std::move(pointer),
                          fmt::format("must be {}; it is {}", field.expected, found(item)));
            } else if (std::ranges::find(items, text_of(item)) != items.end()) {
                add_fault(std::move(pointer), fmt::format("{} stands twice", found(item)));
            } else {
                items.emplace_back(text_of(item));
            }
        }
    }

    void read_abi(const json::object& document) {
        const auto* value = find(document, "", "abi", true, abi_expected);
        if (value == nullptr) return;
        if (!value->is_object()) {
            add_fault("/abi", fmt::format("must be {}; it is {}", abi_expected, found(*value)));
            return;
        }
        const auto& abi = value->get_object();
        read_version_part(abi, "major", manifest_.abi_major);
        read_version_part(abi, "min_minor", manifest_.abi_min_minor);
        note_unknown_fields(abi, "/abi", known_abi_fields);
    }

    void read_version_part(const json::object& abi, std::string_view key, std::uint32_t& part) {
        const auto* value = find(abi, "/abi", key, true, version_part_expected);
        if (value == nullptr) return;
        const auto number = whole_number(*value);
        if (number && *number <= UINT32_MAX) {
            part = static_cast<std::uint32_t>(*number);
        } else {
            add_fault("/abi" + pointer_to(key),
                      fmt::format("must be {}; it is {}", version_part_expected, found(*value)));
        }
    }

    template <typename Value>
    void read_word(const json::object& document, const WordField<Value>& field) {
        const auto* value = find(document, "", field.key, field.required, field.expected);
        if (value == nullptr) return;
        if (value->is_string()) {
            const auto word = std::ranges::find(field.words, text_of(*value), &Word<Value>::text);
            if (word != field.words.end()) {
                manifest_.*field.member = word->value;
                return;
            }
        }
        add_fault(pointer_to(field.key),
                  fmt::format("must be {}; it is {}", field.expected, found(*value)));
    }

    bool refuse_reserved_threading(const json::object& document) {
        const auto* value = document.if_contains("threading");
        if (value == nullptr || !value->is_string() ||
            std::ranges::find(reserved_threadings, text_of(*value)) ==
                std::end(reserved_threadings)) {
            return false;
        }
        add_fault("/threading",
                  fmt::format("is {}, which is reserved: no host serves it yet; make the connector "
                              "bear \"session\" (one call at a time in each session) and say so",
                              found(*value)),
                  RefusalCode::threading_reserved);
        return true;
    }

    [[nodiscard]] static bool provides(const json::object& document, std::string_view capability) {
        const auto* list = document.if_contains("provides");
        return list != nullptr && list->is_array() &&
               std::ranges::any_of(list->get_array(), [capability](const json::value& item) {
                   return item.is_string() && text_of(item) == capability;
               });
    }

    void check_capabilities(const json::object& document) {
        const auto* list = document.if_contains("provides");
        if (list != nullptr && list->is_array() &&
            !provides(document, PATCHBAY_CONNECTOR_CAPABILITY)) {
            add_fault("/provides", "must contain \"" PATCHBAY_CONNECTOR_CAPABILITY
                                   "\", which every connector has");
        }
        if (provides(document, PATCHBAY_SOURCE_CAPABILITY) &&
            !document.contains("request_schema")) {
            add_fault("", "needs the field \"request_schema\", the file that describes read "
                          "requests, because \"provides\" has \"" PATCHBAY_SOURCE_CAPABILITY "\"");
        }
        for (const auto& capability : manifest_.provides) {
            if (!capability.starts_with("patchbay.") ||
                std::ranges::find(known_capabilities, capability) != std::end(known_capabilities)) {
                continue;
            }
            add_notice("/provides",
                       fmt::format("has {}, which this Patchbay does not know{}", quote(capability),
                                   suggestion(capability, known_capabilities)));
        }
        if (std::ranges::find(manifest_.replaces, manifest_.id.text()) !=
            manifest_.replaces.end()) {
            add_notice("/replaces", "names the connector itself, which means nothing; remove it");
        }
    }

    [[nodiscard]] static std::string suggestion(std::string_view word,
                                                std::span<const std::string_view> known) {
        const auto similar = find_similar(word, known);
        return similar ? fmt::format("; did you mean \"{}\"?", *similar) : "";
    }

    void note_unknown_fields(const json::object& object, std::string_view pointer,
                             std::span<const std::string_view> known) {
        for (const auto& member : object) {
            const std::string_view key(member.key().data(), member.key().size());
            if (std::ranges::find(known, key) != known.end()) continue;
            std::string field(pointer);
            append_pointer(field, key);
            add_notice(std::move(field), fmt::format("is an unknown field, which is passed over{}",
                                                     suggestion(key, known)));
        }
    }

    const std::filesystem::path& path_;
    Manifest manifest_;
    ManifestReading reading_;
};

RefusalCode code_of(JsonFaultKind kind) {
    switch (kind) {
    case JsonFaultKind::too_large:
        return RefusalCode::manifest_too_large;
    case JsonFaultKind::too_deep:
        return RefusalCode::manifest_too_deep;
    case JsonFaultKind::duplicate_key:
        return RefusalCode::manifest_duplicate_key;
    case JsonFaultKind::syntax:
    case JsonFaultKind::number_out_of_range:
        break;
    }
    return RefusalCode::manifest_not_json;
}

} // namespace

ManifestReading read_manifest(std::string_view content, const std::filesystem::path& path) {
    std::array<unsigned char, 8192> buffer; // for the values of most manifests
    json::monotonic_resource memory(buffer.data(), buffer.size());
    const auto document = read_strict_json(content, manifest_limits, &memory);
    ManifestReading failed;
    if (!document) {
        const auto& fault = document.error();
        failed.faults.push_back(
            make_refusal(code_of(fault.kind), path, describe(fault), fault.pointer));
        return failed;
    }
    if (!document->is_object()) {
        failed.faults.push_back(
            make_refusal(RefusalCode::manifest_invalid, path,
                         fmt::format("must be an object; it is {}", found(*document))));
        return failed;
    }
    return ManifestReader(path).read(document->get_object());
}

std::optional<Refusal> check_abi(const Manifest& manifest, std::uint32_t host_major,
                                 std::uint32_t host_minor, const std::filesystem::path& path) {
    const auto refusal = [&](RefusalCode code, std::string_view relation, std::string_view remedy) {
        return make_refusal(
            code, path,
            fmt::format("the connector is built for {} ABI {}.{}, and this Patchbay "
                        "serves {}.{}{}; {}",
                        relation, manifest.abi_major, manifest.abi_min_minor, host_major,
                        host_minor, host_major == 0 ? " only (major 0 still moves)" : "", remedy),
            "/abi");
    };
    constexpr std::string_view update = "update Patchbay, or install an older release of the "
                                        "connector";
    constexpr std::string_view rebuild = "install a newer release of the connector, or rebuild it "
                                         "with the headers of this Patchbay";
    const auto wanted = std::pair(manifest.abi_major, manifest.abi_min_minor);
    const auto served = std::pair(host_major, host_minor);
    const bool same_major = manifest.abi_major == host_major;
    if (wanted > served) return refusal(RefusalCode::abi_too_new, "the newer", update);
    if (!same_major || (host_major == 0 && wanted < served)) {
        return refusal(RefusalCode::abi_too_old, "the older", rebuild);
    }
    return std::nullopt;
}

} // namespace patchbay::registry
