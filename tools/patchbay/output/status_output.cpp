// SPDX-License-Identifier: Apache-2.0
// Standard error: what is said beside the data, and a line that shows how far work has come.

#include "output/status_output.hpp"

#include "output/byte_sink.hpp"

namespace patchbay::command {

StatusOutput::StatusOutput(int descriptor)
    : descriptor_(descriptor), terminal_(find_terminal(descriptor)) {}

void StatusOutput::write(std::string_view lines) {
    const std::scoped_lock lock(mutex_);
    std::string bytes;
    erase_progress(bytes);
    bytes += lines;
    bytes += progress_;
    write_bytes(bytes);
}

void StatusOutput::show_progress(std::string_view text) {
    const std::scoped_lock lock(mutex_);
    if (text == progress_) return;
    std::string bytes;
    erase_progress(bytes);
    progress_ = text;
    bytes += progress_;
    write_bytes(bytes);
}

void StatusOutput::erase_progress(std::string& to) {
    if (!progress_.empty()) to += "\r\x1b[K"; // back to the start, and erase to the end
}

void StatusOutput::write_bytes(std::string_view bytes) const {
    [[maybe_unused]] const auto nobody_to_tell =
        DescriptorSink(descriptor_, "standard error").write(bytes);
}

} // namespace patchbay::command
