// SPDX-License-Identifier: Apache-2.0
// The two evaluators never disagree: what is accepted has no faults, what is refused has some.
//
// Schemas and values are drawn from small alphabets, so that they meet often. Each case is made
// from a seed that a failure prints.

#include <host/settings/explanation.hpp>
#include <host/settings/schema.hpp>
#include <patchbay/test/catch.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace json = boost::json;
using patchbay::host::Budget;
using patchbay::host::collect_faults;
using patchbay::host::describe;
using patchbay::host::Schema;

namespace {

class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    json::value value(int depth) {
        switch (number(depth > 0 ? 8 : 6)) {
        case 0:
            return nullptr;
        case 1:
            return chance(50);
        case 2:
            return static_cast<std::int64_t>(number(7)) - 2;
        case 3:
            return (static_cast<double>(number(9)) - 3) / 2;
        case 4:
            return std::uint64_t{18446744073709551615U} - number(2);
        case 5:
            return json::string(texts[number(std::size(texts))]);
        case 6: {
            json::array items;
            for (auto count = number(4); count > 0; --count)
                items.push_back(value(depth - 1));
            return items;
        }
        default: {
            json::object members;
            for (auto count = number(4); count > 0; --count)
                members[key()] = value(depth - 1);
            return members;
        }
        }
    }

    json::value schema(int depth) {
        if (chance(4)) return chance(70);
        json::object object;
        if (chance(8)) {
            object["$ref"] = chance(50) ? "#/definitions/a" : "#/definitions/b";
            return object;
        }
        for (auto count = 1 + number(3); count > 0; --count)
            add_keyword(object, depth);
        return object;
    }

    json::value document() {
        auto document = schema(3);
        if (auto* object = document.if_object()) {
            (*object)["definitions"] = {{"a", schema(1)}, {"b", schema(1)}};
        }
        return document;
    }

  private:
    static constexpr json::string_view texts[] = {"", "a", "ab", "abc", "b", "1.2.3.4", "\u00e9"};
    static constexpr json::string_view keys[] = {"a", "b", "ab", "kind", "other"};
    static constexpr json::string_view types[] = {"null",   "boolean", "integer", "number",
                                                  "string", "array",   "object"};

    std::size_t number(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
    }
    bool chance(std::size_t percent) { return number(100) < percent; }
    json::string_view key() { return keys[number(std::size(keys))]; }

    json::array schemas(int depth) {
        json::array list;
        for (auto count = 1 + number(3); count > 0; --count)
            list.push_back(schema(depth));
        return list;
    }

    json::object map_of_schemas(int depth) {
        json::object map;
        for (auto count = number(4); count > 0; --count)
            map[key()] = schema(depth);
        return map;
    }

    json::array names() {
        json::object set;
        for (auto count = number(3); count > 0; --count)
            set[key()] = true;
        json::array list;
        for (const auto& member : set)
            list.emplace_back(member.key());
        return list;
    }

    // Objects told apart by "kind", more or less.
    json::array tagged(int depth) {
        json::array branches;
        for (const auto* kind : {"a", "b", "ab"}) {
            auto properties = map_of_schemas(depth);
            if (!chance(3)) properties["kind"] = {{"const", chance(95) ? kind : "a"}};
            json::object branch;
            branch["properties"] = std::move(properties);
            if (chance(50)) branch["type"] = "object";
            if (chance(50)) branch["required"] = json::array{"kind"};
            if (chance(50)) branch["additionalProperties"] = false;
            branches.push_back(std::move(branch));
        }
        return branches;
    }

    json::array labels() {
        json::array branches;
        for (auto count = 2 + number(3); count > 0; --count)
            branches.push_back({{"const", value(0)}, {"title", "label"}});
        return branches;
    }

    json::array choice(int depth) {
        if (chance(25)) return labels();
        return chance(35) ? tagged(depth) : schemas(depth);
    }

