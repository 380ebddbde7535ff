// SPDX-License-Identifier: Apache-2.0
// The settings of one connection as values; what each means stands in settings.schema.json.

#include "settings.hpp"

#include "database_url.hpp"
#include "json_members.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace patchbay::sqlite {

namespace json = boost::json;

namespace {

constexpr Word<Mode> modes[] = {
    {"read-only", Mode::read_only}, {"read-write", Mode::read_write}, {"create", Mode::create}};
constexpr Word<JournalMode> journal_modes[] = {{"keep", JournalMode::keep},
                                               {"wal", JournalMode::wal},
                                               {"delete", JournalMode::remove},
                                               {"truncate", JournalMode::truncate},
                                               {"persist", JournalMode::persist}};
constexpr Word<Synchronous> synchronous_words[] = {
    {"normal", Synchronous::normal}, {"full", Synchronous::full}, {"extra", Synchronous::extra}};
constexpr Word<TempStore> temp_stores[] = {{"file", TempStore::file},
                                           {"memory", TempStore::memory}};
constexpr Word<ColumnTypes> column_type_words[] = {
    {"declared", ColumnTypes::declared},
    {"text-if-undeclared", ColumnTypes::text_if_undeclared},
    {"text", ColumnTypes::text}};
constexpr Word<InvalidText> invalid_text_words[] = {{"error", InvalidText::error},
                                                    {"binary", InvalidText::binary}};

// The connection parameters but the path: the same ones in JSON and in a URL.
void read_options(JsonMembers& members, Settings& settings) {
    members.read_word<Mode>("mode", modes, settings.mode);
    members.read_integer("busy_timeout_ms", 0, 3'600'000, settings.busy_timeout_ms);
    members.read_boolean("foreign_keys", settings.foreign_keys);
    members.read_word<JournalMode>("journal_mode", journal_modes, settings.journal_mode);
    members.read_word<Synchronous>("synchronous", synchronous_words, settings.synchronous);
    members.read_integer("cache_size_kib", 64, 16'777'216, settings.cache_size_kib);
    members.read_word<TempStore>("temp_store", temp_stores, settings.temp_store);
    members.read_boolean("allow_attach", settings.allow_attach);
}

// A parameter of a URL as JSON has it: digits are a number, true and false what they say.
json::value value_of(const std::string& text) {
    if (text == "true") return true;
    if (text == "false") return false;
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure == std::errc{} && stop == end) return number;
    return json::value(text);
}

void read_url(const std::string& url, Settings& settings, Faults& faults) {
    constexpr std::string_view pointer = "/connection/url";
    auto parts = read_database_url(url);
    if (!parts) {
        faults.add(std::string(pointer), std::move(parts.error().message));
        return;
    }
    settings.path = std::move(parts->path);
    json::object options;
    for (const auto& [name, value] : parts->options) {
        if (options.contains(name)) {
            faults.add(std::string(pointer),
                       fmt::format("the URL has the parameter \"{}\" twice", name));
        }
        options[name] = value_of(value);
    }
    JsonMembers members(options, std::string(pointer), faults, true);
    read_options(members, settings);
    members.refuse_others();
}

// What each setting allows for itself and together cannot be.
std::string fault_together(const Settings& settings) {
    if (settings.journal_mode == JournalMode::keep) return {};
    if (settings.is_in_memory()) {
        return "a database in memory has no journal on disk; leave journal_mode at \"keep\"";
    }
    if (settings.mode == Mode::read_only) {
        return "to change the journal mode takes the right to write; leave journal_mode at "
               "\"keep\" in mode \"read-only\"";
    }
    return {};
}

void read_connection(const json::value* connection, Settings& settings, Faults& faults) {
    if (connection == nullptr || !connection->is_object()) {
        faults.add("/connection", "\"connection\" must be an object with a method, \"params\" or "
                                  "\"url\"");
        return;
    }
    enum class Method : std::uint8_t { none, params, url };
    constexpr Word<Method> methods[] = {{"params", Method::params}, {"url", Method::url}};
    JsonMembers members(connection->get_object(), "/connection", faults);
    auto method = Method::none;
    members.read_word<Method>("method", methods, method);
    if (method == Method::none) {
        if (faults.empty()) members.fail("method", "\"method\" must be \"params\" or \"url\"");
        return;
    }
    const std::string_view target_name = method == Method::params ? "path" : "url";
    std::string target;
    members.read_text(target_name, target);
    if (target.empty() && faults.empty()) {
        members.fail(target_name, fmt::format("\"{}\" is missing", target_name));
    }
    settings.path_pointer = fmt::format("/connection/{}", target_name);
    if (method == Method::url) {
        if (!target.empty()) read_url(target, settings, faults);
    } else {
        settings.path = std::move(target);
        read_options(members, settings);
    }
    members.refuse_others();
    if (!faults.empty()) return;
    if (auto fault = fault_together(settings); !fault.empty()) {
        members.fail(method == Method::url ? "url" : "journal_mode", std::move(fault));
    }
}

} // namespace

sdk::Expected<Settings> read_settings(std::string_view text) {
    const auto object = read_json_object(text, "settings", PATCHBAY_INVALID_SETTINGS);
    if (!object) return std::unexpected(object.error());
    Settings settings;
    Faults faults;
    JsonMembers members(*object, "", faults);
    read_connection(members.find("connection"), settings, faults);
    members.read_word<ColumnTypes>("column_types", column_type_words, settings.column_types);
    members.read_word<InvalidText>("invalid_text", invalid_text_words, settings.invalid_text);
    members.refuse_others();
    if (!faults.empty()) return std::unexpected(faults.error(PATCHBAY_INVALID_SETTINGS));
    return settings;
}

} // namespace patchbay::sqlite
