// SPDX-License-Identifier: Apache-2.0
// Runs a program as a user's shell would, and looks at what it says.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::test {

struct Command {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment = {}; // all that it has
    std::filesystem::path directory = {};                // where it runs; empty: here
    std::filesystem::path input = "/dev/null";
    std::filesystem::path output = {}; // a file or device that exists; empty: it is collected
    bool nobody_reads = false;         // the other end of its standard output is closed
};

struct Outcome {
    int exit_code = 0; // negative: the signal that killed it
    std::string out;
    std::string err;
};

// A program that runs. A test that waits for longer than a minute fails, and the program is killed.
class Process {
  public:
    explicit Process(const Command& command);
    Process(const Process&) = delete;
    Process(Process&&) = delete;
    Process& operator=(const Process&) = delete;
    Process& operator=(Process&&) = delete;
    ~Process();

    // Waits until its standard error has this text.
    void wait_for_message(std::string_view text);

    void send_signal(int signal) const;

    // Waits for its end.
    [[nodiscard]] Outcome finish();

  private:
    bool read_more();

    pid_t id_ = -1;
    int out_ = -1;
    int err_ = -1;
    Outcome outcome_;
};

[[nodiscard]] Outcome run(const Command& command);

} // namespace patchbay::test
