// SPDX-License-Identifier: Apache-2.0
// Reads YAML that people write, as strictly as JSON, and remembers where everything stood.

#include "yaml_document.hpp"

#include <patchbay/sdk/text.hpp>
#include <registry/json_pointer.hpp>
#include <registry/strict_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace patchbay::host {
namespace {

namespace json = boost::json;
using registry::append_pointer;

[[nodiscard]] std::string quoted(std::string_view text) {
    return json::serialize(json::string_view(text));
}

// ---- scalars of the core schema ----

[[nodiscard]] bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

[[nodiscard]] bool is_decimal_integer(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
[[nodiscard]] bool is_float(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const auto skip_digits = [&text] {
        const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
        text.remove_prefix(count);
        return count;
    };
    const auto whole = skip_digits();
    std::size_t fraction = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = skip_digits();
    }
    if (whole + fraction == 0) return false;
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
        if (skip_digits() == 0) return false;
    }
    return text.empty();
}

[[nodiscard]] bool is_non_finite(std::string_view text) {
    if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text == ".inf" || text == ".Inf" || text == ".INF";
}

[[nodiscard]] std::expected<json::value, std::string> read_integer(std::string_view text,
                                                                   int base) {
    const bool negative = text.starts_with('-');
    std::string_view digits = text;
    if (base != 10) {
        digits.remove_prefix(2); // 0x, 0o
    } else if (text.starts_with('-') || text.starts_with('+')) {
        digits.remove_prefix(1);
    }
    std::uint64_t magnitude = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, magnitude, base);
    constexpr std::uint64_t most_negative = std::uint64_t{1} << 63U;
    if (error != std::errc{} || stop != end || (negative && magnitude > most_negative)) {
        return std::unexpected(fmt::format("the integer {} does not fit into 64 bits", text));
    }
    if (negative) return json::value(static_cast<std::int64_t>(~magnitude + 1));
    if (magnitude < most_negative) return json::value(static_cast<std::int64_t>(magnitude));
    return json::value(magnitude);
}

[[nodiscard]] std::expected<json::value, std::string> read_float(std::string_view text) {
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    double value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error == std::errc::result_out_of_range && digits.find("e-") != std::string_view::npos) {
        return json::value(0.0);
    }
    if (error != std::errc{} || stop != end || !std::isfinite(value)) {
        return std::unexpected(fmt::format("the number {} is too large", text));
    }
    return json::value(value);
}

// ---- the document ----

// Whether the quoted text at (or, behind an anchor, near) an offset has its second quote. yaml-cpp
// takes the end of the file for one where a line break stands before it.
[[nodiscard]] bool quote_is_closed(std::string_view text, std::size_t at) {
    at = text.find_first_of("'\"", at);
    if (at == std::string_view::npos) return true; // a block text has none
    const char quote = text[at];
    for (++at; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\') {
            ++at;
        } else if (text[at] == quote) {
            const bool doubled = quote == '\'' && text.substr(at + 1).starts_with('\'');
            if (!doubled) return true;
            ++at;
        }
    }
    return false;
}

// Thrown through yaml-cpp, which offers no other way to stop it; never leaves this file.
struct Stop {
    DocumentFault fault;
};

// Puts a JSON value together as yaml-cpp reports the document's events.
class DocumentBuilder final : public YAML::EventHandler {
  public:
    DocumentBuilder(std::string_view text, const YamlLimits& limits)
        : text_(text), limits_(limits) {}

