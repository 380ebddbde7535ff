// SPDX-License-Identifier: Apache-2.0
// Builds Arrow record batches, and uses their memory again once the consumer has released it.
//
// The data's way: a connector appends values to the columns of a BatchBuilder; finish() hands them
// over as one struct array; the consumer releases it whenever and wherever it likes; the memory
// comes back to the pool of the stream, and the next batch is built in it.
//
// Why the pool: fresh memory for each batch is paid in page faults, a third of the time of a fast
// reader. Why it belongs to one stream: buffers that went from one reader to the next would carry
// its bytes in the slots of nulls.
#pragma once

#include <patchbay/sdk/arrow_format.hpp>
#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/sdk/text.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::sdk {

// When a batch is full.
//
// Why not larger: a batch that stays in the processor's second cache until its texts are checked
// and its consumer reads it is built faster than one that does not.
struct BatchLimits {
    std::size_t max_rows = 8192;
    std::size_t max_bytes = std::size_t{512} * 1024; // of values; one row may exceed it
};

namespace detail {

// Memory aligned as Arrow recommends. Grows, never shrinks.
class Buffer {
  public:
    static constexpr std::size_t alignment = 64;

    Buffer() = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    Buffer(Buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0)) {
    }
    Buffer& operator=(Buffer&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }
    ~Buffer() { std::free(data_); }

    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }

    // Makes room for size bytes and keeps the first used ones.
    void grow(std::size_t size, std::size_t used) {
        if (size <= capacity_) return;
        const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
        auto* const bigger = static_cast<std::byte*>(std::aligned_alloc(alignment, rounded));
        if (bigger == nullptr) throw std::bad_alloc();
        if (used > 0) std::memcpy(bigger, data_, used);
        std::free(data_);
        data_ = bigger;
        capacity_ = rounded;
    }

  private:
    std::byte* data_ = nullptr;
    std::size_t capacity_ = 0;
};

// The memory of one column of one batch.
struct ColumnMemory {
    Buffer validity;
    Buffer values; // fixed-width values, bits, or offsets
    Buffer bytes;  // of variable-width values

    [[nodiscard]] std::size_t capacity() const {
        return validity.capacity() + values.capacity() + bytes.capacity();
    }
};

class BufferPool;

// A column that is out with a consumer: what its ArrowArray's private_data points to.
struct ColumnLease {
    ColumnMemory memory;
    std::array<const void*, 3> pointers{};
    std::shared_ptr<BufferPool> pool; // set while it is out
    std::size_t column = 0;
};

// The struct array around the columns of a batch.
struct BatchLease {
    std::vector<ArrowArray> columns;
    std::vector<ArrowArray*> pointers;
    const void* validity = nullptr;
    std::shared_ptr<BufferPool> pool; // set while it is out
};

// What a stream's batches are made of, while none of them uses it. [any-thread]
class BufferPool {
  public:
    static constexpr std::size_t max_batches = 4;
    // A column that had to hold one huge value does not keep that memory for ever.
    static constexpr std::size_t max_kept_bytes = std::size_t{16} * 1024 * 1024;

    explicit BufferPool(std::size_t columns) : columns_(columns) {
        for (auto& free : columns_)
            free.reserve(max_batches); // so that giving back never allocates
        batches_.reserve(max_batches);
    }

    [[nodiscard]] std::unique_ptr<ColumnLease> take_column(std::size_t column) {
        return take(columns_[column]);
    }
    [[nodiscard]] std::unique_ptr<BatchLease> take_batch() { return take(batches_); }

    // Called by a consumer's release; never throws.
    void give_back(std::unique_ptr<ColumnLease> lease) {
        if (lease->memory.capacity() > max_kept_bytes) return;
        keep(columns_[lease->column], lease);
    }
    void give_back(std::unique_ptr<BatchLease> lease) { keep(batches_, lease); }

    // The stream ends: nothing is kept from here on. Batches that are out keep their memory.
    void close() {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
        for (auto& free : columns_)
            free.clear();
        batches_.clear();
    }

  private:
    template <class Lease>
    using Free = std::vector<std::unique_ptr<Lease>>;

    template <class Lease>
    [[nodiscard]] std::unique_ptr<Lease> take(Free<Lease>& free) {
        {
            const std::scoped_lock lock(mutex_);
            if (!free.empty()) {
                auto lease = std::move(free.back());
                free.pop_back();
                return lease;
            }
        }
        return std::make_unique<Lease>();
    }

    template <class Lease>
    void keep(Free<Lease>& free, std::unique_ptr<Lease>& lease) {
        const std::scoped_lock lock(mutex_);
        if (!closed_ && free.size() < max_batches) free.push_back(std::move(lease));
    }

    std::mutex mutex_;
    std::vector<Free<ColumnLease>> columns_;
    Free<BatchLease> batches_;
    bool closed_ = false;
};

