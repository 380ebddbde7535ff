// SPDX-License-Identifier: Apache-2.0
// The rows of a running statement as a stream of Arrow record batches.

#include "row_stream.hpp"

#include <patchbay/sdk/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <string_view>
#include <utility>

namespace patchbay::sqlite {

namespace {

using sdk::ColumnBuilder;

constexpr sdk::BatchLimits batch_limits{};

std::string_view text_of(sqlite3_value* value) {
    const auto* const data = reinterpret_cast<const char*>(sqlite3_value_text(value));
    if (data == nullptr) throw std::bad_alloc(); // a text is there, but not the memory for it
    return {data, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void append_bytes(ColumnBuilder& column, sqlite3_value* value) {
    const void* const data = sqlite3_value_blob(value);
    column.append_bytes(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

// A number as text. Reals in the fewest digits that mean the same number: SQLite's own conversion
// stops at 15 of them. Otherwise its form is kept, "2.0" and "1.0e+20".
void append_as_text(ColumnBuilder& column, sqlite3_value* value, int type) {
    if (type != SQLITE_FLOAT) {
        column.append_text(text_of(value));
        return;
    }
    const double number = sqlite3_value_double(value);
    if (std::isinf(number)) {
        column.append_text(number > 0 ? "Inf" : "-Inf");
        return;
    }
    auto text = fmt::format("{}", number);
    if (!text.contains('.')) text.insert(std::min(text.find('e'), text.size()), ".0");
    column.append_text(text);
}

// Adds a value to a column; false: it does not fit. This is where the time of a read goes.
bool append(ColumnBuilder& column, ColumnKind kind, sqlite3_value* value) {
    const int found = sqlite3_value_type(value);
    if (found == SQLITE_NULL) {
        column.append_null();
        return true;
    }
    switch (kind) {
    case ColumnKind::integer:
        if (found != SQLITE_INTEGER) return false;
        column.append(std::int64_t{sqlite3_value_int64(value)});
        return true;
    case ColumnKind::real:
        if (found == SQLITE_INTEGER) {
            const std::int64_t integer = sqlite3_value_int64(value);
            if (!is_exact_double(integer)) return false;
            column.append(static_cast<double>(integer));
            return true;
        }
        if (found != SQLITE_FLOAT) return false;
        column.append(sqlite3_value_double(value));
        return true;
    case ColumnKind::text:
        if (found == SQLITE_TEXT) [[likely]] {
            column.append_text(text_of(value));
            return true;
        }
        if (found == SQLITE_BLOB) return false;
        append_as_text(column, value, found);
        return true;
    case ColumnKind::name:
        column.append_text(sdk::to_utf8(text_of(value)));
        return true;
    case ColumnKind::blob:
        if (found != SQLITE_BLOB) return false;
        append_bytes(column, value);
        return true;
    case ColumnKind::raw_text:
        if (found == SQLITE_BLOB) {
            append_bytes(column, value);
        } else {
            append_as_text(column, value, found);
        }
        return true;
    case ColumnKind::undecided:
        break;
    }
    return false;
}

// Takes a value into account; answers about how many bytes it takes in a batch.
std::size_t look_at(sqlite3_value* value, SeenValues& seen) {
    constexpr std::size_t number_bytes = 8;
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        seen.integers = true;
        if (!is_exact_double(sqlite3_value_int64(value))) seen.inexact_integers = true;
        return number_bytes;
    case SQLITE_FLOAT:
        seen.reals = true;
        return number_bytes;
    case SQLITE_TEXT:
        seen.texts = true;
        return number_bytes + static_cast<std::size_t>(sqlite3_value_bytes(value));
    case SQLITE_BLOB:
        seen.blobs = true;
        return number_bytes + static_cast<std::size_t>(sqlite3_value_bytes(value));
    default:
        return number_bytes;
    }
}

// What was found, for a message: numbers as they are; of texts and blobs, which may be anybody's
// secret, nothing.
std::string describe(sqlite3_value* value) {
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        return fmt::format("the integer {}", text_of(value));
    case SQLITE_FLOAT:
        return fmt::format("the real number {}", text_of(value));
    case SQLITE_TEXT:
        return "a text";
    default:
        return "a blob";
    }
}

// What somebody can do about a value that does not fit.
std::string_view cure(const ResultColumn& column, int found, ColumnTypes column_types) {
    if (found == SQLITE_BLOB) {
        // Where expressions are text, a cast to a blob is one that fits no better.
        if (column_types != ColumnTypes::declared) return "read it as hex(...) in a query";
        return "read it as CAST(... AS BLOB) or hex(...) in a query";
    }
    if (column.kind == ColumnKind::blob) {
        return "read it as CAST(... AS BLOB) in a query, or set invalid_text to \"binary\"";
    }
    if (column.by_first_rows) {
        return "read it as CAST(... AS TEXT) in a query, or set column_types to "
               "\"text-if-undeclared\"";
    }
    return "read it as CAST(... AS TEXT) in a query, or set column_types to \"text\"";
}

sdk::Error bad_data(std::string message) {
    return {.code = PATCHBAY_BAD_DATA, .message = std::move(message)};
}

} // namespace

void StreamSlot::abandon_stream() {
    if (stream_ == nullptr) return;
    stream_->is_abandoned_ = true;
    stream_->end();
}

RowStream::RowStream(Key /*key*/, Database& database, StreamSlot& slot,
                     std::unique_ptr<Statement> statement, const sdk::Call& call)
    : database_(&database), slot_(&slot), statement_(std::move(statement)), call_(call) {
    slot.stream_ = this;
}

RowStream::~RowStream() {
    end();
}

sdk::Expected<std::unique_ptr<sdk::RecordStream>>
RowStream::open(Database& database, StreamSlot& slot, std::unique_ptr<Statement> statement,
                const sdk::Call& call, std::shared_ptr<const ResultShape> shape) {
    auto stream = std::make_unique<RowStream>(Key(), database, slot, std::move(statement), call);
    if (auto started = stream->start(std::move(shape)); !started) {
        return std::unexpected(std::move(started.error()));
    }
    return stream;
}

sdk::Expected<void> RowStream::start(std::shared_ptr<const ResultShape> shape) {
    if (statement_->changes_database()) database_->publish_use(FileUse::writing);
    // Not what changes the file in other ways: PRAGMA journal_mode is for outside a transaction.
    if (statement_->changes_database() && statement_->facts().changes_rows) {
        auto begun = RowGroup::begin(*database_);
        if (!begun) return std::unexpected(std::move(begun.error()));
        changes_ = *begun;
    }
    if (auto stepped = step(); !stepped) return stepped;
    if (!shape) {
        auto found = find_shape();
        if (!found) return std::unexpected(std::move(found.error()));
        shape = std::move(*found);
    }
    shape_ = std::move(shape);
    batch_.emplace(shape_->formats(), batch_limits);
    // Changes wait until next() has found that every value can be delivered.
    if (cursor_ == Cursor::at_end && !changes_.is_open()) {
        end();
    } else {
        database_->publish_use();
    }
    return {};
}

sdk::Expected<std::shared_ptr<const ResultShape>> RowStream::find_shape() {
    const auto& settings = database_->settings();
    auto declared = statement_->shape(settings.column_types, settings.invalid_text);
    if (!declared || (*declared)->is_decided()) return declared;
    auto columns = (*declared)->columns();
    std::vector<SeenValues> seen(columns.size());
    if (auto read = read_first_rows(seen); !read) return std::unexpected(std::move(read.error()));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].kind != ColumnKind::undecided) continue;
        columns[i].kind = kind_of_values(seen[i], settings.invalid_text);
        columns[i].by_first_rows = true;
    }
    return std::make_shared<const ResultShape>(std::move(columns));
}

