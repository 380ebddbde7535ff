// SPDX-License-Identifier: Apache-2.0
// Reads JSON that somebody else wrote: strictly, within limits, and with a place for each fault.

#include "strict_json.hpp"

#include "json_pointer.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <forward_list>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace patchbay::registry {
namespace {

namespace json = boost::json;

// Builds a value as the parser calls it, and stops the parser at what it lets pass.
//
// The text is handed over in one piece, but the parser may still cut a key, a string or a number
// in parts where it holds an escape: a key in one piece is borrowed from the text, one in parts is
// put together in escaped_keys_.
class StrictBuilder {
  public:
    StrictBuilder(std::string_view text, json::storage_ptr storage, std::span<unsigned char> buffer)
        : text_(text), values_(json::storage_ptr(), buffer.data(), buffer.size()) {
        values_.reset(std::move(storage));
        // What most documents need, at once.
        open_.reserve(8);
        keys_.reserve(64);
    }

    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    [[nodiscard]] json::value release() { return values_.release(); }

    [[nodiscard]] const std::optional<JsonFaultKind>& fault() const { return fault_; }

    [[nodiscard]] const std::string& fault_message() const { return message_; }

    [[nodiscard]] std::string pointer() const {
        std::string pointer;
        for (const auto& container : open_) {
            if (container.is_object) {
                if (container.key_count > 0) {
                    append_pointer(pointer, keys_[container.first_key + container.key_count - 1]);
                }
            } else {
                append_pointer(pointer, container.elements);
            }
        }
        return pointer;
    }

    bool on_document_begin(json::error_code& /*ec*/) { return true; }
    bool on_document_end(json::error_code& /*ec*/) { return true; }

    bool on_object_begin(json::error_code& /*ec*/) {
        open_.push_back({true, keys_.size(), 0, 0});
        return true;
    }

    bool on_object_end(std::size_t n, json::error_code& ec) {
        if (refuse_duplicates(ec)) return false;
        keys_.resize(open_.back().first_key);
        open_.pop_back();
        values_.push_object(n);
        count_element();
        return true;
    }

    bool on_array_begin(json::error_code& /*ec*/) {
        open_.push_back({false, 0, 0, 0});
        return true;
    }

    bool on_array_end(std::size_t n, json::error_code& /*ec*/) {
        open_.pop_back();
        values_.push_array(n);
        count_element();
        return true;
    }

    bool on_key_part(json::string_view part, std::size_t /*n*/, json::error_code& /*ec*/) {
        partial_key_.append(part.data(), part.size());
        values_.push_chars(part);
        return true;
    }

    bool on_key(json::string_view part, std::size_t /*n*/, json::error_code& /*ec*/) {
        std::string_view key(part.data(), part.size());
        if (!partial_key_.empty() || !borrowed_from_text(key)) {
            partial_key_.append(key);
            key = escaped_keys_.emplace_front(std::exchange(partial_key_, {}));
        }
        keys_.push_back(key);
        ++open_.back().key_count;
        values_.push_key(part);
        return true;
    }

    bool on_string_part(json::string_view part, std::size_t /*n*/, json::error_code& /*ec*/) {
        values_.push_chars(part);
        return true;
    }

    bool on_string(json::string_view part, std::size_t /*n*/, json::error_code& /*ec*/) {
        values_.push_string(part);
        count_element();
        return true;
    }

    bool on_number_part(json::string_view part, json::error_code& /*ec*/) {
        partial_number_.append(part.data(), part.size());
        return true;
    }

    bool on_int64(std::int64_t value, json::string_view /*part*/, json::error_code& /*ec*/) {
        partial_number_.clear();
        values_.push_int64(value);
        count_element();
        return true;
    }

    bool on_uint64(std::uint64_t value, json::string_view /*part*/, json::error_code& /*ec*/) {
        partial_number_.clear();
        values_.push_uint64(value);
        count_element();
        return true;
    }

    bool on_double(double /*rounded*/, json::string_view part, json::error_code& ec) {
        partial_number_.append(part.data(), part.size());
        const std::string text = std::exchange(partial_number_, {});
        // Why again: this parser's own result may be off by one unit in the last place.
        double value = 0;
        const auto end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, value);
        const bool integer = text.find_first_of(".eE") == std::string::npos;
        if (integer) {
            return refuse(JsonFaultKind::number_out_of_range,
                          fmt::format("the integer {} does not fit into 64 bits", abridge(text)),
                          ec);
        }
        if (error == std::errc::result_out_of_range && underflows(text)) {
            value = text.front() == '-' ? -0.0 : 0.0;
        } else if (error != std::errc{} || stop != end || !std::isfinite(value)) {
            return refuse(JsonFaultKind::number_out_of_range,
                          fmt::format("the number {} is too large", abridge(text)), ec);
        }
        values_.push_double(value);
        count_element();
        return true;
    }

    bool on_bool(bool value, json::error_code& /*ec*/) {
        values_.push_bool(value);
        count_element();
        return true;
    }

