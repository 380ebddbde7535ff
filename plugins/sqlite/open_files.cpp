// SPDX-License-Identifier: Apache-2.0
// Which sessions of this process have which database file open, so that a lock can be explained.

#include "open_files.hpp"

#include <unistd.h>

#include <algorithm>
#include <mutex>

namespace patchbay::sqlite {

namespace {

// All entries of this library, in a list through the entries themselves: nothing here needs a
// destructor, which would run at exit while other threads may still have sessions.
std::mutex list_mutex; // never held during I/O
OpenFile* first = nullptr;

} // namespace

OpenFile::OpenFile(dev_t device, ino_t inode)
    : device_(device), inode_(inode), process_(::getpid()) {
    const std::scoped_lock lock(list_mutex);
    next_ = first;
    if (first != nullptr) first->previous_ = this;
    first = this;
}

OpenFile::~OpenFile() {
    const std::scoped_lock lock(list_mutex);
    (previous_ == nullptr ? first : previous_->next_) = next_;
    if (next_ != nullptr) next_->previous_ = previous_;
}

FileUse OpenFile::use_by_others() const {
    const std::scoped_lock lock(list_mutex);
    auto most = FileUse::idle;
    for (const OpenFile* entry = first; entry != nullptr; entry = entry->next_) {
        if (entry == this || entry->process_ != process_) continue;
        if (!entry->is(device_, inode_)) continue;
        most = std::max(most, entry->use_.load(std::memory_order_relaxed));
    }
    return most;
}

} // namespace patchbay::sqlite
