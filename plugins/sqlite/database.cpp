// SPDX-License-Identifier: Apache-2.0
// One connection to one database: opened as the settings say, guarded, watched and explained.

#include "database.hpp"

#include "error_codes.hpp"

#include <patchbay/sdk/text.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

namespace patchbay::sqlite {

namespace {

// Brought sqlite3_error_offset(); PRAGMA table_list and sqlite3_changes64() are one version older.
constexpr int oldest_version = 3038000;

// What 32-bit offsets of a batch hold beside what it held already; SQLite's own default, too.
constexpr int longest_value_bytes = 1'000'000'000;

std::string describe_errno(int number) {
    return std::generic_category().message(number);
}

sdk::Error file_error(patchbay_status code, std::string message, int number = 0) {
    sdk::Error error{.code = code, .message = std::move(message)};
    if (number != 0) {
        error.native_code = number;
        error.native_domain = "errno";
    }
    return error;
}

int open_flags(const Settings& settings) {
    // No mutex: the host never makes two calls at once on a session.
    constexpr int always = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    if (settings.is_in_memory()) return always | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    switch (settings.mode) {
    case Mode::read_only:
        return always | SQLITE_OPEN_READONLY;
    case Mode::create:
        return always | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Mode::read_write:
        break;
    }
    return always | SQLITE_OPEN_READWRITE;
}

std::string_view word_of(JournalMode mode) {
    switch (mode) {
    case JournalMode::wal:
        return "wal";
    case JournalMode::remove:
        return "delete";
    case JournalMode::truncate:
        return "truncate";
    case JournalMode::persist:
        return "persist";
    case JournalMode::keep:
        break;
    }
    return "";
}

std::string_view word_of(Synchronous synchronous) {
    switch (synchronous) {
    case Synchronous::normal:
        return "NORMAL";
    case Synchronous::extra:
        return "EXTRA";
    case Synchronous::full:
        break;
    }
    return "FULL";
}

// Where in a text a byte stands, for people; empty where SQLite does not say.
std::string place_of(std::string_view sql, int offset) {
    if (offset < 0 || static_cast<std::size_t>(offset) > sql.size()) return {};
    std::size_t line = 1;
    std::size_t column = 1;
    for (const char c : sql.substr(0, static_cast<std::size_t>(offset))) {
        if (c == '\n') {
            ++line;
            column = 1;
        } else if (!sdk::is_utf8_continuation(c)) {
            ++column;
        }
    }
    return fmt::format(" (line {}, column {})", line, column);
}

} // namespace

Database::Database(Key /*key*/, const Settings& settings)
    : settings_(settings), watch_(settings.busy_timeout_ms),
      guard_(
          {.read_only = settings.mode == Mode::read_only, .allow_attach = settings.allow_attach}) {}

sdk::Expected<std::unique_ptr<Database>> Database::open(const Settings& settings,
                                                        const sdk::Call& call) {
    auto database = std::make_unique<Database>(Key(), settings);
    for (const auto step : {&Database::find_file, &Database::connect}) {
        if (auto done = (*database.*step)(); !done) return std::unexpected(std::move(done.error()));
    }
    const CallWatch::Scope scope(database->watch_, call);
    for (const auto step : {&Database::configure, &Database::look_inside}) {
        if (auto done = (*database.*step)(); !done) return std::unexpected(std::move(done.error()));
    }
    return database;
}

// Looks at what stands under the path, because SQLite's own "unable to open database file" says
// nothing of why, and because opening a FIFO would wait for ever.
sdk::Expected<void> Database::find_file() {
    if (settings_.is_in_memory()) {
        name_ = settings_.path;
        return {};
    }
    std::error_code failure;
    // Absolute, so that SQLite takes nothing for a URI of its own ("file:...").
    const auto path = std::filesystem::absolute(settings_.path, failure);
    if (failure) {
        return std::unexpected(
            file_error(PATCHBAY_IO, fmt::format("{}: {}", settings_.path, failure.message())));
    }
    name_ = path.string();

    struct stat found{};
    if (::stat(name_.c_str(), &found) == 0) {
        if (S_ISREG(found.st_mode)) return {};
        auto error =
            file_error(PATCHBAY_INVALID_SETTINGS,
                       fmt::format("{} is {}; name a file", name_,
                                   S_ISDIR(found.st_mode) ? "a directory" : "no regular file"));
        error.pointer = settings_.path_pointer;
        return std::unexpected(std::move(error));
    }
    const int number = errno;
    if (number == ENOENT && settings_.mode == Mode::create) {
        const auto directory = path.parent_path().string();
        if (::stat(directory.c_str(), &found) == 0) return {};
        return std::unexpected(file_error(
            PATCHBAY_NOT_FOUND,
            fmt::format("{} cannot be made: the directory {} does not exist; make it first", name_,
                        directory),
            number));
    }
    switch (number) {
    case ENOENT:
        return std::unexpected(file_error(
            PATCHBAY_NOT_FOUND,
            fmt::format("there is no file {}; look at the path, or choose mode \"create\" to make "
                        "a new database",
                        name_),
            number));
    case ENOTDIR:
        return std::unexpected(file_error(
            PATCHBAY_NOT_FOUND,
            fmt::format("there is no file {}: a part of its path is no directory", name_), number));
    case EACCES:
        return std::unexpected(
            file_error(PATCHBAY_FORBIDDEN,
                       fmt::format("{}: {}; a directory of its path may not be entered", name_,
                                   describe_errno(number)),
                       number));
    default:
        return std::unexpected(
            file_error(PATCHBAY_IO, fmt::format("{}: {}", name_, describe_errno(number)), number));
    }
}

sdk::Expected<void> Database::connect() {
    if (sqlite3_libversion_number() < oldest_version || sqlite3_threadsafe() == 0) {
        return std::unexpected(sdk::Error{
            .code = PATCHBAY_UNSUPPORTED,
            .message = fmt::format(
                "the SQLite library is version {}{}; the connector needs 3.38 or "
                "newer, built for threads",
                sqlite3_libversion(), sqlite3_threadsafe() == 0 ? " without threads" : "")});
    }
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(name_.c_str(), &raw, open_flags(settings_), nullptr);
    handle_.reset(raw); // there even after most failures
    if (code != SQLITE_OK) return std::unexpected(failure(code));
    watch_.install(raw);
    if (settings_.is_in_memory()) return {};

    struct stat opened{};
    if (::stat(name_.c_str(), &opened) == 0) file_.emplace(opened.st_dev, opened.st_ino);
    if (settings_.mode != Mode::read_only && sqlite3_db_readonly(raw, "main") == 1) {
        return std::unexpected(file_error(
            PATCHBAY_FORBIDDEN,
            fmt::format("{} may be read but not written; give the right to write, or choose mode "
                        "\"read-only\"",
                        name_)));
    }
    return {};
}

sdk::Expected<void> Database::configure() {
    const std::pair<int, bool> switches[] = {
        // "name" in double quotes is a name, never silently a text.
        {SQLITE_DBCONFIG_DQS_DML, false},
        {SQLITE_DBCONFIG_DQS_DDL, false},
        // The file may come from anywhere: its schema must not run what could harm, and no
        // statement
        // may damage it beneath SQLite's own rules.
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, false},
        {SQLITE_DBCONFIG_DEFENSIVE, true},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, false},
        {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false},
        {SQLITE_DBCONFIG_ENABLE_FKEY, settings_.foreign_keys},
    };
    for (const auto& [option, on] : switches) {
        const int code = sqlite3_db_config(get(), option, on ? 1 : 0, nullptr);
        if (code != SQLITE_OK) return std::unexpected(failure(code));
    }
    sqlite3_limit(get(), SQLITE_LIMIT_LENGTH, longest_value_bytes);

    std::string pragmas[] = {
        fmt::format("PRAGMA cache_size = -{}", settings_.cache_size_kib),
        fmt::format("PRAGMA temp_store = {}",
                    settings_.temp_store == TempStore::memory ? "MEMORY" : "FILE"),
        fmt::format("PRAGMA synchronous = {}", word_of(settings_.synchronous)),
    };
    for (const auto& pragma : pragmas) {
        if (auto done = run(pragma); !done) return std::unexpected(std::move(done.error()));
    }
    return {};
}

