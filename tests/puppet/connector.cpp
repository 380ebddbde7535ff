// SPDX-License-Identifier: Apache-2.0
// A connector that does what it is told, so that a test can see what the host makes of it.
//
// A script is a list of words. Where a session opens, is reset or closed it comes from the settings
// (script, at_reset, at_close), where a stream or a statement runs it is the query:
//
//     rows N        delivers N rows: n (int64), text (utf8); 10 in a batch
//     wait          blocks until the call is cancelled or its deadline passes, and says so
//     stubborn MS   blocks so long, whatever anybody wants (real time)
//     fail CODE     fails with the status and the message "told to fail"
//     leak          fails with a message that holds the password of the settings
//     log           writes the password into the log
//     throw         throws, which the SDK makes an error of
//     silent        fails without a message
//     next WORDS    the rest is done by the first get_next of the stream, not when it opens
//     end WORDS     the rest is done by get_next when the rows are out, in place of the end
//     progress WORDS  the rest is done whenever the stream is asked how far it is
//
// ping answers what happened in this process so far: sessions opened and closed, resets, streams
// opened and released.

#include <patchbay/sdk/batch_builder.hpp>
#include <patchbay/sdk/serve.hpp>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace patchbay::sdk;

struct Counters {
    std::atomic<int> opened = 0;
    std::atomic<int> closed = 0;
    std::atomic<int> resets = 0;
    std::atomic<int> streams_opened = 0;
    std::atomic<int> streams_released = 0;
};
Counters counters;

// The words of a script, one at a time.
class Script {
  public:
    explicit Script(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] bool empty() const { return at_ >= text_.size(); }
    [[nodiscard]] std::string_view word() {
        const auto end = std::min(text_.find(' ', at_), text_.size());
        const std::string_view word = std::string_view(text_).substr(at_, end - at_);
        at_ = end + 1;
        return word;
    }
    [[nodiscard]] int number() {
        int value = 0;
        const auto text = word();
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }
    [[nodiscard]] std::string rest() {
        auto rest = empty() ? std::string() : text_.substr(at_);
        at_ = text_.size();
        return rest;
    }

  private:
    std::string text_;
    std::size_t at_ = 0;
};

// The value of a text or integer member; settings and requests of a puppet nest no deeper and use
// no escapes.
[[nodiscard]] std::string member(std::string_view json, std::string_view name) {
    const auto key = json.find('"' + std::string(name) + "\":");
    if (key == std::string_view::npos) return {};
    auto value = json.substr(key + name.size() + 3);
    const bool text = value.starts_with('"');
    if (text) value.remove_prefix(1);
    return std::string(value.substr(0, value.find_first_of(text ? "\"" : ",}")));
}

struct Outcome {
    int rows = 0;
    std::string next;
    std::string end;
    std::string progress;
};

// Does what a script says until it fails or is done.
[[nodiscard]] Expected<Outcome> perform(const std::string& text, const std::string& password,
                                        const Call& call) {
    Outcome outcome;
    Script script(text);
    while (!script.empty()) {
        const auto word = script.word();
        if (word == "rows") {
            outcome.rows = script.number();
        } else if (word == "wait") {
            for (;;) {
                if (auto go_on = call.pause(std::chrono::hours(1)); !go_on) {
                    return std::unexpected(go_on.error());
                }
            }
        } else if (word == "stubborn") {
            std::this_thread::sleep_for(std::chrono::milliseconds(script.number()));
        } else if (word == "fail") {
            return std::unexpected(Error{.code = script.number(),
                                         .message = "told to fail\n",
                                         .pointer = "/query",
                                         .retry = PATCHBAY_RETRY_LATER,
                                         .retry_after_ms = 7,
                                         .sqlstate = "57014",
                                         .native_code = 42,
                                         .native_domain = "puppet",
                                         .details_json = "{}"});
        } else if (word == "leak") {
            return std::unexpected(Error{.code = PATCHBAY_UNAUTHENTICATED,
                                         .message = "no such password: " + password});
        } else if (word == "log") {
            Log(call.host(), "script").write(PATCHBAY_LOG_INFO, "password=" + password);
        } else if (word == "throw") {
            throw std::runtime_error("told to throw");
        } else if (word == "silent") {
            return std::unexpected(Error{.code = PATCHBAY_IO, .message = ""});
        } else if (word == "next") {
            outcome.next = script.rest();
        } else if (word == "end") {
            outcome.end = script.rest();
        } else if (word == "progress") {
            outcome.progress = script.rest();
        } else if (!word.empty()) {
            return std::unexpected(
                Error{.code = PATCHBAY_INVALID_REQUEST,
                      .message = "the script has the unknown word " + std::string(word)});
        }
    }
    return outcome;
}