inline void release_column(ArrowArray* array) {
    std::unique_ptr<ColumnLease> lease(static_cast<ColumnLease*>(array->private_data));
    array->release = nullptr;
    const auto pool = std::move(lease->pool);
    pool->give_back(std::move(lease));
}

inline void release_batch(ArrowArray* array) {
    std::unique_ptr<BatchLease> lease(static_cast<BatchLease*>(array->private_data));
    for (ArrowArray* child : lease->pointers) {
        if (child->release != nullptr) child->release(child); // unless it was moved out
    }
    array->release = nullptr;
    const auto pool = std::move(lease->pool);
    pool->give_back(std::move(lease));
}

} // namespace detail

namespace detail {

[[nodiscard]] inline bool is_buildable(const ArrowFormat& format) {
    return format.layout == Layout::fixed || format.layout == Layout::boolean ||
           format.layout == Layout::variable;
}

// The format string of a layout that BatchBuilder does not build.
[[nodiscard]] inline const char* unbuildable_text(const ArrowFormat& format) {
    switch (format.layout) {
    case Layout::variable_large:
        return format.type == TypeClass::text ? "U" : "Z";
    case Layout::list:
        return format.type == TypeClass::map ? "+m" : "+l";
    case Layout::list_large:
        return "+L";
    case Layout::fixed_list:
        return "+w";
    case Layout::structure:
        return "+s";
    default:
        return "n";
    }
}

[[nodiscard]] inline std::invalid_argument unbuildable(std::size_t column,
                                                       const ArrowFormat& format) {
    return std::invalid_argument("BatchBuilder builds no column of the Arrow format \"" +
                                 std::string(unbuildable_text(format)) + "\" (column " +
                                 std::to_string(column + 1) + "); its head says which it builds");
}

} // namespace detail

// One column of the batch that is being built.
//
// append_* adds one value; the batch's begin_row() has made room for the fixed part of it, so that
// no append of a fixed-width value looks at a capacity.
class ColumnBuilder {
  public:
    explicit ColumnBuilder(ArrowFormat format) : format_(format) {}