    void add_keyword(json::object& object, int depth) {
        const auto deeper = depth - 1;
        switch (number(depth > 0 ? 33 : 17)) {
        case 0:
        case 1:
            object["type"] = types[number(std::size(types))];
            break;
        case 2: {
            const auto first = number(std::size(types) - 1);
            object["type"] = {types[first], types[first + 1]};
            break;
        }
        case 3:
            object["const"] = value(1);
            break;
        case 4:
            object["enum"] = {value(1), value(0), value(0)};
            break;
        case 5:
            object[chance(50) ? "minimum" : "exclusiveMinimum"] = number(4);
            break;
        case 6:
            object[chance(50) ? "maximum" : "exclusiveMaximum"] =
                static_cast<double>(number(5)) / 2;
            break;
        case 7:
            object["multipleOf"] = chance(50) ? 0.5 : 2;
            break;
        case 8:
            object[chance(50) ? "minLength" : "maxLength"] = number(3);
            break;
        case 9:
            object["pattern"] = chance(50) ? "^a" : "b$";
            break;
        case 10:
            object["format"] = chance(50) ? "ipv4" : "password";
            break;
        case 11:
            object[chance(50) ? "minItems" : "maxItems"] = number(3);
            break;
        case 12:
            object["uniqueItems"] = true;
            break;
        case 13:
            object["required"] = names();
            break;
        case 14:
            object[chance(50) ? "minProperties" : "maxProperties"] = number(3);
            break;
        case 15:
            object["x-secret"] = chance(50);
            break;
        case 16:
            object["dependencies"] = {{key(), names()}};
            break;
        case 17:
            object["items"] = schema(deeper);
            break;
        case 18:
            object["items"] = schemas(deeper);
            if (chance(50)) object["additionalItems"] = schema(deeper);
            break;
        case 19:
            object["contains"] = schema(deeper);
            break;
        case 20:
        case 21:
        case 22:
            object["properties"] = map_of_schemas(deeper);
            break;
        case 23:
            object["additionalProperties"] = chance(50) ? json::value(false) : schema(deeper);
            break;
        case 24:
            object["patternProperties"] = {{"^a", schema(deeper)}};
            break;
        case 25:
            object["propertyNames"] = schema(0);
            break;
        case 26:
            object["dependencies"] = {{key(), schema(deeper)}};
            break;
        case 27:
            object["allOf"] = schemas(deeper);
            break;
        case 28:
            object["anyOf"] = choice(deeper);
            break;
        case 29:
        case 30:
            object["oneOf"] = choice(deeper);
            break;
        case 31:
            object["not"] = schema(deeper);
            break;
        default:
            object["if"] = schema(deeper);
            object["then"] = schema(deeper);
            object["else"] = schema(deeper);
        }
    }

    std::mt19937_64 random_;
};

// The same schema with one branch more, that takes nothing: its choices are in no form that is
// recognised, so every branch is evaluated.
json::value without_forms(json::value schema) {
    if (auto* items = schema.if_array()) {
        for (auto& item : *items)
            item = without_forms(item);
    } else if (auto* members = schema.if_object()) {
        for (auto& member : *members) {
            member.value() = without_forms(member.value());
            const bool choice = member.key() == "oneOf" || member.key() == "anyOf";
            if (choice && member.value().is_array()) {
                member.value().get_array().emplace_back(false);
            }
        }
    }
    return schema;
}

struct Count {
    std::size_t schemas = 0;
    std::size_t accepted = 0;
    std::size_t refused = 0;
};

void check_seed(std::uint64_t seed, Count& count) {
    Generator generator(seed);
    const auto document = generator.document();
    const auto schema = Schema::compile(document);
    if (!schema) return; // a reference that leads back to itself
    ++count.schemas;
    const auto plain = Schema::compile(without_forms(document));
    for (int i = 0; i < 20; ++i) {
        const auto value = generator.value(3);
        const bool accepted = schema->accepts(value);
        ++(accepted ? count.accepted : count.refused);
        Budget budget;
        const auto faults = collect_faults(schema->compiled(), value, budget);
        const bool agree = faults.empty() == accepted && plain && plain->accepts(value) == accepted;
        if (agree) continue;
        INFO("seed " << seed << "\nschema " << json::serialize(document) << "\nvalue "
                     << json::serialize(value));
        for (const auto& fault : faults)
            UNSCOPED_INFO(describe(fault));
        REQUIRE(plain.has_value());
        CHECK(plain->accepts(value) == accepted);
        CHECK(faults.empty() == accepted);
    }
}

} // namespace

TEST_CASE("verdict and explanation agree on random schemas and values", "[settings][agreement]") {
    Count count;

    for (std::uint64_t seed = 0; seed < 20'000; ++seed)
        check_seed(seed, count);

    std::cout << count.schemas << " schemas, " << count.accepted << " values accepted, "
              << count.refused << " refused\n";
    CHECK(count.schemas > 15'000);
    CHECK(count.accepted > 50'000);
    CHECK(count.refused > 50'000);
}
