// SPDX-License-Identifier: Apache-2.0
// The sessions of one connection in one process: which are idle, which are out, how it all ends.

#include "connection_state.hpp"

#include <host/session/borrowed_session.hpp>
#include <host/session/connector_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace patchbay::host {
namespace {

constexpr std::chrono::seconds reset_timeout{5};

// close() promises to be done within a second: running calls have so long to notice, and a
// connector so long for its goodbyes, all of them together; one that ignores its deadline is left
// behind a grace later.
constexpr std::chrono::milliseconds close_timeout{900};
constexpr std::chrono::milliseconds goodbyes_timeout = close_timeout - abandon_grace;

// What the goodbye of a single session may take.
constexpr std::chrono::nanoseconds goodbye_timeout = std::chrono::seconds(1);

[[nodiscard]] Error all_out_error(std::uint64_t max_sessions) {
    return {.code = ErrorCode::conflict,
            .message = fmt::format("these settings allow {} session{} at a time, and {} in use",
                                   max_sessions, max_sessions == 1 ? "" : "s",
                                   max_sessions == 1 ? "it is" : "all are"),
            .hint = "release the stream or session that is open, or read it to its end, first"};
}

template <class T>
void forget_expired(std::vector<std::weak_ptr<T>>& pointers) {
    std::erase_if(pointers, [](const auto& pointer) { return pointer.expired(); });
}

[[nodiscard]] Expected<void> reset_session(PhysicalSession& session,
                                           const std::shared_ptr<CallFrame>& frame) {
    return session.run(session.prepare<ResetCall>("reset", frame));
}

// Closes a session within the time of an operation.
void close_in_time(PhysicalSession& session, const CallFrame& operation) {
    const auto now_ns = operation.services().clock().monotonic_ns();
    session.close(
        std::min(operation.deadline_ns(), deadline_after(now_ns, goodbye_timeout.count())));
}

} // namespace

class ConnectionState::Place {
  public:
    explicit Place(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {
        ++shared_->places_taken;
    }
    Place(const Place&) = delete;
    Place(Place&&) = delete;
    Place& operator=(const Place&) = delete;
    Place& operator=(Place&&) = delete;
    ~Place() { --shared_->places_taken; }

  private:
    std::shared_ptr<Shared> shared_;
};

Expected<std::uint64_t> check_settings(const Library& library, std::string settings_json,
                                       const std::shared_ptr<CallFrame>& frame,
                                       const SecretMasker& masker) {
    if (library.quarantined) return std::unexpected(quarantined_error(library));
    const auto call = std::make_shared<CheckSettingsCall>(library, "check_settings", frame);
    call->settings_json = std::move(settings_json);
    call->make();
    if (!call->succeeded()) return std::unexpected(call->error(masker));
    return call->facts.max_sessions;
}

bool ConnectionState::closed() const {
    const std::scoped_lock lock(mutex_);
    return closed_;
}

Expected<std::shared_ptr<BorrowedSession>>
ConnectionState::borrow(const std::shared_ptr<CallFrame>& frame) {
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) return std::unexpected(closed_error());
        forget_expired(operations_);
        operations_.push_back(frame); // so that close() can cancel what has no session yet
    }
    const auto ready = get_ready(frame);
    if (!ready) return std::unexpected(ready.error());
    auto session = find_session(*ready, frame);
    if (!session) return std::unexpected(std::move(session.error()));
    auto borrowed =
        std::make_shared<BorrowedSession>(shared_from_this(), std::move(*session), frame);
    {
        const std::scoped_lock lock(mutex_);
        if (!closed_) {
            forget_expired(borrowed_);
            borrowed_.push_back(borrowed);
            return borrowed;
        }
    }
    return std::unexpected(closed_error()); // closed while it was opened; it goes at once
}

Expected<ConnectionState::Ready>
ConnectionState::get_ready(const std::shared_ptr<CallFrame>& frame) {
    {
        const std::scoped_lock lock(mutex_);
        if (ready_) return *ready_;
    }
    const auto library = load_library(config_->bundle);
    if (!library) return std::unexpected(library.error());
    const auto max_sessions =
        check_settings(**library, config_->settings_json, frame, *config_->masker);
    if (!max_sessions) return std::unexpected(max_sessions.error());
    const std::scoped_lock lock(mutex_);
    ready_ = Ready{*library, *max_sessions};
    return *ready_;
}

