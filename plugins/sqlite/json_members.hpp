// SPDX-License-Identifier: Apache-2.0
// Reads the members of a JSON object into values, and collects every fault on the way.
//
// The host has validated what it passes; this is for whoever calls without having done so.
#pragma once

#include <patchbay/sdk/error.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::sqlite {

// What is wrong, each with the JSON Pointer of its place.
class Faults {
  public:
    void add(std::string pointer, std::string message) {
        faults_.emplace_back(std::move(pointer), std::move(message));
    }
    [[nodiscard]] bool empty() const { return faults_.empty(); }

    // The first fault, and all further ones as details_json. There is one.
    [[nodiscard]] sdk::Error error(patchbay_status code) const;

  private:
    std::vector<std::pair<std::string, std::string>> faults_;
};

// Parses a JSON object.
//
// Errors: the given code, where the text is no JSON object.
[[nodiscard]] sdk::Expected<boost::json::object>
read_json_object(std::string_view json, std::string_view what, patchbay_status code);

// A word of settings and what it stands for.
template <class T>
struct Word {
    std::string_view text;
    T value;
};

class JsonMembers {
  public:
    // Faults of a member are told under base_pointer + "/" + its name; where is_one_text, under
    // base_pointer alone, because the members were read out of one text.
    JsonMembers(const boost::json::object& object, std::string base_pointer, Faults& faults,
                bool is_one_text = false)
        : object_(&object), base_pointer_(std::move(base_pointer)), faults_(&faults),
          is_one_text_(is_one_text) {}

    // Each of these leaves the target alone where the member is not there, and remembers that it is
    // known.
    void read_text(std::string_view name, std::string& target);
    void read_boolean(std::string_view name, bool& target);
    void read_integer(std::string_view name, std::int64_t minimum, std::int64_t maximum,
                      std::int64_t& target);
    template <class T>
    void read_word(std::string_view name, std::span<const Word<T>> words, T& target) {
        std::string text;
        if (!read_text_if_there(name, text)) return;
        const auto found = std::ranges::find(words, text, &Word<T>::text);
        if (found != words.end()) {
            target = found->value;
            return;
        }
        std::vector<std::string_view> allowed;
        for (const auto& word : words)
            allowed.push_back(word.text);
        add_unknown_word(name, allowed, text);
    }

    // A member that is read elsewhere; nullptr: it is not there.
    [[nodiscard]] const boost::json::value* find(std::string_view name);

    void fail(std::string_view name, std::string message);

    // Adds a fault, at the object, for each member that nobody asked for.
    void refuse_others();

  private:
    [[nodiscard]] bool read_text_if_there(std::string_view name, std::string& target);
    void add_unknown_word(std::string_view name, const std::vector<std::string_view>& allowed,
                          std::string_view found);

    const boost::json::object* object_;
    std::string base_pointer_;
    Faults* faults_;
    bool is_one_text_;
    std::vector<std::string_view> known_; // names are literals
};

} // namespace patchbay::sqlite