    [[nodiscard]] const ArrowFormat& format() const { return format_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t null_count() const { return null_count_; }

    // Adds a value of a fixed-width type; T has the type's width.
    template <class T>
    void append(T value) {
        assert(format_.layout == Layout::fixed && sizeof(T) == format_.width);
        std::memcpy(values_ + size_ * sizeof(T), &value, sizeof(T));
        mark_valid();
    }

    void append_bool(bool value) {
        assert(format_.layout == Layout::boolean);
        set_bit(values_, size_, value);
        mark_valid();
    }

    // Adds a text or binary value, whose bytes are copied. The caller sees to it that a batch stays
    // below max_variable_bytes.
    void append_bytes(const void* data, std::size_t size) {
        assert(format_.layout == Layout::variable);
        if (size > byte_capacity_ - byte_count_) grow_bytes(size);
        if (size > 0) std::memcpy(bytes_ + byte_count_, data, size);
        byte_count_ += size;
        end_offset();
        mark_valid();
    }

    void append_text(std::string_view text) { append_bytes(text.data(), text.size()); }

    void append_null() {
        if (null_count_ == 0) start_validity();
        switch (format_.layout) {
        case Layout::fixed:
            std::memset(values_ + size_ * format_.width, 0, format_.width);
            break;
        case Layout::boolean:
            set_bit(values_, size_, false);
            break;
        default:
            end_offset();
            break;
        }
        set_bit(validity_, size_, false);
        ++null_count_;
        ++size_;
    }

    // Bytes of variable-width values so far.
    [[nodiscard]] std::size_t byte_count() const { return byte_count_; }

    // Counts the values, from the first row on, that are UTF-8: size() where all of them are.
    //
    // To be asked once, before the batch is finished. The values of a column stand one behind the
    // other, so that all of them are checked in one go, many times faster than one by one.
    [[nodiscard]] std::size_t utf8_rows() const {
        assert(format_.layout == Layout::variable);
        const std::string_view bytes(reinterpret_cast<const char*>(bytes_), byte_count_);
        if (is_ascii(bytes)) return size_;
        const std::size_t valid = valid_utf8_prefix(bytes);
        std::size_t start = 0;
        for (std::size_t row = 0; row < size_; ++row) {
            const std::size_t end = offset_at(row + 1);
            // A value may end inside a character that the next one completes.
            const bool is_cut = end < valid && is_utf8_continuation(bytes[end]);
            if (end > start && (end > valid || is_cut)) return row;
            start = end;
        }
        return size_;
    }

    // What 32-bit offsets can address.
    static constexpr std::size_t max_variable_bytes = std::numeric_limits<std::int32_t>::max();

  private:
    friend class BatchBuilder;

    static void set_bit(std::byte* bits, std::size_t index, bool value) {
        const auto mask = std::byte{1} << (index % 8);
        auto& byte = bits[index / 8];
        // A fresh byte is written whole, so that no bit is ever left as it was found.
        if (index % 8 == 0) byte = std::byte{0};
        byte = value ? byte | mask : byte & ~mask;
    }

    void mark_valid() {
        if (null_count_ > 0) set_bit(validity_, size_, true);
        ++size_;
    }

    void end_offset() {
        const auto end = static_cast<std::int32_t>(byte_count_);
        std::memcpy(values_ + (size_ + 1) * sizeof end, &end, sizeof end);
    }

    [[nodiscard]] std::size_t offset_at(std::size_t row) const {
        std::int32_t offset = 0;
        std::memcpy(&offset, values_ + row * sizeof offset, sizeof offset);
        return static_cast<std::size_t>(offset);
    }

    // The first null of a batch: everything before it was valid.
    void start_validity() {
        auto& buffer = lease_->memory.validity;
        buffer.grow(row_capacity_ / 8 + 1, 0);
        validity_ = buffer.data();
        std::memset(validity_, 0xFF, size_ / 8 + 1);
    }

    void grow_bytes(std::size_t more) {
        auto& buffer = lease_->memory.bytes;
        buffer.grow(std::max({byte_count_ + more, 2 * byte_capacity_, std::size_t{256}}),
                    byte_count_);
        bytes_ = buffer.data();
        byte_capacity_ = buffer.capacity();
    }

    // Bytes that so many rows take of their fixed part.
    [[nodiscard]] std::size_t value_bytes(std::size_t rows) const {
        switch (format_.layout) {
        case Layout::fixed:
            return rows * format_.width;
        case Layout::boolean:
            return (rows + 7) / 8;
        default:
            return (rows + 1) * sizeof(std::int32_t);
        }
    }

    // Makes room for the fixed part of so many rows.
    void reserve(std::size_t rows) {
        auto& memory = lease_->memory;
        memory.values.grow(value_bytes(rows), value_bytes(size_));
        values_ = memory.values.data();
        if (null_count_ > 0) {
            memory.validity.grow(rows / 8 + 1, size_ / 8 + 1);
            validity_ = memory.validity.data();
        }
        row_capacity_ = rows;
    }

    void start(std::unique_ptr<detail::ColumnLease> lease) {
        lease_ = std::move(lease);
        size_ = null_count_ = byte_count_ = row_capacity_ = 0;
        values_ = lease_->memory.values.data();
        bytes_ = lease_->memory.bytes.data();
        byte_capacity_ = lease_->memory.bytes.capacity();
        validity_ = nullptr;
        if (format_.layout == Layout::variable) {
            lease_->memory.values.grow(sizeof(std::int32_t), 0);
            values_ = lease_->memory.values.data();
            std::memset(values_, 0, sizeof(std::int32_t)); // the first offset
        }
    }

    // How many rows fit without another allocation.
    [[nodiscard]] std::size_t rows_at_hand() const {
        const auto capacity = lease_->memory.values.capacity();
        switch (format_.layout) {
        case Layout::fixed:
            return format_.width == 0 ? std::numeric_limits<std::size_t>::max()
                                      : capacity / format_.width;
        case Layout::boolean:
            return capacity * 8;
        default:
            return capacity / sizeof(std::int32_t) - 1;
        }
    }

    void finish(std::shared_ptr<detail::BufferPool> pool, std::size_t column, ArrowArray* out) {
        *out = ArrowArray{};
        out->length = static_cast<std::int64_t>(size_);
        out->null_count = static_cast<std::int64_t>(null_count_);
        out->n_buffers = format_.buffer_count();
        auto& lease = *lease_;
        lease.pointers[0] = null_count_ > 0 ? validity_ : nullptr;
        lease.pointers[1] = values_;
        // A consumer may pass the address of an empty text on, so there is always one.
        lease.pointers[2] = bytes_ != nullptr ? bytes_ : values_;
        lease.pool = std::move(pool);
        lease.column = column;
        out->buffers = lease.pointers.data();
        out->release = detail::release_column;
        out->private_data = lease_.release();
    }

    ArrowFormat format_;
    std::unique_ptr<detail::ColumnLease> lease_;
    std::size_t size_ = 0;
    std::size_t null_count_ = 0;
    std::size_t row_capacity_ = 0;
    std::size_t byte_count_ = 0;
    std::size_t byte_capacity_ = 0;
    std::byte* values_ = nullptr;
    std::byte* bytes_ = nullptr;
    std::byte* validity_ = nullptr;
};

// Builds one batch after the other, for one stream.
//
//     while (!batch.full() && source_has_a_row) {
//         batch.begin_row();
//         batch.column(0).append<std::int64_t>(...);
//         batch.column(1).append_text(...);
//     }
//     batch.finish(out);
//
// Builds columns of booleans ("b"), of every format of fixed width (integers, floating point,
// decimals, dates, times, timestamps, durations, intervals, "w:N"), of utf8 ("u") and of binary
// ("z"). Whoever delivers null ("n"), large_utf8 ("U"), large_binary ("Z"), lists, maps or structs
// fills the arrays himself.
class BatchBuilder {
  public:
    // formats: one per column; their time zones need not outlive the call.
    //
    // Throws std::invalid_argument for a column that it does not build. Where serve() stands
    // around it, that becomes the error of the call.
    BatchBuilder(const std::vector<ArrowFormat>& formats, BatchLimits limits)
        : limits_(limits), pool_(std::make_shared<detail::BufferPool>(formats.size())) {
        columns_.reserve(formats.size());
        for (auto format : formats) {
            if (!detail::is_buildable(format)) throw detail::unbuildable(columns_.size(), format);
            format.timezone = {};
            if (format.layout == Layout::variable) variable_columns_.push_back(columns_.size());
            if (format.layout == Layout::fixed) fixed_row_bytes_ += format.width;
            columns_.emplace_back(format);
        }
    }
    BatchBuilder(const BatchBuilder&) = delete;
    BatchBuilder& operator=(const BatchBuilder&) = delete;
    BatchBuilder(BatchBuilder&&) noexcept = default;
    BatchBuilder& operator=(BatchBuilder&&) = delete;
    ~BatchBuilder() {
        if (pool_) pool_->close();
    }