Expected<ConnectionState::CheckedOut> ConnectionState::check_out(std::uint64_t max_sessions) {
    const std::scoped_lock lock(mutex_);
    if (closed_) return std::unexpected(closed_error());
    if (!idle_.empty()) {
        CheckedOut out{std::move(idle_.back()), nullptr};
        idle_.pop_back();
        return out;
    }
    if (max_sessions > 0 && shared_->places_taken >= max_sessions) {
        return std::unexpected(all_out_error(max_sessions));
    }
    return CheckedOut{{nullptr, true}, std::make_shared<const Place>(shared_)};
}

Expected<std::unique_ptr<PhysicalSession>>
ConnectionState::find_session(const Ready& ready, const std::shared_ptr<CallFrame>& frame) {
    for (;;) {
        auto out = check_out(ready.max_sessions);
        if (!out) return std::unexpected(std::move(out.error()));
        auto session = std::move(out->idle.session);
        if (session == nullptr) return open_session(*ready.library, frame, out->place);
        if (out->idle.clean) return session;
        // Drains what a reader left, under this borrower's deadline.
        if (reset_session(*session, frame)) return session;
        close_in_time(*session, *frame); // it cannot be cleaned: another one takes its place
        if (auto go_on = frame->check(); !go_on) return std::unexpected(std::move(go_on.error()));
    }
}

Expected<std::unique_ptr<PhysicalSession>>
ConnectionState::open_session(const Library& library, const std::shared_ptr<CallFrame>& frame,
                              const std::shared_ptr<const Place>& place) {
    auto settings = config_->resolve();
    if (!settings) return std::unexpected(std::move(settings.error()));
    {
        const std::scoped_lock lock(mutex_);
        shared_->secrets.add(settings->secrets);
    }
    if (auto checked = check_settings(library, settings->json, frame, *config_->masker); !checked) {
        return std::unexpected(std::move(checked.error()));
    }
    return PhysicalSession::open(library, config_, std::move(settings->json), frame, place);
}

void ConnectionState::give_back(std::unique_ptr<PhysicalSession> session, bool clean,
                                const std::shared_ptr<CallFrame>& operation) {
    const auto frame =
        operation != nullptr ? operation : own_frame(*config_->services, reset_timeout);
    bool usable = !session->unusable();
    if (!frame->check()) clean = false; // no time left
    if (usable && clean) usable = reset_in_time(*session, frame);
    if (usable) {
        const std::scoped_lock lock(mutex_);
        if (!closed_) {
            idle_.push_back({std::move(session), clean});
            return;
        }
    }
    close_in_time(*session, *frame);
}

// Where it fails, nobody knows what state the session is in.
bool ConnectionState::reset_in_time(PhysicalSession& session,
                                    const std::shared_ptr<CallFrame>& operation) {
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) return false;
        forget_expired(operations_);
        operations_.push_back(operation);
    }
    const std::chrono::nanoseconds timeout = reset_timeout;
    const auto now_ns = config_->services->clock().monotonic_ns();
    operation->set_deadline_ns(
        std::min(operation->deadline_ns(), deadline_after(now_ns, timeout.count())));
    if (!reset_session(session, operation)) return false;
    log_debug(*config_, "a session was reset");
    return true;
}

void ConnectionState::close() {
    std::vector<Idle> idle;
    std::vector<std::shared_ptr<BorrowedSession>> borrowed;
    std::vector<std::shared_ptr<CallFrame>> operations;
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) return;
        closed_ = true;
        idle.swap(idle_);
        for (const auto& pointer : borrowed_)
            if (auto session = pointer.lock()) borrowed.push_back(std::move(session));
        for (const auto& pointer : operations_)
            if (auto frame = pointer.lock()) operations.push_back(std::move(frame));
    }
    const auto until = std::chrono::steady_clock::now() + close_timeout;
    const std::chrono::nanoseconds goodbyes = goodbyes_timeout;
    const auto goodbye_ns =
        deadline_after(config_->services->clock().monotonic_ns(), goodbyes.count());
    for (const auto& frame : operations)
        frame->cancel().request(CancelReason::closed);
    for (const auto& session : borrowed)
        session->cancel();
    for (const auto& [session, clean] : idle)
        session->close(goodbye_ns);
    for (const auto& session : borrowed)
        session->end(until, goodbye_ns);
}

} // namespace patchbay::host
