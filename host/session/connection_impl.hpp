// SPDX-License-Identifier: Apache-2.0
// What stands behind the Connection, Session and Transaction of the public API.
#pragma once

#include <host/session/borrowed_session.hpp>
#include <host/session/connection_config.hpp>
#include <host/session/connection_state.hpp>
#include <patchbay/host/connection.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace patchbay::host {

// The part of a connection that a fork does not divide: its settings, and whether it was closed.
struct Connection::Impl {
  public:
    explicit Impl(ConnectionConfig settings);
    Impl(const Impl&) = delete;
    Impl(Impl&&) = delete;
    Impl& operator=(const Impl&) = delete;
    Impl& operator=(Impl&&) = delete;
    ~Impl();

    [[nodiscard]] const ConnectionConfig& config() const { return *config_; }

    // The sessions of this process. In a forked child: a new, empty set; the parent's is left
    // alone.
    [[nodiscard]] std::shared_ptr<ConnectionState> state();

    void close();
    [[nodiscard]] bool closed() const { return closed_.load(std::memory_order_acquire); }

  private:
    // Sessions, and the process they belong to.
    struct Cell {
        std::uint64_t generation;
        std::shared_ptr<ConnectionState> state;
    };

    std::shared_ptr<const ConnectionConfig> config_;
    std::atomic<Cell*> cell_;
    std::atomic<bool> closed_{false};
};

struct Session::Impl {
    std::shared_ptr<BorrowedSession> session;
};

struct Transaction::Impl {
    std::shared_ptr<BorrowedSession> session;
    bool open = true;
};

} // namespace patchbay::host