class PuppetStream final : public RecordStream {
  public:
    PuppetStream(Outcome outcome, std::string password, const Call& call)
        : outcome_(std::move(outcome)), password_(std::move(password)), call_(call),
          batch_({*read_arrow_format("l"), *read_arrow_format("u")}, {.max_rows = 10}) {
        ++counters.streams_opened;
    }
    PuppetStream(const PuppetStream&) = delete;
    PuppetStream(PuppetStream&&) = delete;
    PuppetStream& operator=(const PuppetStream&) = delete;
    PuppetStream& operator=(PuppetStream&&) = delete;
    ~PuppetStream() override { ++counters.streams_released; }

    [[nodiscard]] const Field& schema() const override {
        static const Field columns =
            record({{.name = "n", .format = "l"}, {.name = "text", .format = "u"}});
        return columns;
    }

    [[nodiscard]] Expected<bool> next(ArrowArray* out) override {
        const auto first = std::exchange(outcome_.next, {});
        if (auto done = perform(first, password_, call_); !done) {
            return std::unexpected(done.error());
        }
        while (row_ < outcome_.rows && !batch_.full()) {
            batch_.begin_row();
            batch_.column(0).append<std::int64_t>(row_);
            batch_.column(1).append_text("row " + std::to_string(row_));
            ++row_;
        }
        if (batch_.row_count() == 0) {
            const auto last = std::exchange(outcome_.end, {});
            if (auto done = perform(last, password_, call_); !done) {
                return std::unexpected(done.error());
            }
            return false;
        }
        batch_.finish(out);
        return true;
    }

    [[nodiscard]] Progress progress() const override {
        static_cast<void>(perform(outcome_.progress, password_, call_)); // only to take its time
        return {.rows = static_cast<std::uint64_t>(row_),
                .bytes = 8U * static_cast<std::uint64_t>(row_),
                .total_rows = outcome_.rows};
    }

  private:
    Outcome outcome_;
    std::string password_;
    Call call_;
    BatchBuilder batch_;
    int row_ = 0;
};

// What there is on the stage, as a catalog tells it.
class ObjectsStream final : public RecordStream {
  public:
    [[nodiscard]] const Field& schema() const override {
        static const Field columns = record({{.name = "catalog", .format = "u"},
                                             {.name = "schema", .format = "u"},
                                             {.name = "name", .format = "u", .nullable = false},
                                             {.name = "kind", .format = "u"},
                                             {.name = "comment", .format = "u"}});
        return columns;
    }

    [[nodiscard]] Expected<bool> next(ArrowArray* out) override {
        if (std::exchange(done_, true)) return false;
        const auto text = *read_arrow_format("u");
        BatchBuilder batch({text, text, text, text, text}, {.max_rows = 10});
        for (const std::string_view name : {"props", "stage", "strings"}) {
            batch.begin_row();
            batch.column(0).append_null();
            batch.column(1).append_text("main");
            batch.column(2).append_text(name);
            batch.column(3).append_text("table");
            batch.column(4).append_null();
        }
        batch.finish(out);
        return true;
    }

    [[nodiscard]] Progress progress() const override { return {.total_rows = 3}; }

  private:
    bool done_ = false;
};

// What a session is told by its settings.
struct Role {
    std::string password;
    std::string at_reset;
    std::string at_close;
};

class PuppetSession {
  public:
    explicit PuppetSession(Role role) : role_(std::move(role)) { ++counters.opened; }

    Expected<std::string> ping(const Call& /*call*/) {
        const auto count = [](std::string_view name, int value) {
            return ",\"" + std::string(name) + "\":" + std::to_string(value);
        };
        return R"({"server_version":"1.0","database":"stage","user":null,"tls":null)" +
               count("opened", counters.opened) + count("closed", counters.closed) +
               count("resets", counters.resets) + count("streams_opened", counters.streams_opened) +
               count("streams_released", counters.streams_released) + '}';
    }
    Expected<void> reset(const Call& call) {
        ++counters.resets;
        if (auto done = perform(role_.at_reset, role_.password, call); !done) {
            return std::unexpected(done.error());
        }
        in_transaction_ = false;
        return {};
    }
    Expected<void> close(const Call& call) {
        ++counters.closed;
        if (auto done = perform(role_.at_close, role_.password, call); !done) {
            return std::unexpected(done.error());
        }
        return {};
    }

