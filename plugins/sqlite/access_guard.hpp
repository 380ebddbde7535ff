// SPDX-License-Identifier: Apache-2.0
// Decides what a statement may do, while SQLite compiles it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay::sqlite {

// What was seen of a statement while it was compiled.
struct StatementFacts {
    bool inserts = false;             // rows, into a table or view of the user's
    bool changes_rows = false;        // inserts, updates or deletes them
    bool defines = false;             // makes, changes or drops a table or the like
    bool uses_last_insert_id = false; // calls last_insert_rowid()
    bool asks_pragma = false; // is a PRAGMA without a value, which only tells the one there is
    // Why a read-only transaction refuses it, beyond what sqlite3_stmt_readonly() tells; or empty.
    std::string refused_when_read_only;
    // What of the session it changes for whoever comes next, such as "PRAGMA cache_size"; or empty.
    std::string leaves_behind;
};

// The authorizer of one database connection. SQLite asks it for every single thing that a statement
// is about to do.
//
// Always refused: BEGIN, COMMIT and ROLLBACK as text (the session has functions for them, and must
// know), loading extensions, functions and pragmas that reach beyond the session or can damage the
// file, and looking at the statements of others. Refused unless the settings allow it: ATTACH and
// VACUUM INTO. Refused to a read-only session: everything that is not reading.
//
// Why rows are not defended here: to read an R-tree or a full-text table, SQLite itself compiles
// statements that could change it. Against changes of rows stand sqlite3_stmt_readonly(), PRAGMA
// query_only and SQLITE_OPEN_READONLY.
//
// [session]
class AccessGuard {
  public:
    struct Policy {
        bool read_only = false;
        bool allow_attach = false;
    };

    explicit AccessGuard(Policy policy) : policy_(policy) {}
    AccessGuard(const AccessGuard&) = delete;
    AccessGuard(AccessGuard&&) = delete;
    AccessGuard& operator=(const AccessGuard&) = delete;
    AccessGuard& operator=(AccessGuard&&) = delete;
    ~AccessGuard() = default;

    void install(sqlite3* database) { sqlite3_set_authorizer(database, on_action, this); }

    // While it lives, everything is allowed: for the connector's own statements.
    class Trusted {
      public:
        explicit Trusted(AccessGuard& guard) : guard_(&guard) { guard.is_trusted_ = true; }
        Trusted(const Trusted&) = delete;
        Trusted(Trusted&&) = delete;
        Trusted& operator=(const Trusted&) = delete;
        Trusted& operator=(Trusted&&) = delete;
        ~Trusted() { guard_->is_trusted_ = false; }

      private:
        AccessGuard* guard_;
    };

    // While it lives, what is seen is a statement of the user's that is being compiled.
    class Recording {
      public:
        Recording(AccessGuard& guard, StatementFacts& facts) : guard_(&guard) {
            guard.refusal_.clear();
            guard.facts_ = &facts;
        }
        Recording(const Recording&) = delete;
        Recording(Recording&&) = delete;
        Recording& operator=(const Recording&) = delete;
        Recording& operator=(Recording&&) = delete;
        ~Recording() { guard_->facts_ = nullptr; }

      private:
        AccessGuard* guard_;
    };

    // Savepoints belong into a transaction of the session's; outside they would begin one.
    void allow_savepoints(bool allow) { savepoints_allowed_ = allow; }

    // Why something was refused since this was asked last: a whole sentence with what to do; empty
    // where nothing was.
    [[nodiscard]] std::string take_refusal() { return std::exchange(refusal_, {}); }

  private:
    // What SQLite says of an action; the meaning of the texts depends on the code. See
    // https://www.sqlite.org/c3ref/c_alter_table.html
    struct Action {
        int code;
        std::string_view first;
        std::string_view second;
        bool has_first;  // of SQLITE_ATTACH: not there when the name is computed
        bool has_second; // of SQLITE_PRAGMA: whether it has an argument
    };

    static int on_action(void* self, int code, const char* first, const char* second,
                         const char* database, const char* trigger);
    [[nodiscard]] int judge(const Action& action);
    void note(const Action& action);

    // Why a session of this policy refuses the action; empty: it does not.
    [[nodiscard]] std::string reason_against(const Action& action, const Policy& policy) const;
    [[nodiscard]] static std::string reason_against_pragma(const Action& action, bool read_only);

    Policy policy_;
    bool is_trusted_ = false;
    bool savepoints_allowed_ = false;
    StatementFacts* facts_ = nullptr;
    std::string refusal_;
};

} // namespace patchbay::sqlite
