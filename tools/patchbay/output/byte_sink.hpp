// SPDX-License-Identifier: Apache-2.0
// Where the bytes of an answer go.
#pragma once

#include "failure.hpp"

#include <string>
#include <string_view>

namespace patchbay::command {

class ByteSink {
  public:
    ByteSink() = default;
    ByteSink(const ByteSink&) = delete;
    ByteSink(ByteSink&&) = delete;
    ByteSink& operator=(const ByteSink&) = delete;
    ByteSink& operator=(ByteSink&&) = delete;
    virtual ~ByteSink() = default;

    // Writes all of it.
    //
    // Blocks: until the receiver has taken it.
    [[nodiscard]] virtual Result<void> write(std::string_view bytes) = 0;
};

// A descriptor that somebody else opened and closes.
class DescriptorSink final : public ByteSink {
  public:
    // name: how messages call it.
    DescriptorSink(int descriptor, std::string name)
        : descriptor_(descriptor), name_(std::move(name)) {}

    // Errors: quiet where the reader of a pipe has left; io with exit code 1 otherwise.
    [[nodiscard]] Result<void> write(std::string_view bytes) override;

  private:
    int descriptor_;
    std::string name_;
};

// In memory.
class TextSink final : public ByteSink {
  public:
    [[nodiscard]] Result<void> write(std::string_view bytes) override {
        text_ += bytes;
        return {};
    }

    [[nodiscard]] const std::string& text() const { return text_; }
    void clear() { text_.clear(); }

  private:
    std::string text_;
};

// "cannot write to NAME: No space left on device", with exit code 1.
[[nodiscard]] std::unexpected<Failure> cannot_write(std::string_view name, int error);

} // namespace patchbay::command
