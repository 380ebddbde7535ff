// SPDX-License-Identifier: Apache-2.0
// The sessions of one connection in one process: which are idle, which are out, how it all ends.
#pragma once

#include <host/load/library.hpp>
#include <host/log/secret_masker.hpp>
#include <host/session/connection_config.hpp>
#include <host/session/physical_session.hpp>
#include <patchbay/host/error.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patchbay::host {

class BorrowedSession;

// Shared by the connection and by everything that was borrowed from it, so that a stream may
// outlive the Connection it came from. No lock is held while a connector runs.
class ConnectionState : public std::enable_shared_from_this<ConnectionState> {
  public:
    explicit ConnectionState(std::shared_ptr<const ConnectionConfig> config)
        : config_(std::move(config)), shared_(std::make_shared<Shared>(*config_->masker)) {}

    [[nodiscard]] const ConnectionConfig& config() const { return *config_; }

    // Takes an idle session, cleaned where it has to be, or opens one.
    //
    // Errors: closed; conflict where the settings allow no further session; whatever loading,
    //         resolving secrets and opening say.
    [[nodiscard]] Expected<std::shared_ptr<BorrowedSession>>
    borrow(const std::shared_ptr<CallFrame>& frame);

    // Takes a session back and resets it, in what is left of the operation that it was borrowed
    // for; what has no time left, and what is not clean because somebody left something half done,
    // is reset for its next borrower.
    //
    // operation: none for a session that somebody kept.
    void give_back(std::unique_ptr<PhysicalSession> session, bool clean,
                   const std::shared_ptr<CallFrame>& operation);

    // See Connection::close.
    void close();
    [[nodiscard]] bool closed() const;

  private:
    // A connector that is loaded and has found these settings good.
    struct Ready {
        const Library* library;
        std::uint64_t max_sessions; // 0 = any number
    };
    [[nodiscard]] Expected<Ready> get_ready(const std::shared_ptr<CallFrame>& frame);

    struct Idle {
        std::unique_ptr<PhysicalSession> session;
        bool clean; // false: to be reset before anybody uses it
    };

    // What a session has from before it is opened until nothing of it runs any more: one of the
    // places that the settings allow, and the masking of its secrets.
    class Place;

    // An idle session, or a place for one that is still to be opened.
    struct CheckedOut {
        Idle idle;
        std::shared_ptr<const Place> place;
    };
    [[nodiscard]] Expected<CheckedOut> check_out(std::uint64_t max_sessions);
    [[nodiscard]] Expected<std::unique_ptr<PhysicalSession>>
    find_session(const Ready& ready, const std::shared_ptr<CallFrame>& frame);
    [[nodiscard]] Expected<std::unique_ptr<PhysicalSession>>
    open_session(const Library& library, const std::shared_ptr<CallFrame>& frame,
                 const std::shared_ptr<const Place>& place);
    [[nodiscard]] bool reset_in_time(PhysicalSession& session,
                                     const std::shared_ptr<CallFrame>& operation);

    const std::shared_ptr<const ConnectionConfig> config_;

    mutable std::mutex mutex_;
    bool closed_ = false;
    std::optional<Ready> ready_;
    std::vector<Idle> idle_;
    std::vector<std::weak_ptr<BorrowedSession>> borrowed_;
    std::vector<std::weak_ptr<CallFrame>> operations_; // for close() to cancel

    // Shared with places, which may outlive this.
    struct Shared {
        explicit Shared(SecretMasker& masker) : secrets(masker) {}
        std::atomic<std::uint64_t> places_taken = 0;
        SecretMasker::Lease secrets; // of every session that was opened; under mutex_
    };
    std::shared_ptr<Shared> shared_;
};

// Asks a connector whether settings can work, and how many sessions they allow at a time (0 = any
// number). It does no I/O.
[[nodiscard]] Expected<std::uint64_t> check_settings(const Library& library,
                                                     std::string settings_json,
                                                     const std::shared_ptr<CallFrame>& frame,
                                                     const SecretMasker& masker);

} // namespace patchbay::host