    [[nodiscard]] std::size_t column_count() const { return columns_.size(); }
    [[nodiscard]] ColumnBuilder& column(std::size_t index) { return columns_[index]; }
    [[nodiscard]] const ColumnBuilder& column(std::size_t index) const { return columns_[index]; }
    [[nodiscard]] std::size_t row_count() const { return rows_; }

    // Bytes of values in the batch so far.
    [[nodiscard]] std::size_t byte_count() const {
        std::size_t bytes = rows_ * fixed_row_bytes_;
        for (const auto column : variable_columns_)
            bytes += columns_[column].byte_count();
        return bytes;
    }

    // Whether the batch should be finished before another row is begun.
    [[nodiscard]] bool full() const {
        return rows_ > 0 && (rows_ >= limits_.max_rows || byte_count() >= limits_.max_bytes);
    }

    // Makes room for one row; one append to each column follows.
    void begin_row() {
        if (rows_ == row_capacity_) make_room();
        ++rows_;
    }

    // Hands the batch over and starts an empty one. A batch of no rows is a batch too: at the end
    // of a stream, look at row_count() first.
    //
    // Owns: the receiver releases *out, or its children one by one, on any thread.
    void finish(ArrowArray* out) {
        if (!started_) start();
        auto lease = pool_->take_batch();
        lease->columns.resize(columns_.size());
        lease->pointers.resize(columns_.size());
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            assert(columns_[i].size() == rows_);
            columns_[i].finish(pool_, i, &lease->columns[i]);
            lease->pointers[i] = &lease->columns[i];
        }
        *out = ArrowArray{};
        out->length = static_cast<std::int64_t>(rows_);
        out->n_buffers = 1;
        out->buffers = &lease->validity;
        out->n_children = static_cast<std::int64_t>(columns_.size());
        out->children = lease->pointers.data();
        out->release = detail::release_batch;
        lease->pool = pool_;
        out->private_data = lease.release();
        rows_ = row_capacity_ = 0;
        started_ = false;
    }

  private:
    void start() {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            columns_[i].start(pool_->take_column(i));
        started_ = true;
    }

    // Small results stay small: room for a few rows first, then twice as much each time, or at once
    // as much as the memory of an earlier batch gives.
    void make_room() {
        if (!started_) start();
        std::size_t rows = std::max<std::size_t>(row_capacity_ * 2, 16);
        std::size_t at_hand = limits_.max_rows;
        for (const auto& column : columns_)
            at_hand = std::min(at_hand, column.rows_at_hand());
        rows = std::min(std::max(rows, at_hand), std::max(limits_.max_rows, rows_ + 1));
        for (auto& column : columns_)
            column.reserve(rows);
        row_capacity_ = rows;
    }

    BatchLimits limits_;
    std::shared_ptr<detail::BufferPool> pool_;
    std::vector<ColumnBuilder> columns_;
    std::vector<std::size_t> variable_columns_;
    std::size_t fixed_row_bytes_ = 0;
    std::size_t rows_ = 0;
    std::size_t row_capacity_ = 0;
    bool started_ = false;
};

} // namespace patchbay::sdk
