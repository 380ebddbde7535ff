// SPDX-License-Identifier: Apache-2.0
// Standard error: what is said beside the data, and a line that shows how far work has come.
#pragma once

#include "output/terminal_text.hpp"

#include <mutex>
#include <string>
#include <string_view>

namespace patchbay::command {

// May be used by any number of threads; lines never mix. Failing to write is nobody's business
// here: there is no place left to say so.
class StatusOutput {
  public:
    explicit StatusOutput(int descriptor);

    [[nodiscard]] const Terminal& terminal() const { return terminal_; }

    // Writes lines as they are, above the progress line.
    void write(std::string_view lines);

    // Shows a text, which must be printable and fit into the line, in place of the one before;
    // nothing where it is empty.
    void show_progress(std::string_view text);

  private:
    void erase_progress(std::string& to);
    void write_bytes(std::string_view bytes) const;

    int descriptor_;
    Terminal terminal_;
    std::mutex mutex_;
    std::string progress_;
};

} // namespace patchbay::command
