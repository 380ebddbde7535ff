// SPDX-License-Identifier: Apache-2.0
// One session of the connector: what the host may ask, and in which order.

#include "session.hpp"

#include "catalogue.hpp"
#include "execution.hpp"
#include "parameters.hpp"
#include "request.hpp"

#include <patchbay/sdk/text.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <utility>

namespace patchbay::sqlite {

namespace json = boost::json;

namespace {

using sdk::Error;
using sdk::Expected;

bool is_about_request(const Error& error) {
    return error.code == PATCHBAY_INVALID_REQUEST || error.code == PATCHBAY_NOT_FOUND;
}

// Says of which member an error of a table request is, by compiling one more of them at a time.
Error with_pointer(Error error, Database& database, const TableRequest& table) {
    if (!is_about_request(error)) return error;
    TableRequest part{.name = table.name, .columns = {}, .where = {}, .limit = {}};
    error.pointer = "/where";
    for (const auto* pointer : {"/table", "/columns"}) {
        auto compiled = database.compile(select_statement(part), Database::Text::generated);
        if (!compiled) {
            error = std::move(compiled.error());
            error.pointer = pointer;
            break;
        }
        part.columns = table.columns;
    }
    return error;
}

} // namespace

Expected<void> Session::check_idle(const sdk::Call& call) const {
    if (slot_.is_taken()) {
        return std::unexpected(Error{.code = PATCHBAY_CONFLICT,
                                     .message =
                                         "a stream of this session is still open; read it to "
                                         "its end or release it first"});
    }
    return call.check();
}

Expected<void> Session::check_ready(const sdk::Call& call) const {
    if (auto idle = check_idle(call); !idle) return idle;
    return transaction_.check();
}

// What a statement that is about to run means for the session.
Expected<void> Session::admit(const Statement& statement) {
    const auto& facts = statement.facts();
    if (transaction_.is_read_only()) {
        if (!facts.refused_when_read_only.empty()) {
            return std::unexpected(
                Error{.code = PATCHBAY_FORBIDDEN, .message = facts.refused_when_read_only});
        }
        if (statement.changes_database()) {
            return std::unexpected(Database::only_reading("the transaction was begun read-only"));
        }
    }
    if (!facts.leaves_behind.empty()) left_behind_ = facts.leaves_behind;
    return {};
}

Expected<std::string> Session::ping(const sdk::Call& call) {
    if (auto idle = check_idle(call); !idle) return std::unexpected(std::move(idle.error()));
    if (!database_->is_still_there()) {
        return std::unexpected(
            Error{.code = PATCHBAY_UNAVAILABLE,
                  .message = fmt::format("{}: the file was moved, removed or replaced since this "
                                         "session opened it; a new session opens what stands there "
                                         "now",
                                         database_->name()),
                  .retry = PATCHBAY_RETRY_NOW});
    }
    const CallWatch::Scope scope(database_->watch(), call);
    // Reads the header of the file.
    if (auto read = database_->run("PRAGMA schema_version"); !read) {
        return std::unexpected(std::move(read.error()));
    }
    return json::serialize(json::object{{"server_version", sqlite3_libversion()},
                                        {"database", sdk::to_utf8(database_->name())},
                                        {"user", nullptr},
                                        {"tls", nullptr}});
}

Expected<void> Session::reset(const sdk::Call& call) {
    if (auto undone = rollback(call); !undone) return undone;
    sqlite3_set_last_insert_rowid(database_->get(), 0);
    if (left_behind_.empty()) return {};
    if (database_->settings().is_in_memory()) return replace_memory(call);
    return std::unexpected(
        Error{.code = PATCHBAY_UNAVAILABLE,
              .message = fmt::format("the session was changed by {}, which cannot be taken back; a "
                                     "fresh one takes its place",
                                     left_behind_),
              .retry = PATCHBAY_RETRY_NOW});
}

// A database in memory goes with its session, so it is copied into a fresh one. Where that does not
// succeed (there is no memory or no time for it), the old one stays as it is: what somebody changed
// of the session harms less than a database that is gone.
Expected<void> Session::replace_memory(const sdk::Call& call) {
    auto fresh = Database::open(database_->settings(), call);
    if (!fresh || !(*fresh)->copy_from(*database_, call)) return {};
    database_ = std::move(*fresh);
    transaction_ = Transaction(*database_);
    left_behind_.clear();
    return {};
}

// Closing rolls back what is open.
Expected<void> Session::close(const sdk::Call& /*call*/) {
    slot_.abandon_stream();
    return {};
}

Expected<std::unique_ptr<Statement>> Session::compile_query(const std::string& sql) {
    if (auto kept = database_->take_kept(sql)) return kept;
    auto compiled = database_->compile(sql);
    if (!compiled && is_about_request(compiled.error())) compiled.error().pointer = "/query";
    return compiled;
}

Expected<std::unique_ptr<Statement>> Session::compile_table(const TableRequest& table) {
    const auto sql = select_statement(table);
    if (auto kept = database_->take_kept(sql)) return kept;
    auto compiled = database_->compile(table.where.empty() ? sql : probe_of_where(table),
                                       Database::Text::generated);
    if (compiled && !table.where.empty()) {
        compiled = database_->compile(sql, Database::Text::generated);
    }
    if (compiled) return compiled;
    return std::unexpected(with_pointer(std::move(compiled.error()), *database_, table));
}

Expected<std::unique_ptr<sdk::RecordStream>> Session::open_stream(std::string_view request_json,
                                                                  const sdk::Params& params,
                                                                  const sdk::Call& call) {
    const auto request = read_request(request_json);
    if (!request) return std::unexpected(request.error());
    if (auto ready = check_ready(call); !ready) return std::unexpected(std::move(ready.error()));
    if (params.given() && params.row_count() != 1) {
        return std::unexpected(
            Error{.code = PATCHBAY_INVALID_REQUEST,
                  .message = fmt::format("a query takes one row of parameters; {} are given",
                                         params.row_count()),
                  .pointer = "/params"});
    }
    const CallWatch::Scope scope(database_->watch(), call);
    auto statement =
        request->table ? compile_table(*request->table) : compile_query(request->query);
    if (!statement) return std::unexpected(std::move(statement.error()));
    if ((*statement)->column_count() == 0) {
        return std::unexpected(
            Error{.code = PATCHBAY_INVALID_REQUEST,
                  .message = "the statement returns no rows; run it with execute",
                  .pointer = "/query"});
    }
    if (auto admitted = admit(**statement); !admitted) {
        return std::unexpected(std::move(admitted.error()));
    }
    const auto binding = Binding::match((*statement)->get(), params);
    if (!binding) return std::unexpected(binding.error());
    auto bound = binding->bind_row((*statement)->get(), params, 0, Lifetime::statement);
    if (!bound) return std::unexpected(std::move(bound.error()));
    return RowStream::open(*database_, slot_, std::move(*statement), call);
}

Expected<sdk::ExecuteResult> Session::execute(std::string_view sql, const sdk::Params& params,
                                              const sdk::Call& call) {
    if (auto ready = check_ready(call); !ready) return std::unexpected(std::move(ready.error()));
    const CallWatch::Scope scope(database_->watch(), call);
    auto statement = database_->take_kept(sql);
    if (!statement) {
        auto compiled = database_->compile(sql);
        if (!compiled) return std::unexpected(std::move(compiled.error()));
        statement = std::move(*compiled);
    }
    if (statement->column_count() != 0) {
        return std::unexpected(
            Error{.code = PATCHBAY_INVALID_REQUEST,
                  .message = "the statement returns rows, which execute would drop; nothing was "
                             "run; run it with read"});
    }
    if (auto admitted = admit(*statement); !admitted) {
        return std::unexpected(std::move(admitted.error()));
    }
    auto result = execute_statement(*database_, *statement, params);
    database_->keep(std::move(statement));
    return result;
}

Expected<void> Session::begin(const sdk::TransactionOptions& options, const sdk::Call& call) {
    if (auto idle = check_idle(call); !idle) return idle;
    const CallWatch::Scope scope(database_->watch(), call);
    return transaction_.begin(options);
}

Expected<void> Session::commit(const sdk::Call& call) {
    if (auto idle = check_idle(call); !idle) return idle;
    const CallWatch::Scope scope(database_->watch(), call);
    return transaction_.commit();
}

Expected<void> Session::rollback(const sdk::Call& call) {
    slot_.abandon_stream();
    const CallWatch::Scope scope(database_->watch(), call);
    return transaction_.rollback();
}

Expected<std::unique_ptr<sdk::RecordStream>> Session::objects(const sdk::Call& call) {
    if (auto ready = check_ready(call); !ready) return std::unexpected(std::move(ready.error()));
    const CallWatch::Scope scope(database_->watch(), call);
    return open_objects(*database_, slot_, call);
}

Expected<sdk::Field> Session::describe(std::string_view object, const sdk::Call& call) {
    if (auto ready = check_ready(call); !ready) return std::unexpected(std::move(ready.error()));
    const CallWatch::Scope scope(database_->watch(), call);
    return describe_object(*database_, object);
}

} // namespace patchbay::sqlite