sdk::Expected<void> Database::look_inside() {
    if (auto seen = run("SELECT 1 FROM sqlite_schema LIMIT 1"); !seen) {
        return std::unexpected(std::move(seen.error()));
    }
    const auto wanted = word_of(settings_.journal_mode);
    const auto mode = run(wanted.empty() ? "PRAGMA journal_mode"
                                         : fmt::format("PRAGMA journal_mode = {}", wanted));
    if (!mode) return std::unexpected(mode.error());
    is_wal_ = *mode == "wal";
    if (!wanted.empty() && *mode != wanted) {
        return std::unexpected(
            sdk::Error{.code = PATCHBAY_UNSUPPORTED,
                       .message = fmt::format("{} keeps the journal mode \"{}\" and does not take "
                                              "\"{}\"; leave journal_mode at \"keep\"",
                                              name_, *mode, wanted)});
    }
    if (settings_.mode == Mode::read_only) {
        if (auto done = run("PRAGMA query_only = 1"); !done) {
            return std::unexpected(std::move(done.error()));
        }
    }
    guard_.install(get());
    return {};
}

sdk::Error Database::only_reading(std::string_view why) {
    return {.code = PATCHBAY_FORBIDDEN,
            .message = fmt::format("only reading is allowed here; the statement would change the "
                                   "database ({})",
                                   why)};
}

