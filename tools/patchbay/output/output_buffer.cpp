// SPDX-License-Identifier: Apache-2.0
// Gathers the bytes of many small values into few large writes.

#include "output/output_buffer.hpp"

namespace patchbay::command {

void OutputBuffer::put_large(std::string_view bytes) {
    write_out();
    if (bytes.size() <= capacity) {
        bytes.copy(end_, bytes.size());
        end_ += bytes.size();
        return;
    }
    // A value larger than the buffer goes out as it is, uncopied.
    written_bytes_ += bytes.size();
    if (failure_) return;
    if (auto done = sink_->write(bytes); !done) failure_ = std::move(done).error();
}

void OutputBuffer::write_out() {
    const std::string_view bytes(memory_.get(), static_cast<std::size_t>(end_ - memory_.get()));
    end_ = memory_.get();
    if (bytes.empty()) return;
    written_bytes_ += bytes.size();
    if (failure_) return;
    if (auto done = sink_->write(bytes); !done) failure_ = std::move(done).error();
}

} // namespace patchbay::command
