// SPDX-License-Identifier: Apache-2.0
// Makes the tables of the contract from two C++ classes: a connector and its session.
//
// A connector is a class with these static members; nothing of it is ever constructed. The two
// macros come from connector.json, by way of patchbay_add_connector():
//
//     struct Connector {
//         static constexpr std::string_view id = PATCHBAY_CONNECTOR_ID;
//         static constexpr std::string_view version = PATCHBAY_CONNECTOR_VERSION;
//         static constexpr patchbay_threading threading = PATCHBAY_THREADING_SESSION;
//         static constexpr std::uint32_t flags = 0;
//         using Session = MySession;
//         static Expected<SettingsFacts> check_settings(std::string_view json, const Call&);
//         static Expected<std::unique_ptr<Session>> open(std::string_view json, const Call&);
//     };
//
// A session has ping, reset and close, and the functions of the capabilities it offers. Which ones
// those are is seen from the class (see the concepts below), so that a slip in a signature drops a
// capability without a word. Say what you mean beside the class:
//
//     static_assert(patchbay::sdk::IsSource<MySession>);
//
// connector.json lists under "provides" what is offered: "patchbay.connector/1" always;
// "patchbay.source/1" for IsSource, "patchbay.catalog/1" for IsCatalog, and with either of them
// "patchbay.stream-info/1", which serve() offers by itself for every RecordStream;
// "patchbay.sql/1" for IsSql. A session with objects and describe alone makes a connector that
// has a catalogue and no rows.
//
// What each function means, may do and must answer stands in the headers of patchbay/abi.
//
//     extern "C" const patchbay_library* patchbay_connector_entry(uint32_t major, uint32_t minor) {
//         return patchbay::sdk::serve<Connector>(major, minor);
//     }
//
// No exception leaves: std::bad_alloc becomes PATCHBAY_RESOURCE_EXHAUSTED, any other
// PATCHBAY_INTERNAL.
#pragma once

#include <patchbay/abi/catalog.h>
#include <patchbay/abi/connector.h>
#include <patchbay/abi/covers.h>
#include <patchbay/abi/library.h>
#include <patchbay/abi/source.h>
#include <patchbay/abi/sql.h>
#include <patchbay/abi/stream_info.h>
#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/sdk/call.hpp>
#include <patchbay/sdk/error.hpp>
#include <patchbay/sdk/params.hpp>
#include <patchbay/sdk/record_stream.hpp>
#include <patchbay/sdk/text.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay::sdk {

struct SettingsFacts {
    std::uint64_t max_sessions = 0; // 0 = any number
};

struct ExecuteResult {
    std::optional<std::int64_t> rows_affected = {};
    std::optional<std::int64_t> last_insert_id = {};
};

struct TransactionOptions {
    patchbay_isolation isolation = PATCHBAY_ISOLATION_DEFAULT;
    bool read_only = false;
    bool deferrable = false;
};

// A session that can be opened, asked, cleaned and closed.
template <class S>
concept IsSession = requires(S& session, const Call& call) {
    { session.ping(call) } -> std::same_as<Expected<std::string>>;
    { session.reset(call) } -> std::same_as<Expected<void>>;
    { session.close(call) } -> std::same_as<Expected<void>>;
};

// "patchbay.source/1"
template <class S>
concept IsSource =
    requires(S& session, std::string_view request, const Params& params, const Call& call) {
        {
            session.open_stream(request, params, call)
        } -> std::same_as<Expected<std::unique_ptr<RecordStream>>>;
    };

// "patchbay.sql/1"
template <class S>
concept IsSql = requires(S& session, std::string_view statement, const Params& params,
                         const TransactionOptions& options, const Call& call) {
    { session.execute(statement, params, call) } -> std::same_as<Expected<ExecuteResult>>;
    { session.begin(options, call) } -> std::same_as<Expected<void>>;
    { session.commit(call) } -> std::same_as<Expected<void>>;
    { session.rollback(call) } -> std::same_as<Expected<void>>;
};

// "patchbay.catalog/1"
template <class S>
concept IsCatalog = requires(S& session, std::string_view object, const Call& call) {
    { session.objects(call) } -> std::same_as<Expected<std::unique_ptr<RecordStream>>>;
    { session.describe(object, call) } -> std::same_as<Expected<Field>>;
};