sdk::Expected<std::unique_ptr<Statement>> Database::compile(std::string_view sql, Text origin) {
    const auto refuse = [](patchbay_status code, std::string message) {
        return std::unexpected(sdk::Error{.code = code, .message = std::move(message)});
    };
    if (sql.find('\0') != std::string_view::npos) {
        return refuse(PATCHBAY_INVALID_REQUEST, "a statement has no NUL inside; bind the value");
    }
    if (sql.size() >= std::numeric_limits<int>::max()) {
        return refuse(PATCHBAY_INVALID_REQUEST, "the statement is longer than SQLite can read");
    }
    (void)guard_.take_refusal(); // of a failure that nobody asked about
    std::string text(sql);
    StatementFacts facts;
    sqlite3_stmt* raw = nullptr;
    const char* rest = nullptr;
    const int code = [&] {
        const AccessGuard::Recording recording(guard_, facts);
        // With its NUL: then SQLite makes no copy of its own.
        return sqlite3_prepare_v3(get(), text.c_str(), static_cast<int>(text.size() + 1),
                                  SQLITE_PREPARE_PERSISTENT, &raw, &rest);
    }();
    StatementHandle handle(raw);
    if (code != SQLITE_OK) {
        auto error = failure(code);
        if (code == SQLITE_ERROR && origin == Text::of_caller) {
            error.message += place_of(text, sqlite3_error_offset(get()));
        }
        return std::unexpected(std::move(error));
    }
    if (!handle) {
        return refuse(PATCHBAY_INVALID_REQUEST,
                      "the text holds no statement, only blanks or comments");
    }
    if (auto alone = refuse_second_statement(rest); !alone) {
        return std::unexpected(std::move(alone.error()));
    }
    auto statement =
        std::make_unique<Statement>(std::move(handle), std::move(text), std::move(facts));
    if (settings_.mode == Mode::read_only && statement->changes_database()) {
        return std::unexpected(only_reading("the settings say mode \"read-only\""));
    }
    return statement;
}

// What stands behind the first statement may be blanks, comments and semicolons: what SQLite
// compiles to nothing.
sdk::Expected<void> Database::refuse_second_statement(const char* rest) {
    StatementFacts ignored;
    while (*rest != '\0') {
        sqlite3_stmt* raw = nullptr;
        const char* const here = rest;
        const int code = [&] {
            const AccessGuard::Recording recording(guard_, ignored);
            return sqlite3_prepare_v3(get(), here, -1, 0, &raw, &rest);
        }();
        const StatementHandle second(raw);
        if (code != SQLITE_OK || second || rest == here) {
            return std::unexpected(sdk::Error{
                .code = PATCHBAY_INVALID_REQUEST,
                .message = "a second statement stands behind the first; nothing was run; "
                           "pass one statement at a time"});
        }
    }
    return {};
}

sdk::Expected<std::string> Database::run(std::string_view sql) {
    const AccessGuard::Trusted trusted(guard_);
    (void)guard_.take_refusal();
    sqlite3_stmt* raw = nullptr;
    int code =
        sqlite3_prepare_v3(get(), sql.data(), static_cast<int>(sql.size()), 0, &raw, nullptr);
    const StatementHandle statement(raw);
    if (code != SQLITE_OK) return std::unexpected(failure(code));
    std::string answer;
    code = sqlite3_step(raw);
    if (code == SQLITE_ROW) {
        const unsigned char* const text = sqlite3_column_text(raw, 0);
        if (text != nullptr) answer = reinterpret_cast<const char*>(text);
        do {
            code = sqlite3_step(raw);
        } while (code == SQLITE_ROW);
    }
    if (code != SQLITE_DONE) return std::unexpected(failure(code));
    return answer;
}

