// SPDX-License-Identifier: Apache-2.0
// Runs a program as a user's shell would, and looks at what it says.

#include <patchbay/test/catch.hpp>
#include <patchbay/test/process.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace patchbay::test {
namespace {

constexpr int patience_ms = 60'000;

struct Pipe {
    int reader = -1;
    int writer = -1;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    return {ends[0], ends[1]};
}

void close_end(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
}

// What posix_spawn wants as argv and environ: borrowed from the texts.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// Appends what there is; false at the end.
bool read_part(int descriptor, std::string& to) {
    std::array<char, 4096> part{};
    const auto size = ::read(descriptor, part.data(), part.size());
    if (size > 0) to.append(part.data(), static_cast<std::size_t>(size));
    return size > 0 || (size < 0 && errno == EINTR);
}

} // namespace

Process::Process(const Command& command) {
    auto out = make_pipe();
    auto err = make_pipe();
    if (command.nobody_reads) close_end(out.reader);

    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, command.input.c_str(), O_RDONLY, 0);
    if (command.output.empty()) {
        ::posix_spawn_file_actions_adddup2(&actions, out.writer, STDOUT_FILENO);
    } else {
        ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, command.output.c_str(),
                                           O_WRONLY, 0);
    }
    ::posix_spawn_file_actions_adddup2(&actions, err.writer, STDERR_FILENO);
    if (!command.directory.empty()) {
        ::posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
    }
    // Whatever ignores signals around this test, the program is asked as at a prompt.
    posix_spawnattr_t attributes{};
    ::posix_spawnattr_init(&attributes);
    sigset_t signals{};
    ::sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE})
        ::sigaddset(&signals, signal);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

    std::vector<std::string> arguments = {command.program.native()};
    arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
    std::vector<std::string> variables;
    for (const auto& [name, value] : command.environment)
        variables.push_back(name + '=' + value);
    const int error = ::posix_spawn(&id_, command.program.c_str(), &actions, &attributes,
                                    pointers_to(arguments).data(), pointers_to(variables).data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    close_end(out.writer);
    close_end(err.writer);
    out_ = out.reader;
    err_ = err.reader;
    REQUIRE(error == 0);
}

Process::~Process() {
    close_end(out_);
    close_end(err_);
    if (id_ < 0) return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
}

void Process::wait_for_message(std::string_view text) {
    while (!outcome_.err.contains(text)) {
        INFO(outcome_.err);
        REQUIRE(read_more());
    }
}

void Process::send_signal(int signal) const {
    REQUIRE(::kill(id_, signal) == 0);
}

Outcome Process::finish() {
    while (read_more()) {
    }
    int status = 0;
    REQUIRE(::waitpid(std::exchange(id_, -1), &status, 0) > 0);
    outcome_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return std::move(outcome_);
}

// Waits until there is more of either stream; false when both have ended.
bool Process::read_more() {
    if (out_ < 0 && err_ < 0) return false;
    std::array<pollfd, 2> streams = {{{.fd = out_, .events = POLLIN, .revents = 0},
                                      {.fd = err_, .events = POLLIN, .revents = 0}}};
    const int ready = ::poll(streams.data(), streams.size(), patience_ms);
    INFO("it said: " << outcome_.err);
    REQUIRE(ready > 0);
    if (streams[0].revents != 0 && !read_part(out_, outcome_.out)) close_end(out_);
    if (streams[1].revents != 0 && !read_part(err_, outcome_.err)) close_end(err_);
    return true;
}

Outcome run(const Command& command) {
    return Process(command).finish();
}

} // namespace patchbay::test
