// SPDX-License-Identifier: Apache-2.0
// The settings of one connection as values; what each means stands in settings.schema.json.
#pragma once

#include <patchbay/sdk/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::sqlite {

enum class Mode : std::uint8_t { read_only, read_write, create };
enum class JournalMode : std::uint8_t { keep, wal, remove, truncate, persist };
enum class Synchronous : std::uint8_t { normal, full, extra };
enum class TempStore : std::uint8_t { file, memory };
enum class ColumnTypes : std::uint8_t { declared, text_if_undeclared, text };
enum class InvalidText : std::uint8_t { error, binary };

// The defaults are those of the schema, which a test holds them to: the host fills them in, but a
// URL leaves them to us.
struct Settings {
    std::string path;         // of a file, or memory_path
    std::string path_pointer; // which of the settings said so
    Mode mode = Mode::read_write;
    std::int64_t busy_timeout_ms = 5000;
    bool foreign_keys = true;
    JournalMode journal_mode = JournalMode::keep;
    Synchronous synchronous = Synchronous::full;
    std::int64_t cache_size_kib = 2000;
    TempStore temp_store = TempStore::file;
    bool allow_attach = false;
    ColumnTypes column_types = ColumnTypes::declared;
    InvalidText invalid_text = InvalidText::error;

    static constexpr std::string_view memory_path = ":memory:";
    [[nodiscard]] bool is_in_memory() const { return path == memory_path; }

    friend bool operator==(const Settings&, const Settings&) = default;
};

// Reads the settings that the host hands over, or whatever somebody takes for settings.
//
// Errors: PATCHBAY_INVALID_SETTINGS with a pointer to the first fault; all further ones in
//         details_json.
[[nodiscard]] sdk::Expected<Settings> read_settings(std::string_view json);

} // namespace patchbay::sqlite