    bool on_null(json::error_code& /*ec*/) {
        values_.push_null();
        count_element();
        return true;
    }

    bool on_comment_part(json::string_view /*part*/, json::error_code& /*ec*/) { return true; }
    bool on_comment(json::string_view /*part*/, json::error_code& /*ec*/) { return true; }

  private:
    struct Container {
        bool is_object;
        std::size_t first_key; // index into keys_
        std::size_t key_count;
        std::size_t elements;
    };

    // Whether a piece of a key is the text itself, not a buffer that the parser will use again.
    [[nodiscard]] bool borrowed_from_text(std::string_view piece) const {
        constexpr std::less_equal<> not_behind;
        return not_behind(text_.data(), piece.data()) &&
               not_behind(piece.data() + piece.size(), text_.data() + text_.size());
    }

    void count_element() {
        if (!open_.empty()) ++open_.back().elements;
    }

    [[nodiscard]] static std::string_view abridge(std::string_view number) {
        return number.substr(0, 40);
    }

    // Whether a number that no double holds is too small rather than too large.
    [[nodiscard]] static bool underflows(std::string_view number) {
        const auto exponent = number.find_first_of("eE");
        return exponent == std::string_view::npos || number.substr(exponent + 1).starts_with('-');
    }

    bool refuse(JsonFaultKind kind, std::string message, json::error_code& ec) {
        fault_ = kind;
        message_ = std::move(message);
        ec = json::error::syntax; // any error stops the parser; the fault is what is reported
        return false;
    }

    // Looks for two equal keys in the object that ends here.
    bool refuse_duplicates(json::error_code& ec) {
        const auto& object = open_.back();
        const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(object.first_key);
        const auto last = first + static_cast<std::ptrdiff_t>(object.key_count);
        constexpr std::size_t few = 16;
        if (object.key_count <= few) {
            for (auto key = first; key != last; ++key) {
                if (std::find(first, key, *key) != key) return duplicate(*key, ec);
            }
            return false;
        }
        std::sort(first, last); // in place: only the twin is still needed
        const auto twin = std::adjacent_find(first, last);
        return twin != last && duplicate(*twin, ec);
    }

    bool duplicate(std::string_view key, json::error_code& ec) {
        refuse(JsonFaultKind::duplicate_key,
               fmt::format("the key {} stands twice", json::serialize(json::string_view(key))), ec);
        // The pointer names the key that is there twice, not the object's last one.
        auto& object = open_.back();
        keys_[object.first_key + object.key_count - 1] = key;
        return true;
    }

    std::string_view text_;
    json::value_stack values_;
    std::vector<Container> open_;
    std::vector<std::string_view> keys_;          // of all open objects
    std::forward_list<std::string> escaped_keys_; // those that do not stand in the text as they are
    std::string partial_key_;
    std::string partial_number_;
    std::optional<JsonFaultKind> fault_;
    std::string message_;
};

JsonFault fault_at(std::string_view text, std::size_t offset, JsonFaultKind kind,
                   std::string pointer, std::string message) {
    const auto before = text.substr(0, std::min(offset, text.size()));
    const auto line_start = before.rfind('\n');
    const auto line = 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
    const auto column =
        1 + before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1);
    return {kind, line, column, std::move(pointer), std::move(message)};
}

} // namespace

std::string describe(const JsonFault& fault) {
    if (fault.line == 0) return fault.message;
    return fmt::format("line {}, column {}: {}", fault.line, fault.column, fault.message);
}

std::expected<json::value, JsonFault>
read_strict_json(std::string_view text, const JsonLimits& limits, json::storage_ptr storage) {
    if (text.size() > limits.max_bytes) {
        return std::unexpected(JsonFault{
            JsonFaultKind::too_large, 0, 0, "",
            fmt::format("{} bytes are more than the {} allowed", text.size(), limits.max_bytes)});
    }
    json::parse_options options;
    options.max_depth = limits.max_depth;
    std::array<unsigned char, 4096> buffer;
    json::basic_parser<StrictBuilder> parser(options, text, std::move(storage), std::span(buffer));
    auto& builder = parser.handler();

    json::error_code ec;
    const auto consumed = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && consumed < text.size()) ec = json::error::extra_data;
    if (!ec) return builder.release();

    if (builder.fault()) {
        return std::unexpected(
            fault_at(text, consumed, *builder.fault(), builder.pointer(), builder.fault_message()));
    }
    if (ec == json::error::too_deep) {
        return std::unexpected(
            fault_at(text, consumed, JsonFaultKind::too_deep, builder.pointer(),
                     fmt::format("nested deeper than the {} levels allowed", limits.max_depth)));
    }
    if (ec == json::error::exponent_overflow) {
        return std::unexpected(fault_at(text, consumed, JsonFaultKind::number_out_of_range,
                                        builder.pointer(), "the number is too large"));
    }
    return std::unexpected(fault_at(text, consumed, JsonFaultKind::syntax, builder.pointer(),
                                    fmt::format("is not JSON: {}", ec.message())));
}

} // namespace patchbay::registry
