// SPDX-License-Identifier: Apache-2.0
// The public API of streams.

#include <host/session/stream_state.hpp>
#include <patchbay/host/stream.hpp>

#include <cstring>
#include <system_error>
#include <utility>

namespace patchbay::host {

Stream::Stream(ArrowArrayStream&& taken) noexcept : stream_(taken) {
    taken.release = nullptr;
}

Stream::Stream(Stream&& other) noexcept : stream_(std::exchange(other.stream_, {})) {}

Stream& Stream::operator=(Stream&& other) noexcept {
    if (this != &other) {
        if (stream_.release != nullptr) stream_.release(&stream_);
        stream_ = std::exchange(other.stream_, {});
    }
    return *this;
}

Stream::~Stream() {
    if (stream_.release != nullptr) stream_.release(&stream_);
}

void Stream::move_to(ArrowArrayStream* out) noexcept {
    *out = std::exchange(stream_, {});
}

Expected<void> Stream::schema(ArrowSchema* out) {
    const int failed = stream_.get_schema(&stream_, out);
    if (failed == 0) return {};
    return std::unexpected(Error{.code = ErrorCode::resource_exhausted,
                                 .message = std::generic_category().message(failed)});
}

Expected<bool> Stream::next(ArrowArray* out) {
    const int failed = stream_.get_next(&stream_, out);
    if (failed == 0) return out->release != nullptr;
    if (auto error = last_error(&stream_)) return std::unexpected(std::move(*error));
    // What another thread was reading is over by now: it was he who got the rows.
    return std::unexpected(Error{.code = ErrorCode::conflict,
                                 .message = "another thread was reading from this stream"});
}

std::optional<Error> last_error(ArrowArrayStream* stream) {
    auto* const state = StreamState::of(stream);
    if (state == nullptr) {
        return Error{.code = ErrorCode::invalid_request,
                     .message = "this is not a stream of Patchbay, or it is released"};
    }
    return state->last_error();
}

StreamProgress progress(ArrowArrayStream* stream) {
    auto* const state = StreamState::of(stream);
    return state == nullptr ? StreamProgress{} : state->progress();
}

} // namespace patchbay::host
