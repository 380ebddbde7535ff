// SPDX-License-Identifier: Apache-2.0
// One session of a connector, and every call that is made on it.

#include "physical_session.hpp"

#include <fmt/format.h>

#include <chrono>
#include <system_error>

namespace patchbay::host {
namespace {

constexpr std::chrono::seconds goodbye_timeout{1};

// Whether a session that said this can be expected to answer anything else.
[[nodiscard]] bool ends_session(ErrorCode code) {
    switch (code) {
    case ErrorCode::unavailable:
    case ErrorCode::closed:
    case ErrorCode::wrong_process:
    case ErrorCode::internal:
    case ErrorCode::broken_rule:
        return true;
    default:
        return false;
    }
}

} // namespace

Expected<std::unique_ptr<PhysicalSession>>
PhysicalSession::open(const Library& library, std::shared_ptr<const ConnectionConfig> config,
                      std::string settings_json, const std::shared_ptr<CallFrame>& frame,
                      const std::shared_ptr<const void>& place) {
    std::unique_ptr<PhysicalSession> session;
    try {
        session.reset(new PhysicalSession(library, std::move(config), place));
    } catch (const std::system_error& error) {
        return std::unexpected(Error{
            .code = ErrorCode::resource_exhausted,
            .message = fmt::format("a session of the connector {} needs a thread of its own, and "
                                   "none can be had: {}",
                                   library.name, error.code().message()),
            .hint = "close connections that are not in use, or allow the process more threads",
            .retry = Retry::later,
            .connector = library.id});
    }
    const auto call = std::make_shared<OpenCall>(library, "open", frame);
    call->settings_json = std::move(settings_json);
    if (auto opened = session->run(call); !opened)
        return std::unexpected(std::move(opened.error()));
    session->session_ = call->session;
    // Made by the session's thread if it has to be left behind; nobody waits for a polite goodbye.
    session->runner_.set_farewell(
        [&library, close = session->prepare<CloseCall>("close", own_frame(frame->services(), {}))] {
            if (!library.quarantined) close->make();
        });
    log_debug(*session->config_, "a session was opened");
    return session;
}

PhysicalSession::~PhysicalSession() {
    const std::chrono::nanoseconds timeout = goodbye_timeout;
    close(deadline_after(config_->services->clock().monotonic_ns(), timeout.count()));
}

void PhysicalSession::close(std::int64_t deadline_ns) {
    // Left behind: its thread closes it. Quarantined: nothing of it is called any more.
    if (session_ == nullptr || runner_.abandoned() || library_.quarantined) return;
    const auto& services = *config_->services;
    const auto frame = own_frame(services, {});
    frame->set_deadline_ns(deadline_ns);
    const auto call = prepare<CloseCall>("close", frame);
    session_ = nullptr;
    runner_.set_farewell(nullptr); // a close that is left behind is the last there is
    const bool came_back = runner_.run(call);
    if (came_back && call->succeeded()) {
        log_debug(*config_, "a session was closed");
        return;
    }
    if (services.logger().enabled(LogLevel::warning)) {
        const Error error =
            came_back ? call->error(*config_->masker) : abandoned_error(*call, CancelReason::none);
        services.logger().write(
            LogLevel::warning, services.connector(),
            fmt::format("a session was not closed in order: {}", error.message));
    }
}

Expected<void> PhysicalSession::run(const std::shared_ptr<ConnectorCall>& call) {
    if (auto go_on = call->frame().check(); !go_on) return go_on;
    return run_in_time(call);
}

Expected<void> PhysicalSession::run_in_time(const std::shared_ptr<ConnectorCall>& call) {
    if (library_.quarantined) return std::unexpected(quarantined_error(library_));
    if (const auto reason = call->frame().cancel().reason(); reason != CancelReason::none) {
        return std::unexpected(interrupted_error(reason));
    }
    if (unusable_) return std::unexpected(given_up_error());
    return run_at_last(call);
}

Expected<void> PhysicalSession::run_at_last(const std::shared_ptr<ConnectorCall>& call) {
    if (library_.quarantined) return std::unexpected(quarantined_error(library_));
    if (runner_.abandoned()) return std::unexpected(given_up_error());
    if (!runner_.run(call)) {
        unusable_ = true;
        log_debug(*config_, "a session was given up: {} did not come back", call->function());
        return std::unexpected(abandoned_error(*call, call->frame().cancel().reason()));
    }
    if (call->succeeded()) return {};
    Error error = call->error(*config_->masker);
    log_debug(*config_, "{} answered {}", call->function(), code_text(error.code));
    if (ends_session(error.code)) unusable_ = true;
    return std::unexpected(std::move(error));
}

Error PhysicalSession::abandoned_error(const ConnectorCall& call, CancelReason reason) const {
    Error error = reason == CancelReason::none ? deadline_error() : interrupted_error(reason);
    error.trail.push_back(fmt::format("the connector {} did not come back from {}; its session was "
                                      "given up",
                                      library_.name, call.function()));
    error.connector = library_.id;
    return error;
}

Error PhysicalSession::given_up_error() const {
    return {.code = ErrorCode::unavailable,
            .message = fmt::format("this session of the connector {} was given up", library_.name),
            .hint = "take another session of the connection",
            .connector = library_.id};
}

} // namespace patchbay::host
