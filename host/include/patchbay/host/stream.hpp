// SPDX-License-Identifier: Apache-2.0
// Rows as a stream of Arrow record batches.
#pragma once

#include <patchbay/abi/arrow.h>
#include <patchbay/host/error.hpp>
#include <patchbay/host/export.hpp>

#include <cstdint>
#include <optional>

namespace patchbay::host {

// Owns an ArrowArrayStream of this library and releases it. Released before its end, it cancels at
// the source and returns at once.
//
// One thread at a time: a second get_next while one runs answers EBUSY (conflict). Batches are
// free: they outlive stream and connection and may be released on any thread.
class PATCHBAY_HOST_API Stream {
  public:
    Stream() = default;
    // Takes over a stream; the source is left released.
    explicit Stream(ArrowArrayStream&& taken) noexcept;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    Stream(Stream&& other) noexcept;
    Stream& operator=(Stream&& other) noexcept;
    ~Stream();

    // The stream itself, for any consumer of the C stream interface.
    [[nodiscard]] ArrowArrayStream* get() { return &stream_; }

    // Hands the stream over; this object is empty afterwards. *out is not released first.
    void move_to(ArrowArrayStream* out) noexcept;

    // Fills *out with the schema: a struct of the columns. The receiver releases it.
    [[nodiscard]] Expected<void> schema(ArrowSchema* out);

    // Fills *out with the next batch, which the receiver releases; answers false at the end, and
    // again when asked again.
    //
    // Blocks:  until rows are there, bounded by the operation's deadline; the time between two
    //          calls does not count.
    // Errors:  what the source says; cancelled, deadline, closed, wrong_process; broken_rule for a
    //          batch whose structure is not the schema's. An error stays: asked again, the stream
    //          says the same.
    [[nodiscard]] Expected<bool> next(ArrowArray* out);

  private:
    ArrowArrayStream stream_{};
};

// The error behind the last failure of a stream of this library, with code and SQLSTATE; nothing
// where it has not failed. A stream of somebody else's answers invalid_request.
[[nodiscard]] PATCHBAY_HOST_API std::optional<Error> last_error(ArrowArrayStream* stream);

// How far a stream has come.
struct StreamProgress {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::optional<std::int64_t> total_rows; // an estimate
};

// Rows delivered so far, and what the connector knows beyond that.
[[nodiscard]] PATCHBAY_HOST_API StreamProgress progress(ArrowArrayStream* stream);

} // namespace patchbay::host