namespace detail {

[[nodiscard]] inline patchbay_status fail(patchbay_error* out, Error&& error) noexcept {
    const patchbay_status code = error.code;
    fill_error(out, std::move(error));
    return code;
}

// Runs a function of the contract: its answer goes to deliver, its error to the caller, and no
// exception out.
template <class Body, class Deliver>
[[nodiscard]] patchbay_status guard(patchbay_error* out, const Body& body,
                                    const Deliver& deliver) noexcept {
    try {
        auto result = body();
        if (!result) return fail(out, std::move(result.error()));
        if constexpr (std::is_void_v<typename decltype(result)::value_type>) {
            deliver();
        } else {
            deliver(std::move(*result));
        }
        return PATCHBAY_OK;
    } catch (...) {
        return fail(out, error_of_current_exception());
    }
}

template <class Body>
[[nodiscard]] patchbay_status guard(patchbay_error* out, const Body& body) noexcept {
    return guard(out, body, [] {});
}

// Reads parameters, then goes on.
template <class Body>
[[nodiscard]] auto with_params(const patchbay_params* params, const Body& body)
    -> decltype(body(std::declval<const Params&>())) {
    const auto bound = Params::read(params);
    if (!bound) return std::unexpected(bound.error());
    return body(*bound);
}

// The tables of one connector. The session that the host holds is the author's object.
template <class Connector>
struct Tables {
    using Session = typename Connector::Session;
    static_assert(IsSession<Session>, "a session has ping, reset and close as serve.hpp states");

    static Session& of(patchbay_session* session) { return *reinterpret_cast<Session*>(session); }

    static patchbay_status check_settings(patchbay_text settings_json, const patchbay_call* call,
                                          patchbay_settings_facts* out,
                                          patchbay_error* error) noexcept {
        return guard(
            error, [&] { return Connector::check_settings(to_view(settings_json), Call(*call)); },
            [&](const SettingsFacts& facts) {
                out->revision = 1;
                if (PATCHBAY_COVERS(out, max_sessions)) out->max_sessions = facts.max_sessions;
            });
    }

    static patchbay_status open(patchbay_text settings_json, const patchbay_call* call,
                                patchbay_session** out, patchbay_error* error) noexcept {
        return guard(
            error, [&] { return Connector::open(to_view(settings_json), Call(*call)); },
            [&](std::unique_ptr<Session> session) {
                *out = reinterpret_cast<patchbay_session*>(session.release());
            });
    }

    static patchbay_status ping(patchbay_session* session, const patchbay_call* call,
                                patchbay_host_sink* answer, patchbay_error* error) noexcept {
        return guard(
            error, [&] { return of(session).ping(Call(*call)); },
            [&](const std::string& json) { answer->write(answer, to_text(json)); });
    }

    static patchbay_status reset(patchbay_session* session, const patchbay_call* call,
                                 patchbay_error* error) noexcept {
        return guard(error, [&] { return of(session).reset(Call(*call)); });
    }

    static patchbay_status close(patchbay_session* session, const patchbay_call* call,
                                 patchbay_error* error) noexcept {
        const std::unique_ptr<Session> owned(&of(session));
        return guard(error, [&] { return owned->close(Call(*call)); });
    }

    static patchbay_status open_stream(patchbay_session* session, patchbay_text request_json,
                                       const patchbay_params* params, const patchbay_call* call,
                                       ArrowArrayStream* out, patchbay_error* error) noexcept
        requires IsSource<Session>
    {
        return guard(
            error,
            [&] {
                return with_params(params, [&](const Params& bound) {
                    return of(session).open_stream(to_view(request_json), bound, Call(*call));
                });
            },
            [&](std::unique_ptr<RecordStream> stream) { export_stream(std::move(stream), out); });
    }

    static patchbay_status execute(patchbay_session* session, patchbay_text statement,
                                   const patchbay_params* params, const patchbay_call* call,
                                   patchbay_execute_result* out, patchbay_error* error) noexcept
        requires IsSql<Session>
    {
        return guard(
            error,
            [&] {
                return with_params(params, [&](const Params& bound) {
                    return of(session).execute(to_view(statement), bound, Call(*call));
                });
            },
            [&](const ExecuteResult& result) {
                out->revision = 1;
                if (PATCHBAY_COVERS(out, rows_affected)) {
                    out->rows_affected_known = result.rows_affected ? 1 : 0;
                    out->rows_affected = result.rows_affected.value_or(0);
                }
                if (PATCHBAY_COVERS(out, last_insert_id)) {
                    out->last_insert_id_known = result.last_insert_id ? 1 : 0;
                    out->last_insert_id = result.last_insert_id.value_or(0);
                }
            });
    }

