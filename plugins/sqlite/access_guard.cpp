// SPDX-License-Identifier: Apache-2.0
// Decides what a statement may do, while SQLite compiles it.

#include "access_guard.hpp"

#include "ascii_case.hpp"
#include "pragmas.hpp"

#include <fmt/format.h>

namespace patchbay::sqlite {

namespace {

constexpr std::string_view only_reading = "only reading is allowed here";

std::string_view view_of(const char* text) {
    return text == nullptr ? "" : text;
}

// The tables in which SQLite itself keeps what it knows of all others.
bool is_schema_table(std::string_view table) {
    return equal_ignoring_case(table, "sqlite_master") ||
           equal_ignoring_case(table, "sqlite_temp_master");
}

// Whether PRAGMA journal_mode takes a word for a mode in which a file can be damaged: by a
// statement that fails (OFF), or a crash (MEMORY). SQLite is content with the beginning of its
// name.
bool is_unsafe_journal_mode(std::string_view word) {
    const auto start = to_upper(word);
    return !start.empty() && (std::string_view("OFF").starts_with(start) ||
                              std::string_view("MEMORY").starts_with(start));
}

std::string reason_against_function(std::string_view name) {
    if (equal_ignoring_case(name, "load_extension")) {
        return "load_extension() is refused: it would run code of any file in this process";
    }
    if (equal_ignoring_case(name, "fts3_tokenizer")) {
        return "fts3_tokenizer() is refused: it takes addresses in this process's memory";
    }
    return {};
}

} // namespace

int AccessGuard::on_action(void* self, int code, const char* first, const char* second,
                           const char* /*database*/, const char* /*trigger*/) {
    return static_cast<AccessGuard*>(self)->judge(
        {code, view_of(first), view_of(second), first != nullptr, second != nullptr});
}

int AccessGuard::judge(const Action& action) {
    if (is_trusted_) return SQLITE_OK;
    auto reason = reason_against(action, policy_);
    if (!reason.empty()) {
        refusal_ = std::move(reason);
        return SQLITE_DENY;
    }
    if (facts_ != nullptr) note(action);
    return SQLITE_OK;
}

void AccessGuard::note(const Action& action) {
    StatementFacts& facts = *facts_;
    if (facts.refused_when_read_only.empty()) {
        facts.refused_when_read_only = reason_against(action, {.read_only = true});
    }
    switch (action.code) {
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        if (is_schema_table(action.first)) break;
        facts.changes_rows = true;
        if (action.code == SQLITE_INSERT) facts.inserts = true;
        break;
    case SQLITE_FUNCTION:
        if (equal_ignoring_case(action.second, "last_insert_rowid")) {
            facts.uses_last_insert_id = true;
        }
        break;
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        facts.defines = true;
        facts.leaves_behind = action.code == SQLITE_ATTACH ? "ATTACH" : "DETACH";
        break;
    case SQLITE_PRAGMA:
        facts.defines = true;
        facts.asks_pragma =
            !action.has_second && effect_of_pragma(action.first) != PragmaEffect::works;
        if (effect_of_pragma(action.first) == PragmaEffect::setting && action.has_second) {
            facts.leaves_behind = fmt::format("PRAGMA {}", to_upper(action.first));
        }
        break;
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW:
        facts.leaves_behind = "a temporary table, view, index or trigger";
        [[fallthrough]];
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TEMP_INDEX:
    case SQLITE_DROP_TEMP_TABLE:
    case SQLITE_DROP_TEMP_TRIGGER:
    case SQLITE_DROP_TEMP_VIEW:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_VTABLE:
    case SQLITE_ALTER_TABLE:
    case SQLITE_ANALYZE:
    case SQLITE_REINDEX:
        facts.defines = true;
        break;
    default:
        break;
    }
}

std::string AccessGuard::reason_against(const Action& action, const Policy& policy) const {
    // VACUUM compiles statements of SQLite's own while it runs: a BEGIN, and an ATTACH of nothing.
    const bool is_compiling = facts_ != nullptr;
    switch (action.code) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return {};
    case SQLITE_READ:
        if (equal_ignoring_case(action.first, "sqlite_stmt")) {
            return "sqlite_stmt is refused: it shows the statements of others who used this "
                   "session";
        }
        return {};
    case SQLITE_FUNCTION:
        return reason_against_function(action.second);
    case SQLITE_PRAGMA:
        return reason_against_pragma(action, policy.read_only);
    case SQLITE_TRANSACTION:
        if (!is_compiling) return {};
        return fmt::format("{} as a statement is refused: use begin, commit and rollback of the "
                           "session, which keeps track of its transaction",
                           action.first);
    case SQLITE_SAVEPOINT:
        if (!is_compiling || savepoints_allowed_) return {};
        return "a savepoint outside of a transaction is refused: begin one first";
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        if (!is_compiling && action.has_first && action.first.empty()) return {};
        if (policy.read_only) {
            return fmt::format("{}; ATTACH and VACUUM INTO open other files", only_reading);
        }
        if (policy.allow_attach) return {};
        return "ATTACH and VACUUM INTO are refused: the settings name one file; set allow_attach "
               "to true to allow others";
    default:
        // What is left makes, changes or drops something.
        if (!policy.read_only) return {};
        return fmt::format("{}; the statement would change tables, views, indexes or triggers",
                           only_reading);
    }
}

std::string AccessGuard::reason_against_pragma(const Action& action, bool read_only) {
    const auto name = to_upper(action.first);
    if (name == "JOURNAL_MODE" && is_unsafe_journal_mode(action.second)) {
        return fmt::format("PRAGMA {} = {} is refused: a failure in the middle of a change could "
                           "damage the file; use wal, delete, truncate or persist",
                           name, to_upper(action.second));
    }
    switch (effect_of_pragma(action.first)) {
    case PragmaEffect::reads:
        return {};
    case PragmaEffect::guarded:
        if (!action.has_second) return {};
        return fmt::format("PRAGMA {} may be read but not changed: its value is the connector's, "
                           "or concerns the whole process or the soundness of the file",
                           name);
    case PragmaEffect::setting:
    case PragmaEffect::stored:
        if (!read_only || !action.has_second) return {};
        return fmt::format("{}; PRAGMA {} would change something", only_reading, name);
    case PragmaEffect::works:
        if (!read_only) return {};
        return fmt::format("{}; PRAGMA {} would change something", only_reading, name);
    case PragmaEffect::refused:
        break;
    }
    return fmt::format("PRAGMA {} is refused: it is not one that users of a shared session need, "
                       "or it does not exist",
                       name);
}

} // namespace patchbay::sqlite
