// SPDX-License-Identifier: Apache-2.0
// Streams of record batches, as authors write them and as the contract wants them.
#pragma once

#include <patchbay/abi/arrow.h>
#include <patchbay/abi/covers.h>
#include <patchbay/abi/stream_info.h>
#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/sdk/error.hpp>

#include <cerrno>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace patchbay::sdk {

struct Progress {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::int64_t total_rows = -1; // an estimate, or -1
};

// What an author derives from. Destroying it before its end cancels at the source and returns at
// once. [session]
class RecordStream {
  public:
    RecordStream() = default;
    RecordStream(const RecordStream&) = delete;
    RecordStream(RecordStream&&) = delete;
    RecordStream& operator=(const RecordStream&) = delete;
    RecordStream& operator=(RecordStream&&) = delete;
    virtual ~RecordStream() = default;

    // A struct of the columns; the same each time.
    [[nodiscard]] virtual const Field& schema() const = 0;

    // Fills *out with the next batch, or answers false and leaves *out alone: the end. After an
    // error or the end it is not called again.
    [[nodiscard]] virtual Expected<bool> next(ArrowArray* out) = 0;

    [[nodiscard]] virtual Progress progress() const = 0;
};

// The errno value that goes with a status; see source.h.
[[nodiscard]] inline int errno_of(patchbay_status code) {
    switch (code) {
    case PATCHBAY_OK:
        return 0;
    case PATCHBAY_CANCELLED:
        return ECANCELED;
    case PATCHBAY_DEADLINE:
        return ETIMEDOUT;
    case PATCHBAY_INVALID_REQUEST:
    case PATCHBAY_INVALID_SETTINGS:
        return EINVAL;
    case PATCHBAY_NOT_FOUND:
        return ENOENT;
    case PATCHBAY_FORBIDDEN:
    case PATCHBAY_UNAUTHENTICATED:
        return EACCES;
    case PATCHBAY_CONFLICT:
        return EBUSY;
    case PATCHBAY_RESOURCE_EXHAUSTED:
        return ENOMEM;
    case PATCHBAY_BAD_DATA:
        return EILSEQ;
    case PATCHBAY_UNSUPPORTED:
        return ENOTSUP;
    default:
        return EIO;
    }
}

namespace detail {

// What an exception that reached the border becomes. Where memory ran out, none is taken: the
// message fits into the string itself.
[[nodiscard]] inline Error error_of_current_exception() noexcept {
    try {
        try {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& exception) {
            return {.message = std::string("the connector failed: ") + exception.what()};
        } catch (...) {
            return {.message = "the connector failed with an exception that says nothing"};
        }
    } catch (...) {
        return {.code = PATCHBAY_RESOURCE_EXHAUSTED,
                .message = "memory ran out",
                .retry = PATCHBAY_RETRY_LATER};
    }
}

// Stands behind an exported stream.
struct ExportedStream {
    std::unique_ptr<RecordStream> stream;
    std::optional<Error> error; // why it failed, once it has
    bool ended = false;

    static ExportedStream& of(ArrowArrayStream* stream) {
        return *static_cast<ExportedStream*>(stream->private_data);
    }

    static int get_schema(ArrowArrayStream* self, ArrowSchema* out) noexcept {
        try {
            export_schema(of(self).stream->schema(), out);
            return 0;
        } catch (...) {
            return of(self).fail(error_of_current_exception());
        }
    }

    static int get_next(ArrowArrayStream* self, ArrowArray* out) noexcept {
        auto& exported = of(self);
        if (exported.error) return errno_of(exported.error->code);
        try {
            if (!exported.ended) {
                auto more = exported.stream->next(out);
                if (!more) return exported.fail(std::move(more.error()));
                if (*more) return 0;
                exported.ended = true;
            }
            *out = ArrowArray{}; // released: the end
            return 0;
        } catch (...) {
            return exported.fail(error_of_current_exception());
        }
    }

    static const char* get_last_error(ArrowArrayStream* self) noexcept {
        const auto& exported = of(self);
        return exported.error ? exported.error->message.c_str() : nullptr;
    }

    static void release(ArrowArrayStream* self) noexcept {
        delete &of(
            self); // NOLINT(cppcoreguidelines-owning-memory): the C interface owns by callback
        self->release = nullptr;
        self->private_data = nullptr;
    }

    int fail(Error&& why) noexcept {
        error = std::move(why);
        return errno_of(error->code);
    }
};

inline patchbay_status stream_last_error(ArrowArrayStream* stream, patchbay_error* out) noexcept {
    const auto& exported = ExportedStream::of(stream);
    if (!exported.error) return PATCHBAY_OK;
    try {
        fill_error(out, Error(*exported.error));
    } catch (...) {
        fill_error(out, error_of_current_exception());
    }
    return exported.error->code;
}

inline void stream_progress(ArrowArrayStream* stream, patchbay_progress* out) noexcept {
    Progress progress;
    try {
        progress = ExportedStream::of(stream).stream->progress();
    } catch (...) {
        return; // nobody asks why: the caller sees what was there before
    }
    out->revision = 1;
    if (PATCHBAY_COVERS(out, rows)) out->rows = progress.rows;
    if (PATCHBAY_COVERS(out, bytes)) out->bytes = progress.bytes;
    if (PATCHBAY_COVERS(out, total_rows)) out->total_rows = progress.total_rows;
}

} // namespace detail

// Hands a stream over through the C stream interface.
//
// Owns: the receiver releases *out.
inline void export_stream(std::unique_ptr<RecordStream> stream, ArrowArrayStream* out) {
    auto exported = std::make_unique<detail::ExportedStream>();
    exported->stream = std::move(stream);
    *out = ArrowArrayStream{};
    out->get_schema = detail::ExportedStream::get_schema;
    out->get_next = detail::ExportedStream::get_next;
    out->get_last_error = detail::ExportedStream::get_last_error;
    out->release = detail::ExportedStream::release;
    out->private_data = exported.release();
}

// "patchbay.stream-info/1" for streams of export_stream().
inline constexpr patchbay_stream_info stream_info_table{
    .struct_size = sizeof(patchbay_stream_info),
    .revision = 1,
    .last_error = detail::stream_last_error,
    .progress = detail::stream_progress,
};

} // namespace patchbay::sdk
