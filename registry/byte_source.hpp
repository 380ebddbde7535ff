// SPDX-License-Identifier: Apache-2.0
// Random access to the bytes of a file that may shrink or lie about its size.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace patchbay::registry {

// Bytes of a file by their offset.
class ByteSource {
  public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource(ByteSource&&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    ByteSource& operator=(ByteSource&&) = delete;
    virtual ~ByteSource() = default;

    [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;

    // Fills all of out, or answers false.
    [[nodiscard]] virtual bool read(std::uint64_t offset, std::span<std::byte> out) = 0;
};

// An open file, by pread: one that shrinks meanwhile is a failed read, where a mapping would be a
// signal. Its first bytes, where the headers and most tables stand, are read once.
class FileBytes final : public ByteSource {
  public:
    FileBytes(int fd, std::uint64_t size_bytes); // borrows fd

    [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
    [[nodiscard]] bool read(std::uint64_t offset, std::span<std::byte> out) override;

  private:
    int fd_;
    std::uint64_t size_bytes_;
    std::size_t first_size_ = 0;
    std::array<std::byte, 16384> first_; // the first first_size_ bytes of the file
};

// Bytes in memory, borrowed.
class SpanBytes final : public ByteSource {
  public:
    explicit SpanBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

    [[nodiscard]] std::uint64_t size_bytes() const override { return bytes_.size(); }
    [[nodiscard]] bool read(std::uint64_t offset, std::span<std::byte> out) override;

  private:
    std::span<const std::byte> bytes_;
};

} // namespace patchbay::registry