    static patchbay_status begin(patchbay_session* session,
                                 const patchbay_transaction_options* options,
                                 const patchbay_call* call, patchbay_error* error) noexcept
        requires IsSql<Session>
    {
        TransactionOptions wishes;
        if (options != nullptr && PATCHBAY_COVERS(options, isolation)) {
            wishes.isolation = options->isolation;
        }
        if (options != nullptr && PATCHBAY_COVERS(options, read_only)) {
            wishes.read_only = options->read_only != 0;
        }
        if (options != nullptr && PATCHBAY_COVERS(options, deferrable)) {
            wishes.deferrable = options->deferrable != 0;
        }
        return guard(error, [&] { return of(session).begin(wishes, Call(*call)); });
    }

    static patchbay_status commit(patchbay_session* session, const patchbay_call* call,
                                  patchbay_error* error) noexcept
        requires IsSql<Session>
    {
        return guard(error, [&] { return of(session).commit(Call(*call)); });
    }

    static patchbay_status rollback(patchbay_session* session, const patchbay_call* call,
                                    patchbay_error* error) noexcept
        requires IsSql<Session>
    {
        return guard(error, [&] { return of(session).rollback(Call(*call)); });
    }

    static patchbay_status objects(patchbay_session* session, const patchbay_call* call,
                                   ArrowArrayStream* out, patchbay_error* error) noexcept
        requires IsCatalog<Session>
    {
        return guard(
            error, [&] { return of(session).objects(Call(*call)); },
            [&](std::unique_ptr<RecordStream> stream) { export_stream(std::move(stream), out); });
    }

    static patchbay_status describe(patchbay_session* session, patchbay_text object,
                                    const patchbay_call* call, ArrowSchema* out,
                                    patchbay_error* error) noexcept
        requires IsCatalog<Session>
    {
        return guard(
            error, [&] { return of(session).describe(to_view(object), Call(*call)); },
            [&](const Field& columns) { export_schema(columns, out); });
    }

    static const void* capability(const char* id) noexcept {
        static constexpr patchbay_connector connector{
            .struct_size = sizeof connector,
            .revision = 1,
            .check_settings = check_settings,
            .open = open,
            .ping = ping,
            .reset = reset,
            .close = close,
        };
        const std::string_view name(id);
        if (name == PATCHBAY_CONNECTOR_CAPABILITY) return &connector;
        if constexpr (IsSource<Session>) {
            static constexpr patchbay_source source{
                .struct_size = sizeof source, .revision = 1, .open_stream = open_stream};
            if (name == PATCHBAY_SOURCE_CAPABILITY) return &source;
        }
        if constexpr (IsSource<Session> || IsCatalog<Session>) {
            if (name == PATCHBAY_STREAM_INFO_CAPABILITY) return &stream_info_table;
        }
        if constexpr (IsSql<Session>) {
            static constexpr patchbay_sql sql{
                .struct_size = sizeof sql,
                .revision = 1,
                .execute = execute,
                .begin = begin,
                .commit = commit,
                .rollback = rollback,
            };
            if (name == PATCHBAY_SQL_CAPABILITY) return &sql;
        }
        if constexpr (IsCatalog<Session>) {
            static constexpr patchbay_catalog catalog{.struct_size = sizeof catalog,
                                                      .revision = 1,
                                                      .objects = objects,
                                                      .describe = describe};
            if (name == PATCHBAY_CATALOG_CAPABILITY) return &catalog;
        }
        return nullptr;
    }
};

} // namespace detail

// Answers the library of a connector: the body of patchbay_connector_entry.
template <class Connector>
[[nodiscard]] const patchbay_library* serve(std::uint32_t host_abi_major,
                                            std::uint32_t /*host_abi_minor*/) noexcept {
    static constexpr patchbay_descriptor descriptor{
        .struct_size = sizeof descriptor,
        .revision = 1,
        .id = {Connector::id.data(), Connector::id.size()},
        .version = {Connector::version.data(), Connector::version.size()},
        .abi_major = PATCHBAY_ABI_MAJOR,
        .abi_minor = PATCHBAY_ABI_MINOR,
        .threading = Connector::threading,
        .flags = Connector::flags,
    };
    static constexpr patchbay_library library{
        .struct_size = sizeof library,
        .revision = 1,
        .descriptor = &descriptor,
        .capability = detail::Tables<Connector>::capability,
    };
    return host_abi_major == PATCHBAY_ABI_MAJOR ? &library : nullptr;
}

} // namespace patchbay::sdk