sdk::Expected<void> RowStream::read_first_rows(std::vector<SeenValues>& seen) {
    std::size_t rows = 0;
    std::size_t bytes = 0;
    while (cursor_ == Cursor::on_row && rows < batch_limits.max_rows &&
           bytes < batch_limits.max_bytes) {
        for (std::size_t i = 0; i < seen.size(); ++i) {
            sqlite3_value* const value =
                sqlite3_column_value(statement_->get(), static_cast<int>(i));
            bytes += look_at(value, seen[i]);
            const bool is_null = sqlite3_value_type(value) == SQLITE_NULL;
            ValueHandle copy(is_null ? nullptr : sqlite3_value_dup(value));
            if (!is_null && !copy) throw std::bad_alloc();
            first_rows_.push_back(std::move(copy));
        }
        ++rows;
        if (auto stepped = step(); !stepped) return stepped;
    }
    return {};
}

sdk::Expected<void> RowStream::step() {
    const int code = sqlite3_step(statement_->get());
    if (code == SQLITE_ROW) {
        cursor_ = Cursor::on_row;
        return {};
    }
    if (code != SQLITE_DONE) return std::unexpected(database_->failure(code));
    cursor_ = Cursor::at_end;
    return {};
}

sdk::Expected<bool> RowStream::next(ArrowArray* out) {
    if (is_abandoned_) {
        return std::unexpected(sdk::Error{
            .code = PATCHBAY_CONFLICT,
            .message = "the stream was ended before its last row: its session was rolled "
                       "back or reset"});
    }
    if (auto verdict = call_.check(); !verdict) return std::unexpected(std::move(verdict.error()));
    if (auto filled = fill_batch(); !filled) {
        end();
        return std::unexpected(std::move(filled.error()));
    }
    if (cursor_ == Cursor::at_end) {
        if (auto finished = finish(); !finished)
            return std::unexpected(std::move(finished.error()));
    }
    if (batch_->row_count() == 0) return false;
    progress_.rows += batch_->row_count();
    progress_.bytes += batch_->byte_count();
    batch_->finish(out);
    return true;
}

