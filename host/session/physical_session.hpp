// SPDX-License-Identifier: Apache-2.0
// One session of a connector, and every call that is made on it.
#pragma once

#include <host/load/library.hpp>
#include <host/session/call_frame.hpp>
#include <host/session/call_runner.hpp>
#include <host/session/connection_config.hpp>
#include <host/session/connector_call.hpp>
#include <patchbay/host/error.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace patchbay::host {

// Owns a patchbay_session and closes it. For one caller at a time (see BorrowedSession).
//
// Must not be destroyed in a forked child: whoever holds one keeps the process generation with it.
class PhysicalSession {
  public:
    // Connects and signs in. place: kept until nothing of the session runs any more, the thread
    // that was left behind with it included.
    //
    // Errors: what the connector says; resource_exhausted where no thread can be had.
    // Blocks: until the connector answers, bounded by the frame's deadline.
    [[nodiscard]] static Expected<std::unique_ptr<PhysicalSession>>
    open(const Library& library, std::shared_ptr<const ConnectionConfig> config,
         std::string settings_json, const std::shared_ptr<CallFrame>& frame,
         const std::shared_ptr<const void>& place);

    PhysicalSession(const PhysicalSession&) = delete;
    PhysicalSession(PhysicalSession&&) = delete;
    PhysicalSession& operator=(const PhysicalSession&) = delete;
    PhysicalSession& operator=(PhysicalSession&&) = delete;

    // Closes the session, politely for a second at most.
    ~PhysicalSession();

    // Closes it sooner. The connector may say goodbye until then.
    void close(std::int64_t deadline_ns);

    // Makes a call on this session; outputs are in it afterwards. Not begun where the frame's
    // deadline is over, somebody cancelled, or the session is unusable.
    [[nodiscard]] Expected<void> run(const std::shared_ptr<ConnectorCall>& call);

    // The same for a caller who has just set the deadline: the clock is not asked again.
    [[nodiscard]] Expected<void> run_in_time(const std::shared_ptr<ConnectorCall>& call);

    // Makes a call that cleans up: begun whatever the time is, and on a session that said it is
    // dead too.
    [[nodiscard]] Expected<void> run_at_last(const std::shared_ptr<ConnectorCall>& call);

    // A call on this session, with its inputs still to be set.
    template <class Call>
    [[nodiscard]] std::shared_ptr<Call> prepare(std::string_view function,
                                                std::shared_ptr<CallFrame> frame) const {
        return std::make_shared<Call>(library_, function, std::move(frame), session_);
    }

    // Takes no further calls: the connector did not come back, or said that the session is dead.
    [[nodiscard]] bool unusable() const { return unusable_; }

    // The connector did not come back; what the call in question owned belongs to a thread now.
    [[nodiscard]] bool abandoned() const { return runner_.abandoned(); }

    [[nodiscard]] const Library& library() const { return library_; }
    [[nodiscard]] patchbay_session* handle() const { return session_; }

  private:
    PhysicalSession(const Library& library, std::shared_ptr<const ConnectionConfig> config,
                    const std::shared_ptr<const void>& place)
        : library_(library), config_(std::move(config)), place_(place),
          runner_(library.may_ignore_cancel, config_->services->clock(), place) {}

    [[nodiscard]] Error abandoned_error(const ConnectorCall& call, CancelReason reason) const;
    [[nodiscard]] Error given_up_error() const;

    const Library& library_;
    const std::shared_ptr<const ConnectionConfig> config_;
    const std::shared_ptr<const void> place_; // given up last
    CallRunner runner_;
    patchbay_session* session_ = nullptr;
    bool unusable_ = false;
};

} // namespace patchbay::host