    [[nodiscard]] PositionedDocument take() { return std::move(document_); }

    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(json::value(nullptr), mark, anchor);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& text) override {
        refuse_tag(mark, tag);
        if (tag == "!" && !quote_is_closed(text_, static_cast<std::size_t>(mark.pos))) {
            stop(FaultCode::document_syntax, mark, "a quote is opened here and never closed");
        }
        if (wants_key()) {
            begin_member(mark, text, tag);
            return;
        }
        if (tag == "!") { // it had quotes, or is a block
            add(json::value(text), mark, anchor);
            return;
        }
        auto value = read_plain_scalar(text);
        if (!value) stop(FaultCode::document_number, mark, value.error());
        add(std::move(*value), mark, anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (wants_key()) stop(FaultCode::document_key, mark, "an alias cannot be a key");
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            stop(FaultCode::document_alias, mark, "an alias stands inside what it refers to");
        }
        count_nodes(mark, found->second.nodes);
        place(found->second.value, mark);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        refuse_tag(mark, tag);
        open(json::value(json::array()), mark, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        refuse_tag(mark, tag);
        open(json::value(json::object()), mark, anchor);
    }
    void OnMapEnd() override { close(); }

  private:
    // An array or object that is being read.
    struct Container {
        json::value value;
        YAML::anchor_t anchor;
        std::size_t nodes_before;
        std::size_t pointer_size; // of pointer_, up to this container
        YAML::Mark mark;
        bool has_key = false;
        std::string key;
    };

    struct Anchored {
        json::value value;
        std::size_t nodes;
    };

    [[noreturn]] void stop(FaultCode code, const YAML::Mark& mark, std::string message) {
        throw Stop{
            {code,
             {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1},
             pointer_,
             std::move(message)}};
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        stop(FaultCode::document_tag, mark, fmt::format("tags such as {} are not allowed", tag));
    }

    [[nodiscard]] bool wants_key() const {
        return !open_.empty() && open_.back().value.is_object() && !open_.back().has_key;
    }

    void begin_member(const YAML::Mark& mark, const std::string& key, const std::string& tag) {
        auto& object = open_.back();
        if (tag != "!") {
            if (key == "<<")
                stop(FaultCode::document_merge_key, mark, "merge keys (<<) are not allowed");
            const auto value = read_plain_scalar(key);
            if (!value || !value->is_string()) {
                stop(FaultCode::document_key, mark,
                     fmt::format("keys are texts; write \"{}\" with quotes", key));
            }
        }
        append_pointer(pointer_, key);
        if (object.value.get_object().contains(key)) {
            const auto first = document_.positions[pointer_];
            stop(FaultCode::document_duplicate_key, mark,
                 fmt::format("the key {} stands twice; the first is in line {}", quoted(key),
                             first.line));
        }
        object.key = key;
        object.has_key = true;
        remember(mark);
    }

    void remember(const YAML::Mark& mark) {
        document_.positions.try_emplace(pointer_,
                                        TextPosition{static_cast<std::size_t>(mark.line) + 1,
                                                     static_cast<std::size_t>(mark.column) + 1});
    }

    void count_nodes(const YAML::Mark& mark, std::size_t more) {
        nodes_ += more;
        if (nodes_ > limits_.max_nodes) {
            stop(FaultCode::document_too_large, mark,
                 fmt::format("the document has more than the {} values allowed, aliases counted in "
                             "full",
                             limits_.max_nodes));
        }
    }

    // Extends pointer_ by the place of the next value, where it is not there yet.
    void enter_value(const YAML::Mark& mark) {
        if (!open_.empty()) {
            if (open_.back().value.is_object()) {
                if (!open_.back().has_key)
                    stop(FaultCode::document_key, mark, "a key has to be a plain text");
                return; // begin_member did
            }
            append_pointer(pointer_, open_.back().value.get_array().size());
        } else if (started_) {
            stop(FaultCode::document_several, mark, "one document is expected");
        }
        started_ = true;
        remember(mark);
    }

    void add(json::value value, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (wants_key()) stop(FaultCode::document_key, mark, "a key has to be a text");
        count_nodes(mark, 1);
        if (anchor != YAML::NullAnchor) anchors_.insert_or_assign(anchor, Anchored{value, 1});
        place(std::move(value), mark);
    }

    // Puts a finished value where it belongs.
    void place(json::value value, const YAML::Mark& mark) {
        enter_value(mark);
        put(std::move(value));
    }

    void put(json::value value) {
        if (open_.empty()) {
            document_.value = std::move(value);
            return;
        }
        auto& container = open_.back();
        if (container.value.is_array()) {
            container.value.get_array().push_back(std::move(value));
        } else {
            container.value.get_object().emplace(container.key, std::move(value));
            container.has_key = false;
        }
        pointer_.resize(container.pointer_size);
    }

    void open(json::value empty, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (wants_key()) stop(FaultCode::document_key, mark, "a key has to be a text");
        if (open_.size() >= limits_.max_depth) {
            stop(FaultCode::document_too_deep, mark,
                 fmt::format("nested deeper than the {} levels allowed", limits_.max_depth));
        }
        count_nodes(mark, 1);
        enter_value(mark);
        open_.push_back({std::move(empty), anchor, nodes_ - 1, pointer_.size(), mark, false, {}});
    }

    void close() {
        auto container = std::move(open_.back());
        open_.pop_back();
        if (container.anchor != YAML::NullAnchor) {
            anchors_.insert_or_assign(container.anchor,
                                      Anchored{container.value, nodes_ - container.nodes_before});
        }
        put(std::move(container.value));
    }

    std::string_view text_;
    const YamlLimits& limits_;
    PositionedDocument document_;
    std::vector<Container> open_;
    std::string pointer_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::size_t nodes_ = 0;
    bool started_ = false;
};

