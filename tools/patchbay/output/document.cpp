// SPDX-License-Identifier: Apache-2.0
// Prints the one JSON document of --json.

#include "output/document.hpp"

#include "output/json_text.hpp"
#include "output/number_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace patchbay::command {
namespace {

namespace json = boost::json;

// Recursion is as deep as the document, which is ours, or a schema or settings that were read
// within limits.
class Printer {
  public:
    [[nodiscard]] std::string take() { return std::move(text_); }

    void put(const json::value& value, std::size_t level) {
        switch (value.kind()) {
        case json::kind::object:
            put_all(value.get_object(), level, '{', '}', [&](const auto& member) {
                put_text(member.key());
                text_ += ": ";
                put(member.value(), level + 1);
            });
            break;
        case json::kind::array:
            put_all(value.get_array(), level, '[', ']',
                    [&](const json::value& item) { put(item, level + 1); });
            break;
        case json::kind::string:
            put_text(value.get_string());
            break;
        case json::kind::bool_:
            text_ += value.get_bool() ? "true" : "false";
            break;
        case json::kind::null:
            text_ += "null";
            break;
        default:
            put_number(value);
        }
    }

  private:
    template <class Container, class PutOne>
    void put_all(const Container& container, std::size_t level, char open, char close,
                 const PutOne& put_one) {
        text_ += open;
        bool first = true;
        for (const auto& one : container) {
            if (!first) text_ += ',';
            first = false;
            start_line(level + 1);
            put_one(one);
        }
        if (!first) start_line(level);
        text_ += close;
    }

    void start_line(std::size_t level) {
        text_ += '\n';
        text_.append(2 * level, ' ');
    }

    void put_text(json::string_view text) { text_ += json_text({text.data(), text.size()}); }

    void put_number(const json::value& value) {
        std::array<char, number_room> room{};
        char* end = room.data();
        if (const auto* const integer = value.if_int64()) {
            end = put_integer(end, *integer);
        } else if (const auto* const natural = value.if_uint64()) {
            end = put_unsigned(end, *natural);
        } else if (std::isfinite(value.get_double())) {
            end = put_double(end, value.get_double());
        } else {
            text_ += "null";
        }
        text_.append(room.data(), end);
    }

    std::string text_;
};

} // namespace

std::string document_text(const json::value& value) {
    Printer printer;
    printer.put(value, 0);
    return printer.take() + '\n';
}

json::value text_or_null(const std::string& text) {
    if (text.empty()) return nullptr;
    return json::string(text);
}

} // namespace patchbay::command
