// SPDX-License-Identifier: Apache-2.0
// A file that is written whole or not at all.
#pragma once

#include "failure.hpp"
#include "output/byte_sink.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace patchbay::command {

// Writes beside the place first, under a name of its own, and takes the place when it is told that
// all is there. Until then, and wherever something fails, the place is as it was. A device or a
// pipe is written to as it is.
class OutputFile final : public ByteSink {
  public:
    // Errors: io and the like, naming the file; exit code 1.
    [[nodiscard]] static Result<std::unique_ptr<OutputFile>>
    create(const std::filesystem::path& place);

    OutputFile(const OutputFile&) = delete;
    OutputFile(OutputFile&&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    OutputFile& operator=(OutputFile&&) = delete;
    // Removes what was written, unless it took its place.
    ~OutputFile() override;

    [[nodiscard]] Result<void> write(std::string_view bytes) override;

    // Puts the file in its place, so that it stays there when the machine stops.
    [[nodiscard]] Result<void> commit();

    // Removes what this process has written without its place, for a process that is about to end
    // without its destructors. Called on any thread.
    static void remove_unfinished() noexcept;

    // For create: takes over a descriptor that is open for writing.
    OutputFile(std::filesystem::path place, std::filesystem::path temporary, int descriptor);

  private:
    std::filesystem::path place_;
    std::filesystem::path temporary_; // empty where the place is written to as it is
    std::string name_;                // as messages call it
    int descriptor_;
};

} // namespace patchbay::command
