// SPDX-License-Identifier: Apache-2.0
// One connection to one database: opened as the settings say, guarded, watched and explained.
#pragma once

#include "access_guard.hpp"
#include "call_watch.hpp"
#include "handles.hpp"
#include "open_files.hpp"
#include "settings.hpp"
#include "statement.hpp"

#include <patchbay/sdk/call.hpp>
#include <patchbay/sdk/error.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::sqlite {

// Whoever calls a function that may work or wait has a CallWatch::Scope open. [session]
class Database {
  public:
    // Opens the database and looks into it, so that what is no database or cannot be read is told
    // here.
    //
    // Blocks:  until a lock is free, bounded by the settings and the call.
    // Errors:  PATCHBAY_NOT_FOUND, PATCHBAY_FORBIDDEN, PATCHBAY_INVALID_SETTINGS (not a file),
    //          PATCHBAY_BAD_DATA (not a database), PATCHBAY_CONFLICT (locked) ...
    [[nodiscard]] static sdk::Expected<std::unique_ptr<Database>> open(const Settings& settings,
                                                                       const sdk::Call& call);
    class Key { // nobody but open() has one
        friend class Database;
        Key() = default;
    };
    Database(Key key, const Settings& settings);
    Database(const Database&) = delete;
    Database(Database&&) = delete;
    Database& operator=(const Database&) = delete;
    Database& operator=(Database&&) = delete;
    ~Database() = default;

    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] sqlite3* get() const { return handle_.get(); }
    [[nodiscard]] CallWatch& watch() { return watch_; }
    [[nodiscard]] AccessGuard& guard() { return guard_; }

    // The absolute path, or ":memory:".
    [[nodiscard]] const std::string& name() const { return name_; }

    // Takes a statement out of those that were used before; none: this one was not.
    [[nodiscard]] std::unique_ptr<Statement> take_kept(std::string_view sql) {
        return cache_.take(sql);
    }

    // Keeps a statement for the next time, after its end.
    void keep(std::unique_ptr<Statement> statement) noexcept { cache_.keep(std::move(statement)); }

    // Who wrote the text of a statement: its places mean something only to the one who did.
    enum class Text : std::uint8_t { of_caller, generated };

    // Compiles one statement of the user's.
    //
    // Errors: PATCHBAY_INVALID_REQUEST for what is not exactly one statement, or a wrong one;
    //         PATCHBAY_NOT_FOUND for a table or column; PATCHBAY_FORBIDDEN for what is refused.
    [[nodiscard]] sdk::Expected<std::unique_ptr<Statement>> compile(std::string_view sql,
                                                                    Text origin = Text::of_caller);

    // The words for what is not reading, where a session or transaction allows nothing else.
    [[nodiscard]] static sdk::Error only_reading(std::string_view why);

    // Runs a statement of the connector's own, and answers the first column of its first row; empty
    // where there is none, or it is NULL.
    [[nodiscard]] sdk::Expected<std::string> run(std::string_view sql);

    // What a result code means that SQLite has just answered.
    [[nodiscard]] sdk::Error failure(int code);

    // Tells the other sessions of this process what this one holds of the file. To be called when
    // that may have changed.
    void publish_use();
    void publish_use(FileUse use);

    // Copies all that is in another database in memory into this one, which is empty.
    //
    // Errors: those of the call and of failure(); what was copied by then stays.
    [[nodiscard]] sdk::Expected<void> copy_from(Database& other, const sdk::Call& call);

    // Whether the file that was opened is still the one that stands under its name.
    [[nodiscard]] bool is_still_there() const;

  private:
    [[nodiscard]] sdk::Expected<void> find_file();
    [[nodiscard]] sdk::Expected<void> connect();
    [[nodiscard]] sdk::Expected<void> configure();
    [[nodiscard]] sdk::Expected<void> look_inside();
    [[nodiscard]] sdk::Expected<void> refuse_second_statement(const char* rest);
    // limit: what ended the wait and may be raised.
    [[nodiscard]] std::string describe_lock(std::string_view limit) const;
    [[nodiscard]] bool is_directory_closed() const;

    Settings settings_;
    std::string name_;
    CallWatch watch_;
    AccessGuard guard_;
    DatabaseHandle handle_; // behind what it calls back, so that it goes first
    StatementCache cache_;
    std::optional<OpenFile> file_; // none for a database in memory
    bool is_wal_ = false;
};

} // namespace patchbay::sqlite