    Expected<std::unique_ptr<RecordStream>> open_stream(std::string_view request,
                                                        const Params& params, const Call& call) {
        auto outcome = perform(member(request, "query"), role_.password, call);
        if (!outcome) return std::unexpected(outcome.error());
        if (params.size() > 0) {
            outcome->rows = static_cast<int>(params.column(0).integer_at(params.child_row(0)));
        }
        return std::make_unique<PuppetStream>(std::move(*outcome), role_.password, call);
    }

    Expected<ExecuteResult> execute(std::string_view statement, const Params& params,
                                    const Call& call) {
        const auto outcome = perform(std::string(statement), role_.password, call);
        if (!outcome) return std::unexpected(outcome.error());
        return ExecuteResult{.rows_affected = params.given() ? params.row_count() : outcome->rows};
    }
    Expected<void> begin(const TransactionOptions& options, const Call& /*call*/) {
        if (in_transaction_) {
            return std::unexpected(
                Error{.code = PATCHBAY_CONFLICT, .message = "a transaction is open"});
        }
        if (options.isolation == PATCHBAY_ISOLATION_READ_UNCOMMITTED) {
            return std::unexpected(
                Error{.code = PATCHBAY_UNSUPPORTED, .message = "puppets do not read uncommitted"});
        }
        in_transaction_ = true;
        return {};
    }
    Expected<void> commit(const Call& /*call*/) {
        if (!in_transaction_) {
            return std::unexpected(
                Error{.code = PATCHBAY_INVALID_REQUEST, .message = "no transaction is open"});
        }
        in_transaction_ = false;
        return {};
    }
    Expected<void> rollback(const Call& /*call*/) {
        in_transaction_ = false;
        return {};
    }

    Expected<std::unique_ptr<RecordStream>> objects(const Call& /*call*/) {
        return std::make_unique<ObjectsStream>();
    }
    Expected<Field> describe(std::string_view object, const Call& /*call*/) {
        if (object != "stage") {
            return std::unexpected(
                Error{.code = PATCHBAY_NOT_FOUND, .message = "there is no " + std::string(object)});
        }
        return record({{.name = "n", .format = "l", .metadata = {{PATCHBAY_FIELD_TYPE, "int"}}}});
    }

  private:
    Role role_;
    bool in_transaction_ = false;
};

struct Puppet {
    static constexpr std::string_view id = PATCHBAY_CONNECTOR_ID;
    static constexpr std::string_view version = PATCHBAY_CONNECTOR_VERSION;
#ifdef PUPPET_FREE
    static constexpr patchbay_threading threading = PATCHBAY_THREADING_FREE;
#else
    static constexpr patchbay_threading threading = PATCHBAY_THREADING_SESSION;
#endif
#ifdef PUPPET_MAY_IGNORE_CANCEL
    static constexpr std::uint32_t flags = PATCHBAY_CONNECTOR_MAY_IGNORE_CANCEL;
#else
    static constexpr std::uint32_t flags = 0;
#endif
    using Session = PuppetSession;

    static Expected<SettingsFacts> check_settings(std::string_view settings, const Call& /*call*/) {
        const auto text = member(settings, "max_sessions");
        std::uint64_t max_sessions = 0;
        std::from_chars(text.data(), text.data() + text.size(), max_sessions);
        if (max_sessions == 13) {
            return std::unexpected(Error{.code = PATCHBAY_INVALID_SETTINGS,
                                         .message = "13 is unlucky",
                                         .pointer = "/connection/max_sessions"});
        }
        return SettingsFacts{.max_sessions = max_sessions};
    }

    static Expected<std::unique_ptr<Session>> open(std::string_view settings, const Call& call) {
        Role role{.password = member(settings, "password"),
                  .at_reset = member(settings, "at_reset"),
                  .at_close = member(settings, "at_close")};
        if (auto done = perform(member(settings, "script"), role.password, call); !done) {
            return std::unexpected(done.error());
        }
        return std::make_unique<Session>(std::move(role));
    }
};

} // namespace

extern "C" const patchbay_library* patchbay_connector_entry(std::uint32_t host_abi_major,
                                                            std::uint32_t host_abi_minor) {
    return serve<Puppet>(host_abi_major, host_abi_minor);
}
