// SPDX-License-Identifier: Apache-2.0
// Reads the members of a JSON object into values, and collects every fault on the way.

#include "json_members.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>

namespace patchbay::sqlite {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_quoted = 80;

// A text for a message.
std::string quoted(std::string_view text) {
    if (text.size() > longest_quoted) return fmt::format("a text of {} bytes", text.size());
    return json::serialize(json::string(text));
}

// What was found, for a message.
std::string found(const json::value& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    if (value.is_string()) return quoted(value.get_string());
    return json::serialize(value);
}

} // namespace

sdk::Error Faults::error(patchbay_status code) const {
    sdk::Error error{
        .code = code, .message = faults_.front().second, .pointer = faults_.front().first};
    if (faults_.size() > 1) {
        json::array further;
        for (const auto& [pointer, message] : std::span(faults_).subspan(1))
            further.push_back({{"pointer", pointer}, {"message", message}});
        error.details_json = json::serialize(json::object{{"faults", std::move(further)}});
    }
    return error;
}

sdk::Expected<json::object> read_json_object(std::string_view text, std::string_view what,
                                             patchbay_status code) {
    try {
        boost::system::error_code failure;
        auto value = json::parse(text, failure);
        if (failure) {
            return std::unexpected(sdk::Error{
                .code = code,
                .message = fmt::format("the {} are no JSON: {}", what, failure.message())});
        }
        if (!value.is_object()) {
            return std::unexpected(
                sdk::Error{.code = code,
                           .message = fmt::format("the {} must be an object; they are {}", what,
                                                  found(value))});
        }
        return std::move(value.get_object());
    } catch (const std::exception& exception) {
        return std::unexpected(sdk::Error{
            .code = code,
            .message = fmt::format("the {} cannot be read: {}", what, exception.what())});
    }
}

const json::value* JsonMembers::find(std::string_view name) {
    known_.push_back(name);
    return object_->if_contains(name);
}

void JsonMembers::fail(std::string_view name, std::string message) {
    faults_->add(is_one_text_ ? base_pointer_ : fmt::format("{}/{}", base_pointer_, name),
                 std::move(message));
}

bool JsonMembers::read_text_if_there(std::string_view name, std::string& target) {
    const auto* const value = find(name);
    if (value == nullptr) return false;
    const auto* const text = value->if_string();
    if (text == nullptr) {
        fail(name, fmt::format("\"{}\" must be text; it is {}", name, found(*value)));
        return false;
    }
    if (text->empty() || text->find('\0') != json::string::npos) {
        fail(name, fmt::format("\"{}\" must not be empty, and has no NUL inside", name));
        return false;
    }
    target.assign(text->data(), text->size());
    return true;
}

void JsonMembers::read_text(std::string_view name, std::string& target) {
    (void)read_text_if_there(name, target);
}

void JsonMembers::read_boolean(std::string_view name, bool& target) {
    const auto* const value = find(name);
    if (value == nullptr) return;
    if (const bool* const given = value->if_bool()) {
        target = *given;
        return;
    }
    fail(name, fmt::format("\"{}\" must be true or false; it is {}", name, found(*value)));
}

void JsonMembers::read_integer(std::string_view name, std::int64_t minimum, std::int64_t maximum,
                               std::int64_t& target) {
    const auto* const value = find(name);
    if (value == nullptr) return;
    const std::int64_t* const given = value->if_int64();
    if (given != nullptr && *given >= minimum && *given <= maximum) {
        target = *given;
        return;
    }
    fail(name, fmt::format("\"{}\" must be a whole number from {} to {}; it is {}", name, minimum,
                           maximum, found(*value)));
}

void JsonMembers::add_unknown_word(std::string_view name,
                                   const std::vector<std::string_view>& allowed,
                                   std::string_view given) {
    fail(name, fmt::format("\"{}\" must be one of \"{}\"; it is {}", name,
                           fmt::join(allowed, "\", \""), quoted(given)));
}

void JsonMembers::refuse_others() {
    for (const auto& [key, value] : *object_) {
        if (std::ranges::find(known_, std::string_view(key)) != known_.end()) continue;
        faults_->add(base_pointer_, fmt::format("{} is not known here; known are {}", quoted(key),
                                                fmt::join(known_, ", ")));
    }
}

} // namespace patchbay::sqlite
