// SPDX-License-Identifier: Apache-2.0
// One call of a connector's function, with everything that belongs to it.

#include "connector_call.hpp"

#include <host/load/floating_point_guard.hpp>
#include <host/session/schema_check.hpp>
#include <patchbay/sdk/text.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <exception>
#include <system_error>

namespace patchbay::host {
namespace {

// Collects what a connector writes into a sink.
class StringSink {
  public:
    explicit StringSink(std::string& out)
        : out_(out),
          sink_{.struct_size = sizeof sink_, .revision = 1, .impl = this, .write = write} {}
    [[nodiscard]] patchbay_host_sink* get() { return &sink_; }
    [[nodiscard]] bool overflowed() const { return overflowed_; }

  private:
    static constexpr std::size_t max_bytes = std::size_t{1024} * 1024;

    static void write(patchbay_host_sink* self, patchbay_text piece) noexcept {
        auto& sink = *static_cast<StringSink*>(self->impl);
        try {
            if (sink.overflowed_ || piece.size > max_bytes - sink.out_.size()) {
                sink.overflowed_ = true;
            } else {
                sink.out_.append(sdk::to_view(piece));
            }
        } catch (const std::exception&) {
            sink.overflowed_ = true;
        }
    }

    std::string& out_;
    bool overflowed_ = false;
    patchbay_host_sink sink_;
};

// What an errno value of a stream means where nobody says more.
[[nodiscard]] patchbay_status status_of_errno(int error_number) {
    switch (error_number) {
    case ECANCELED:
        return PATCHBAY_CANCELLED;
    case ETIMEDOUT:
        return PATCHBAY_DEADLINE;
    case EINVAL:
        return PATCHBAY_INVALID_REQUEST;
    case ENOMEM:
        return PATCHBAY_RESOURCE_EXHAUSTED;
    case ENOTSUP:
        return PATCHBAY_UNSUPPORTED;
    default:
        return PATCHBAY_IO;
    }
}

// What is held and where it may be looked at; the frame goes last.
struct FramedStream {
    std::shared_ptr<CallFrame> frame;
    sdk::UniqueStream stream;
};

} // namespace

std::shared_ptr<sdk::UniqueStream> keep_with_frame(sdk::UniqueStream&& stream,
                                                   std::shared_ptr<CallFrame> frame) {
    auto both = std::make_shared<FramedStream>(std::move(frame), std::move(stream));
    auto* const held = &both->stream;
    return {std::move(both), held};
}

void ConnectorCall::make() noexcept {
    broken_rule_.clear();
    const FloatingPointGuard guard;
    try {
        status_ = run();
    } catch (const std::exception&) {
        // Ours: what the connector throws ends in enter(). Taking no memory, too.
        error_.reset();
        error_.get()->message = sdk::to_text("memory ran out in the host");
        status_ = PATCHBAY_RESOURCE_EXHAUSTED;
    }
}

patchbay_status ConnectorCall::break_rule(std::string what) {
    broken_rule_ = std::move(what);
    return PATCHBAY_INTERNAL;
}

// The structured error where the connector has one, else its text, else at least the errno.
patchbay_status ConnectorCall::read_stream_failure(ArrowArrayStream& stream, int error_number) {
    if (library_.stream_info != nullptr) {
        const auto status =
            enter([&] { return library_.stream_info->last_error(&stream, error_out()); });
        if (status != PATCHBAY_OK) return status;
    }
    const char* text = nullptr;
    const auto asked = enter([&] {
        text = stream.get_last_error(&stream);
        return PATCHBAY_OK;
    });
    if (asked != PATCHBAY_OK) return asked;
    if (text == nullptr || *text == '\0') {
        return break_rule(fmt::format("it failed with errno {} ({}) and without a message",
                                      error_number, std::generic_category().message(error_number)));
    }
    patchbay_error& error = *error_out();
    fallback_text_ = text;
    error.message = sdk::to_text(fallback_text_);
    error.native_code = error_number;
    error.native_domain = sdk::to_text("errno");
    return status_of_errno(error_number);
}

Error ConnectorCall::error(const SecretMasker& masker) const {
    const FailedCall failed{library_, function_};
    if (!broken_rule_.empty()) return broken_rule_error(failed, broken_rule_);
    return read_failure(failed, status_, *error_, frame_->cancel().reason(), masker);
}

patchbay_status CheckSettingsCall::run() {
    return enter([&] {
        return library().connector->check_settings(sdk::to_text(settings_json), call(), &facts,
                                                   error_out());
    });
}

patchbay_status OpenCall::run() {
    const auto status = enter([&] {
        return library().connector->open(sdk::to_text(settings_json), call(), &session,
                                         error_out());
    });
    if (status == PATCHBAY_OK && session == nullptr) {
        return break_rule("it succeeded and left no session");
    }
    return status;
}

void OpenCall::discard() noexcept {
    if (!succeeded() || session == nullptr) return;
    // The frame's deadline is over: the connector says goodbye without waiting.
    run_foreign(library(), [&] { library().connector->close(session, call(), nullptr); });
}

patchbay_status PingCall::run() {
    answer.clear();
    StringSink sink(answer);
    const auto status =
        enter([&] { return library().connector->ping(session, call(), sink.get(), error_out()); });
    if (status == PATCHBAY_OK && sink.overflowed()) {
        return break_rule("its answer is larger than 1 MiB");
    }
    return status;
}

patchbay_status ResetCall::run() {
    return enter([&] { return library().connector->reset(session, call(), error_out()); });
}

patchbay_status CloseCall::run() {
    return enter([&] { return library().connector->close(session, call(), error_out()); });
}

patchbay_status StreamCall::accept(patchbay_status opened, ArrowArrayStream&& fresh) {
    if (opened != PATCHBAY_OK) return opened;
    if (fresh.release == nullptr || fresh.get_schema == nullptr || fresh.get_next == nullptr ||
        fresh.get_last_error == nullptr) {
        return break_rule("it succeeded and left a stream without all of its functions");
    }
    stream = sdk::UniqueStream(std::move(fresh));
    const auto read = read_schema();
    if (read != PATCHBAY_OK) release_foreign(library(), stream);
    return read;
}

patchbay_status StreamCall::read_schema() {
    sdk::UniqueSchema columns;
    int failed = 0;
    const auto asked = enter([&] {
        failed = stream->get_schema(stream.get(), columns.receive());
        return PATCHBAY_OK;
    });
    if (asked != PATCHBAY_OK) return asked;
    if (failed != 0) return read_stream_failure(*stream.get(), failed);
    const auto verdict = import_columns(columns);
    release_foreign(library(), columns);
    return verdict;
}

patchbay_status StreamCall::import_columns(const sdk::UniqueSchema& columns) {
    if (!columns) return break_rule("its stream gave a schema that is released");
    if (const auto fault = find_schema_fault(*columns.get())) {
        return break_rule("in its stream's schema, " + *fault);
    }
    schema = sdk::import_schema(*columns.get());
    if (schema.format != "+s") {
        return break_rule(fmt::format("its stream's schema is \"{}\" and not a struct of columns",
                                      schema.format));
    }
    return PATCHBAY_OK;
}

patchbay_status OpenStreamCall::run() {
    ArrowArrayStream fresh{};
    const auto opened = enter([&] {
        return library().source->open_stream(session, sdk::to_text(request_json), parameters.get(),
                                             call(), &fresh, error_out());
    });
    return accept(opened, std::move(fresh));
}

patchbay_status ObjectsCall::run() {
    ArrowArrayStream fresh{};
    const auto opened =
        enter([&] { return library().catalog->objects(session, call(), &fresh, error_out()); });
    return accept(opened, std::move(fresh));
}

patchbay_status NextCall::run() {
    int failed = 0;
    const auto asked = enter([&] {
        failed = (*stream)->get_next(stream->get(), batch.receive());
        return PATCHBAY_OK;
    });
    if (asked != PATCHBAY_OK) return asked;
    return failed == 0 ? PATCHBAY_OK : read_stream_failure(*stream->get(), failed);
}

void NextCall::discard() noexcept {
    release_foreign(library(), batch);
    release_foreign(library(), *stream);
}

patchbay_status ProgressCall::run() {
    if (library().stream_info == nullptr) return PATCHBAY_OK;
    return enter([&] {
        library().stream_info->progress(stream->get(), &progress);
        return PATCHBAY_OK;
    });
}

patchbay_status ReleaseStreamCall::run() {
    if (release_foreign(library(), *stream)) return PATCHBAY_OK;
    return break_rule(escaped_exception);
}

patchbay_status DescribeCall::run() {
    const auto status = enter([&] {
        return library().catalog->describe(session, sdk::to_text(object), call(), schema.receive(),
                                           error_out());
    });
    if (status != PATCHBAY_OK) return status;
    if (!schema) return break_rule("it succeeded and left no schema");
    const auto fault = find_schema_fault(*schema.get());
    if (!fault) return PATCHBAY_OK;
    release_foreign(library(), schema);
    return break_rule("in its schema, " + *fault);
}

patchbay_status ExecuteCall::run() {
    return enter([&] {
        return library().sql->execute(session, sdk::to_text(statement), parameters.get(), call(),
                                      &result, error_out());
    });
}

patchbay_status BeginCall::run() {
    return enter([&] { return library().sql->begin(session, &options, call(), error_out()); });
}

patchbay_status CommitCall::run() {
    return enter([&] { return library().sql->commit(session, call(), error_out()); });
}

patchbay_status RollbackCall::run() {
    return enter([&] { return library().sql->rollback(session, call(), error_out()); });
}

} // namespace patchbay::host
