// SPDX-License-Identifier: Apache-2.0
// Which sessions of this process have which database file open, so that a lock can be explained.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <optional>

namespace patchbay::sqlite {

// What a session does with its file at the moment, and so which locks it holds.
enum class FileUse : std::uint8_t { idle, reading, writing };

// The entry of one session, from its open to its close.
class OpenFile {
  public:
    OpenFile(dev_t device, ino_t inode);
    OpenFile(const OpenFile&) = delete;
    OpenFile(OpenFile&&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    OpenFile& operator=(OpenFile&&) = delete;
    ~OpenFile();

    // Blocks: no. [session]
    void set_use(FileUse use) { use_.store(use, std::memory_order_relaxed); }

    // The most that any other session of this process does with the same file.
    [[nodiscard]] FileUse use_by_others() const;

    [[nodiscard]] bool is(dev_t device, ino_t inode) const {
        return device_ == device && inode_ == inode;
    }

  private:
    dev_t device_;
    ino_t inode_;
    pid_t process_; // whose session it is: a forked child inherits the list
    std::atomic<FileUse> use_{FileUse::idle};
    OpenFile* next_ = nullptr; // in the list of all
    OpenFile* previous_ = nullptr;
};

} // namespace patchbay::sqlite
