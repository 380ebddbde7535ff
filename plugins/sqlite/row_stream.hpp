// SPDX-License-Identifier: Apache-2.0
// The rows of a running statement as a stream of Arrow record batches.
#pragma once

#include "database.hpp"
#include "handles.hpp"
#include "result_shape.hpp"
#include "row_group.hpp"
#include "statement.hpp"

#include <patchbay/sdk/batch_builder.hpp>
#include <patchbay/sdk/call.hpp>
#include <patchbay/sdk/record_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace patchbay::sqlite {

class RowStream;

// The place of the one stream that a session may have at a time.
class StreamSlot {
  public:
    // Ends the statement of a stream that is not finished; the stream answers an error from then
    // on. Does nothing where there is none.
    void abandon_stream();

    [[nodiscard]] bool is_taken() const { return stream_ != nullptr; }

  private:
    friend class RowStream;
    RowStream* stream_ = nullptr;
};

// [session]
class RowStream final : public sdk::RecordStream {
  public:
    // Starts a statement whose values are bound. Its columns are found as the settings say, unless
    // a shape is given, which is decided and fits.
    //
    // Its first row is read, because only then SQLite has the locks that keep its columns as they
    // are; and as many rows as a batch holds, where the first rows decide the type of a column.
    //
    // What a statement changes while it returns rows counts once next() has come to the last of
    // them; an error, or a stream that goes before, undoes it.
    //
    // Owns:    the stream keeps the slot taken until it ends, fails or is destroyed, and the
    //          statement's place among those that are kept. Database, slot and call outlive it.
    // Errors:  those of Database::failure(); PATCHBAY_BAD_DATA for a value that fits no column.
    [[nodiscard]] static sdk::Expected<std::unique_ptr<sdk::RecordStream>>
    open(Database& database, StreamSlot& slot, std::unique_ptr<Statement> statement,
         const sdk::Call& call, std::shared_ptr<const ResultShape> shape = nullptr);

    class Key { // nobody but the functions that open a stream has one
        friend class RowStream;
        Key() = default;
    };
    RowStream(Key key, Database& database, StreamSlot& slot, std::unique_ptr<Statement> statement,
              const sdk::Call& call);
    RowStream(const RowStream&) = delete;
    RowStream(RowStream&&) = delete;
    RowStream& operator=(const RowStream&) = delete;
    RowStream& operator=(RowStream&&) = delete;
    ~RowStream() override;

    [[nodiscard]] const sdk::Field& schema() const override { return shape_->schema(); }
    [[nodiscard]] sdk::Expected<bool> next(ArrowArray* out) override;
    [[nodiscard]] sdk::Progress progress() const override { return progress_; }

  private:
    friend class StreamSlot;

    // What stands in the statement at the moment.
    enum class Cursor : std::uint8_t {
        before_row, // the next row is to be fetched
        on_row,     // a row that is not delivered yet
        at_end,
    };

    [[nodiscard]] sdk::Expected<void> start(std::shared_ptr<const ResultShape> shape);
    [[nodiscard]] sdk::Expected<std::shared_ptr<const ResultShape>> find_shape();
    [[nodiscard]] sdk::Expected<void> step();
    [[nodiscard]] sdk::Expected<void> finish();
    [[nodiscard]] sdk::Expected<void> fill_batch();
    [[nodiscard]] sdk::Expected<void> append_first_rows();
    [[nodiscard]] sdk::Expected<void> check_texts() const;

    // Reads the first rows, of which copies are kept until the first batch is built.
    [[nodiscard]] sdk::Expected<void> read_first_rows(std::vector<SeenValues>& seen);

    [[nodiscard]] sdk::Error misfit(std::size_t column_index, sqlite3_value* value) const;
    void end() noexcept;

    Database* database_;
    StreamSlot* slot_; // nullptr once the stream is over
    std::unique_ptr<Statement> statement_;
    RowGroup changes_; // of a statement that changes rows while it returns some
    sdk::Call call_;
    std::shared_ptr<const ResultShape> shape_;
    std::optional<sdk::BatchBuilder> batch_;
    std::vector<ValueHandle> first_rows_; // row by row
    Cursor cursor_ = Cursor::before_row;
    bool is_abandoned_ = false;
    sdk::Progress progress_; // rows: delivered in batches before the current one
};

} // namespace patchbay::sqlite
