// SPDX-License-Identifier: Apache-2.0
// Has SQLite look at the host's token and deadline while it works, and while it waits for a lock.
#pragma once

#include <patchbay/sdk/call.hpp>
#include <patchbay/sdk/error.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <optional>

namespace patchbay::sqlite {

// Belongs to one database connection, which must not outlive it. SQLite asks it
// - every so many steps of its virtual machine (the progress handler): token and deadline;
// - while a lock is held by somebody else (the busy handler): token, deadline and the time that the
//   settings allow. This is a handler of our own because the progress handler and
//   sqlite3_interrupt() have no effect on SQLite's own.
//
// Cancelling interrupts as well (sqlite3_interrupt), because one step may be long: count(*) looks
// at every page of a table in a single one. The deadline has nobody who would interrupt: it is seen
// at the next step.
//
// [session]
class CallWatch {
  public:
    explicit CallWatch(std::int64_t busy_timeout_ms) : busy_timeout_ms_(busy_timeout_ms) {}
    CallWatch(const CallWatch&) = delete;
    CallWatch(CallWatch&&) = delete;
    CallWatch& operator=(const CallWatch&) = delete;
    CallWatch& operator=(CallWatch&&) = delete;
    ~CallWatch() = default;

    void install(sqlite3* database);

    // While it lives, SQLite works for this call. One at a time.
    class Scope {
      public:
        Scope(CallWatch& watch, const sdk::Call& call);
        Scope(const Scope&) = delete;
        Scope(Scope&&) = delete;
        Scope& operator=(const Scope&) = delete;
        Scope& operator=(Scope&&) = delete;
        ~Scope();

      private:
        CallWatch* watch_;
        sdk::CancelCallback interrupt_;
    };

    // Nothing while the current call should go on; else why it should end.
    [[nodiscard]] sdk::Expected<void> check() const;

    // How long the last wait of this call for a lock took, on the host's clock.
    [[nodiscard]] std::int64_t waited_ms() const { return waited_ms_; }

  private:
    static int on_progress(void* self);
    static int on_busy(void* self, int calls_before);
    [[nodiscard]] bool wait_for_lock(int calls_before);

    sqlite3* database_ = nullptr;
    const sdk::Call* call_ = nullptr; // of the scope that is open
    std::int64_t busy_timeout_ms_;
    std::int64_t wait_began_ns_ = 0;
    std::int64_t waited_ms_ = 0;
};

} // namespace patchbay::sqlite
