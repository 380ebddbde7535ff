// SPDX-License-Identifier: Apache-2.0
// Random access to the bytes of a file that may shrink or lie about its size.

#include "byte_source.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace patchbay::registry {

FileBytes::FileBytes(int fd, std::uint64_t size_bytes) : fd_(fd), size_bytes_(size_bytes) {
    const auto count = ::pread(fd_, first_.data(), first_.size(), 0);
    if (count > 0) first_size_ = static_cast<std::size_t>(count);
}

bool FileBytes::read(std::uint64_t offset, std::span<std::byte> out) {
    if (offset > size_bytes_ || out.size() > size_bytes_ - offset) return false;
    if (offset + out.size() <= first_size_) {
        std::copy_n(first_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
        return true;
    }
    while (!out.empty()) {
        const auto count = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        out = out.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return true;
}

bool SpanBytes::read(std::uint64_t offset, std::span<std::byte> out) {
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset) return false;
    std::ranges::copy(bytes_.subspan(offset, out.size()), out.begin());
    return true;
}

} // namespace patchbay::registry
