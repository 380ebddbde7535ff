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

// close() promises to be done within a second.
constexpr std::chrono::milliseconds close_timeout{900};

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

} // namespace

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
        forget_expired(opening_);
        opening_.push_back(frame); // so that close() can cancel what has no session yet
    }
    const auto ready = get_ready(frame);
    if (!ready) return std::unexpected(ready.error());
    auto idle = check_out(ready->max_sessions);
    if (!idle) return std::unexpected(std::move(idle.error()));
    auto session = prepare_session(*ready, std::move(*idle), frame);
    if (!session) {
        give_back(nullptr, false);
        return std::unexpected(std::move(session.error()));
    }
    auto borrowed = std::make_shared<BorrowedSession>(shared_from_this(), std::move(*session));
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

Expected<ConnectionState::Idle> ConnectionState::check_out(std::uint64_t max_sessions) {
    const std::scoped_lock lock(mutex_);
    if (closed_) return std::unexpected(closed_error());
    if (max_sessions > 0 && out_ >= max_sessions) {
        return std::unexpected(all_out_error(max_sessions));
    }
    ++out_;
    if (idle_.empty()) return Idle{nullptr, true};
    auto idle = std::move(idle_.back());
    idle_.pop_back();
    return idle;
}

Expected<std::unique_ptr<PhysicalSession>>
ConnectionState::prepare_session(const Ready& ready, Idle idle,
                                 const std::shared_ptr<CallFrame>& frame) {
    if (idle.session != nullptr) {
        if (idle.clean) return std::move(idle.session);
        // Drains what a reader left, under this borrower's deadline.
        if (reset_session(*idle.session, frame)) return std::move(idle.session);
        if (auto go_on = frame->check(); !go_on) return std::unexpected(std::move(go_on.error()));
        idle.session.reset(); // it cannot be cleaned: a fresh one takes its place
    }
    return open_session(*ready.library, frame);
}

Expected<std::unique_ptr<PhysicalSession>>
ConnectionState::open_session(const Library& library, const std::shared_ptr<CallFrame>& frame) {
    auto settings = config_->resolve();
    if (!settings) return std::unexpected(std::move(settings.error()));
    {
        const std::scoped_lock lock(mutex_);
        secrets_.add(settings->secrets);
    }
    if (auto checked = check_settings(library, settings->json, frame, *config_->masker); !checked) {
        return std::unexpected(std::move(checked.error()));
    }
    return PhysicalSession::open(library, std::move(settings->json), frame, *config_->masker);
}

void ConnectionState::give_back(std::unique_ptr<PhysicalSession> session, bool clean) {
    if (session != nullptr && (session->unusable() || closed())) session.reset();
    if (session != nullptr && clean) {
        const auto frame = own_frame(*config_->services, reset_timeout);
        if (!reset_session(*session, frame)) session.reset();
    }
    const std::scoped_lock lock(mutex_);
    --out_;
    if (session != nullptr && !closed_) idle_.push_back({std::move(session), clean});
}

void ConnectionState::close() {
    std::vector<Idle> idle;
    std::vector<std::shared_ptr<BorrowedSession>> borrowed;
    std::vector<std::shared_ptr<CallFrame>> opening;
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) return;
        closed_ = true;
        idle.swap(idle_);
        for (const auto& pointer : borrowed_)
            if (auto session = pointer.lock()) borrowed.push_back(std::move(session));
        for (const auto& pointer : opening_)
            if (auto frame = pointer.lock()) opening.push_back(std::move(frame));
    }
    const auto until = std::chrono::steady_clock::now() + close_timeout;
    for (const auto& frame : opening)
        frame->cancel().request(CancelReason::closed);
    for (const auto& session : borrowed)
        session->cancel();
    for (const auto& session : borrowed)
        session->end(until);
    idle.clear(); // closes them
}

} // namespace patchbay::host
