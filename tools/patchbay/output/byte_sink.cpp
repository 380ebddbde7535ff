// SPDX-License-Identifier: Apache-2.0
// Where the bytes of an answer go.

#include "output/byte_sink.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>

namespace patchbay::command {

Result<void> DescriptorSink::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN) {
            // Somebody who shares the descriptor with us made it non-blocking.
            pollfd waiting{.fd = descriptor_, .events = POLLOUT, .revents = 0};
            ::poll(&waiting, 1, -1);
            continue;
        }
        if (errno == EPIPE) {
            return std::unexpected(Failure{.error = {.code = host::ErrorCode::io,
                                                     .message = "the reader of " + name_ + " left"},
                                           .exit_code = ExitCode::done,
                                           .quiet = true});
        }
        return cannot_write(name_, errno);
    }
    return {};
}

std::unexpected<Failure> cannot_write(std::string_view name, int error) {
    host::Error failure{.code = host::ErrorCode::io,
                        .message = fmt::format("cannot write to {}: {}", name,
                                               std::generic_category().message(error))};
    if (error == ENOSPC || error == EDQUOT) {
        failure.code = host::ErrorCode::resource_exhausted;
        failure.hint = "make room there, or write to another place";
    }
    return failed(std::move(failure), Phase::working);
}

} // namespace patchbay::command
