// SPDX-License-Identifier: Apache-2.0
// Gathers the bytes of many small values into few large writes.
#pragma once

#include "output/byte_sink.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace patchbay::command {

// A failure to write stays, and what comes after it is dropped: who fills the buffer looks once in
// a while instead of after every value.
class OutputBuffer {
  public:
    // What room() can give.
    static constexpr std::size_t max_room = 4096;

    // The sink must outlive the buffer.
    explicit OutputBuffer(ByteSink& sink) : sink_(&sink) {}

    // Free space for that many bytes, good until the next call; see advance.
    [[nodiscard]] char* room(std::size_t size_bytes) {
        assert(size_bytes <= max_room);
        if (static_cast<std::size_t>(memory_.get() + capacity - end_) < size_bytes) write_out();
        return end_;
    }

    // What stands in the space from room() up to `end` belongs to the output now.
    void advance(char* end) { end_ = end; }

    void put(char byte) {
        char* const at = room(1);
        *at = byte;
        end_ = at + 1;
    }

    void put(std::string_view bytes) {
        if (bytes.size() <= static_cast<std::size_t>(memory_.get() + capacity - end_)) {
            bytes.copy(end_, bytes.size());
            end_ += bytes.size();
        } else {
            put_large(bytes);
        }
    }

    // Hands everything to the sink. Errors: those of this and of every earlier write.
    [[nodiscard]] Result<void> flush() {
        write_out();
        if (failure_) return std::unexpected(*failure_);
        return {};
    }

    [[nodiscard]] bool has_failed() const { return failure_.has_value(); }

    // All that was put here so far.
    [[nodiscard]] std::uint64_t size_bytes() const {
        return written_bytes_ + static_cast<std::uint64_t>(end_ - memory_.get());
    }

  private:
    static constexpr std::size_t capacity = 256 * 1024;

    void put_large(std::string_view bytes);
    void write_out();

    ByteSink* sink_;
    std::unique_ptr<char[]> memory_ = std::make_unique_for_overwrite<char[]>(capacity);
    char* end_ = memory_.get();
    std::uint64_t written_bytes_ = 0;
    std::optional<Failure> failure_;
};

} // namespace patchbay::command