sdk::Error Database::failure(int code) {
    const int primary = code & 0xFF;
    if (primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY) {
        if (auto verdict = watch_.check(); !verdict) {
            auto error = std::move(verdict.error());
            if (primary == SQLITE_BUSY && error.code == PATCHBAY_DEADLINE) {
                error.message += fmt::format("; {}", describe_lock("the timeout of the call"));
            }
            return error;
        }
    }
    if (auto refusal = guard_.take_refusal(); !refusal.empty()) {
        return {.code = PATCHBAY_FORBIDDEN,
                .message = std::move(refusal),
                .native_code = SQLITE_AUTH,
                .native_domain = "sqlite"};
    }
    if (code == SQLITE_BUSY || code == SQLITE_BUSY_TIMEOUT) {
        auto error = error_of(code, "database is locked", name_);
        error.message = describe_lock("busy_timeout_ms");
        return error;
    }
    if (primary == SQLITE_CANTOPEN && is_directory_closed()) {
        return {.code = PATCHBAY_FORBIDDEN,
                .message = fmt::format(
                    "{}: the directory may not be written, and SQLite must make a file in it: the "
                    "database itself, its journal, or its write-ahead log, even to read one that "
                    "has such a log; give the right to write to the directory",
                    name_),
                .native_code = code,
                .native_domain = "sqlite"};
    }

    std::string text(handle_ ? sqlite3_errmsg(get()) : sqlite3_errstr(code));
    const int number = handle_ ? sqlite3_system_errno(get()) : 0;
    const bool is_of_system = primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR;
    if (is_of_system && number != 0) text += fmt::format(" ({})", describe_errno(number));
    auto error = error_of(code, sdk::to_utf8(text), name_);
    if (code == SQLITE_CANTOPEN) {
        if (number == EACCES || number == EPERM || number == EROFS) error.code = PATCHBAY_FORBIDDEN;
        if (number == EMFILE || number == ENFILE) error.code = PATCHBAY_RESOURCE_EXHAUSTED;
    }
    return error;
}

// Because SQLite, where it has no right to make a file, tells only that there is none.
bool Database::is_directory_closed() const {
    if (settings_.is_in_memory()) return false;
    const auto directory = std::filesystem::path(name_).parent_path();
    return ::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0 &&
           (errno == EACCES || errno == EROFS);
}

std::string Database::describe_lock(std::string_view limit) const {
    const auto others = file_ ? file_->use_by_others() : FileUse::idle;
    auto who = fmt::format("most likely another process has a transaction open on it; try again "
                           "later, or raise {}",
                           limit);
    if (others == FileUse::writing) {
        who = "another session of this process has a transaction open that writes to it; commit or "
              "roll that one back first, or do both in one session";
    } else if (others == FileUse::reading && !is_wal_) {
        who =
            "another session of this process is reading it, and holds its lock until its stream or "
            "transaction ends; finish that one first, or set journal_mode to \"wal\", with which "
            "readers are in nobody's way";
    }
    return fmt::format("{}: database is locked, and still was after {} ms; {}", name_,
                       watch_.waited_ms(), who);
}

void Database::publish_use() {
    if (!file_) return;
    switch (sqlite3_txn_state(get(), nullptr)) {
    case SQLITE_TXN_WRITE:
        return file_->set_use(FileUse::writing);
    case SQLITE_TXN_READ:
        return file_->set_use(FileUse::reading);
    default:
        return file_->set_use(FileUse::idle);
    }
}

void Database::publish_use(FileUse use) {
    if (file_) file_->set_use(use);
}

sdk::Expected<void> Database::copy_from(Database& other, const sdk::Call& call) {
    constexpr int pages_between_looks = 1000;
    const BackupHandle backup(sqlite3_backup_init(get(), "main", other.get(), "main"));
    if (!backup) return std::unexpected(failure(sqlite3_errcode(get())));
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        if (auto verdict = call.check(); !verdict) return verdict;
        code = sqlite3_backup_step(backup.get(), pages_between_looks);
    }
    if (code != SQLITE_DONE) return std::unexpected(failure(code));
    return {};
}

bool Database::is_still_there() const {
    if (!file_) return true;
    struct stat found{};
    return ::stat(name_.c_str(), &found) == 0 && file_->is(found.st_dev, found.st_ino);
}

} // namespace patchbay::sqlite