// Stores what was changed, and ends.
sdk::Expected<void> RowStream::finish() {
    if (changes_.is_open()) {
        const CallWatch::Scope scope(database_->watch(), call_);
        sqlite3_reset(statement_->get());
        if (auto stored = changes_.commit(); !stored) {
            end();
            return stored;
        }
    }
    end();
    return {};
}

sdk::Expected<void> RowStream::fill_batch() {
    if (auto appended = append_first_rows(); !appended) return appended;
    if (cursor_ == Cursor::at_end) return check_texts();
    const CallWatch::Scope scope(database_->watch(), call_);
    sqlite3_stmt* const statement = statement_->get();
    const auto& kinds = shape_->kinds();
    const int column_count = static_cast<int>(kinds.size());
    while (!batch_->full()) {
        if (cursor_ == Cursor::before_row) {
            if (auto stepped = step(); !stepped) return stepped;
        }
        if (cursor_ == Cursor::at_end) break;
        batch_->begin_row();
        for (int i = 0; i < column_count; ++i) {
            sqlite3_value* const value = sqlite3_column_value(statement, i);
            const auto index = static_cast<std::size_t>(i);
            if (!append(batch_->column(index), kinds[index], value)) {
                return std::unexpected(misfit(index, value));
            }
        }
        cursor_ = Cursor::before_row;
    }
    return check_texts();
}

sdk::Expected<void> RowStream::append_first_rows() {
    const auto& kinds = shape_->kinds();
    const auto column_count = kinds.size();
    for (std::size_t at = 0; at < first_rows_.size(); at += column_count) {
        batch_->begin_row();
        for (std::size_t i = 0; i < column_count; ++i) {
            sqlite3_value* const value = first_rows_[at + i].get();
            if (value == nullptr) {
                batch_->column(i).append_null();
            } else if (!append(batch_->column(i), kinds[i], value)) {
                return std::unexpected(misfit(i, value));
            }
        }
    }
    first_rows_ = std::vector<ValueHandle>(); // with its memory
    return {};
}

sdk::Expected<void> RowStream::check_texts() const {
    if (batch_->row_count() == 0) return {}; // its columns are those of the batch before
    for (const auto i : shape_->text_columns()) {
        const auto good_rows = batch_->column(i).utf8_rows();
        if (good_rows == batch_->row_count()) continue;
        return std::unexpected(
            bad_data(fmt::format("row {}, column \"{}\": the text is not UTF-8; read it as "
                                 "CAST(... AS BLOB) in a query, "
                                 "or set invalid_text to \"binary\"",
                                 progress_.rows + good_rows + 1, shape_->columns()[i].name)));
    }
    return {};
}

sdk::Error RowStream::misfit(std::size_t column_index, sqlite3_value* value) const {
    const auto& column = shape_->columns()[column_index];
    const int found = sqlite3_value_type(value);
    std::string origin = "by the setting column_types";
    if (column.by_first_rows) {
        origin = "by its first rows";
    } else if (!column.declared_type.empty()) {
        origin = fmt::format("declared {}", sdk::to_utf8(column.declared_type));
    }
    return bad_data(fmt::format("row {}, column \"{}\": found {}, which does not fit the column's "
                                "type {} ({}); {}",
                                progress_.rows + batch_->row_count(), column.name, describe(value),
                                arrow_name_of(column.kind), origin,
                                cure(column, found, database_->settings().column_types)));
}

void RowStream::end() noexcept {
    if (slot_ == nullptr) return;
    slot_->stream_ = nullptr;
    slot_ = nullptr;
    database_->keep(std::move(statement_));
    changes_.undo(); // behind the statement, which is reset by now
    database_->publish_use();
}

} // namespace patchbay::sqlite