// The place of the first byte that YAML does not allow: no UTF-8, or a control character.
[[nodiscard]] std::optional<DocumentFault> find_bad_byte(std::string_view text) {
    const auto valid = sdk::valid_utf8_prefix(text);
    const auto control = std::ranges::find_if(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20U && c != '\t' && c != '\n' && c != '\r') || byte == 0x7FU;
    });
    const auto at = std::min(valid, static_cast<std::size_t>(control - text.begin()));
    if (at == text.size()) return std::nullopt;
    const auto before = text.substr(0, at);
    const auto line_start = before.rfind('\n');
    return DocumentFault{FaultCode::document_encoding,
                         {1 + static_cast<std::size_t>(std::ranges::count(before, '\n')),
                          at - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1},
                         "",
                         at == valid ? "is not UTF-8" : "contains a control character"};
}

[[nodiscard]] bool looks_like_json(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

[[nodiscard]] std::expected<PositionedDocument, DocumentFault>
parse_yaml(std::string_view text, const YamlLimits& limits) {
    DocumentBuilder builder(text, limits);
    std::istringstream stream{std::string(text)};
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Stop& stopped) {
        return std::unexpected(stopped.fault);
    } catch (const YAML::Exception& error) {
        return std::unexpected(DocumentFault{FaultCode::document_syntax,
                                             {static_cast<std::size_t>(error.mark.line) + 1,
                                              static_cast<std::size_t>(error.mark.column) + 1},
                                             "",
                                             fmt::format("is not YAML: {}", error.msg)});
    }
    return builder.take();
}

} // namespace

std::string DocumentFault::text() const {
    if (at.line == 0) return message;
    return fmt::format("line {}, column {}: {}", at.line, at.column, message);
}

std::expected<json::value, std::string> read_plain_scalar(std::string_view text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
        return json::value(nullptr);
    }
    if (text == "true" || text == "True" || text == "TRUE") return json::value(true);
    if (text == "false" || text == "False" || text == "FALSE") return json::value(false);
    if (is_decimal_integer(text)) return read_integer(text, 10);
    const auto digits = text.substr(std::min<std::size_t>(2, text.size()));
    if (text.starts_with("0x") && !digits.empty() &&
        digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
        return read_integer(text, 16);
    }
    if (text.starts_with("0o") && !digits.empty() &&
        digits.find_first_not_of("01234567") == std::string_view::npos) {
        return read_integer(text, 8);
    }
    if (is_float(text)) return read_float(text);
    if (is_non_finite(text)) {
        return std::unexpected(fmt::format("the number {} is not finite", text));
    }
    return json::value(text);
}

std::expected<PositionedDocument, DocumentFault> read_yaml(std::string_view text,
                                                           const YamlLimits& limits) {
    if (text.size() > limits.max_bytes) {
        return std::unexpected(DocumentFault{
            FaultCode::document_too_large,
            {},
            "",
            fmt::format("{} bytes are more than the {} allowed", text.size(), limits.max_bytes)});
    }
    if (auto fault = find_bad_byte(text)) return std::unexpected(std::move(*fault));

    // yaml-cpp does not know JSON's surrogate pairs: what is JSON is read as JSON, and gets only
    // its places from YAML.
    std::optional<json::value> exact;
    if (looks_like_json(text)) {
        auto read = registry::read_strict_json(text, {limits.max_bytes, limits.max_depth});
        if (read) exact = std::move(*read);
    }
    auto document = parse_yaml(text, limits);
    if (exact) {
        if (!document) document = PositionedDocument{};
        document->value = std::move(*exact);
    }
    return document;
}

} // namespace patchbay::host
