// SPDX-License-Identifier: Apache-2.0
// One session of the connector: what the host may ask, and in which order.
#pragma once

#include "database.hpp"
#include "row_stream.hpp"
#include "transaction.hpp"

#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/sdk/call.hpp>
#include <patchbay/sdk/error.hpp>
#include <patchbay/sdk/params.hpp>
#include <patchbay/sdk/record_stream.hpp>
#include <patchbay/sdk/serve.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay::sqlite {

struct TableRequest;

// The functions mean what the headers of patchbay/abi say. While a stream is open, everything but
// rollback, reset and close is PATCHBAY_CONFLICT. [session]
class Session {
  public:
    explicit Session(std::unique_ptr<Database> database)
        : database_(std::move(database)), transaction_(*database_) {}

    [[nodiscard]] sdk::Expected<std::string> ping(const sdk::Call& call);
    [[nodiscard]] sdk::Expected<void> reset(const sdk::Call& call);
    [[nodiscard]] sdk::Expected<void> close(const sdk::Call& call);

    [[nodiscard]] sdk::Expected<std::unique_ptr<sdk::RecordStream>>
    open_stream(std::string_view request_json, const sdk::Params& params, const sdk::Call& call);

    [[nodiscard]] sdk::Expected<sdk::ExecuteResult>
    execute(std::string_view sql, const sdk::Params& params, const sdk::Call& call);
    [[nodiscard]] sdk::Expected<void> begin(const sdk::TransactionOptions& options,
                                            const sdk::Call& call);
    [[nodiscard]] sdk::Expected<void> commit(const sdk::Call& call);
    [[nodiscard]] sdk::Expected<void> rollback(const sdk::Call& call);

    [[nodiscard]] sdk::Expected<std::unique_ptr<sdk::RecordStream>> objects(const sdk::Call& call);
    [[nodiscard]] sdk::Expected<sdk::Field> describe(std::string_view object,
                                                     const sdk::Call& call);

  private:
    // What stands in the way of any work: the call's own end, or a stream that is open.
    [[nodiscard]] sdk::Expected<void> check_idle(const sdk::Call& call) const;
    // The same, and a transaction that SQLite has rolled back.
    [[nodiscard]] sdk::Expected<void> check_ready(const sdk::Call& call) const;

    [[nodiscard]] sdk::Expected<std::unique_ptr<Statement>> compile_query(const std::string& sql);
    [[nodiscard]] sdk::Expected<std::unique_ptr<Statement>>
    compile_table(const TableRequest& table);
    [[nodiscard]] sdk::Expected<void> admit(const Statement& statement);
    [[nodiscard]] sdk::Expected<void> replace_memory(const sdk::Call& call);

    std::unique_ptr<Database> database_;
    StreamSlot slot_;
    Transaction transaction_;
    std::string left_behind_; // what statements changed of the session beside its transaction
};

} // namespace patchbay::sqlite
