// SPDX-License-Identifier: Apache-2.0
// Runs zoo_probe and says in one line what became of it.

#include "probe_run.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <map>

namespace {

constexpr int memory_tolerance_mib = 40;

// A sanitizer lets faults be what they are without it: signals keep their meaning, what it finds
// by itself ends in one, nothing is looked for at the exit, and what was freed is soon used again.
constexpr const char* sanitizer_options =
    "handle_segv=0:handle_abort=0:handle_sigfpe=0:handle_sigill=0:handle_sigbus=0:"
    "use_sigaltstack=0:abort_on_error=1:detect_leaks=0:report_thread_leaks=0:"
    "quarantine_size_mb=1:log_path=/dev/null";

std::vector<std::string> full_environment(const std::vector<std::string>& more) {
    std::vector<std::string> variables(more);
    for (const auto* name : {"ASAN_OPTIONS=", "TSAN_OPTIONS=", "UBSAN_OPTIONS="})
        variables.push_back(std::string(name) + sanitizer_options);
    for (const auto* name : {"PATH", "TMPDIR", "HOME"}) {
        const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
        if (value != nullptr) variables.push_back(std::string(name) + '=' + value);
    }
    return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

pid_t start(std::vector<std::string> arguments, std::vector<std::string> environment,
            const std::string& output_file) {
    posix_spawn_file_actions_t actions;
    REQUIRE(::posix_spawn_file_actions_init(&actions) == 0);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, output_file.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    // Not its report: glibc and the sanitizers say there what the verdict says already.
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    // A descriptor that belongs to the application.
    ::posix_spawn_file_actions_addopen(&actions, 5, "/dev/null", O_RDONLY, 0);
    pid_t child = -1;
    const int failed =
        ::posix_spawn(&child, ZOO_PROBE, &actions, nullptr, pointers_to(arguments).data(),
                      pointers_to(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    REQUIRE(failed == 0);
    return child;
}

std::string wait_for(pid_t child, std::chrono::milliseconds patience) {
    // Not pidfd_open(): glibc 2.36 declares it with C++ linkage.
    pollfd ended{.fd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0)),
                 .events = POLLIN,
                 .revents = 0};
    REQUIRE(ended.fd >= 0);
    const bool came_back = ::poll(&ended, 1, static_cast<int>(patience.count())) == 1;
    ::close(ended.fd);
    if (!came_back) ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    if (!came_back) return "does not come back";
    if (WIFSIGNALED(status)) return std::string("dies by SIG") + ::sigabbrev_np(WTERMSIG(status));
    if (WEXITSTATUS(status) != 0) return "exits with " + std::to_string(WEXITSTATUS(status));
    return "works";
}

std::vector<std::array<std::string, 3>> read_report(const std::string& file) {
    std::vector<std::array<std::string, 3>> report;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto first = line.find('\t');
        const auto second = line.find('\t', first + 1);
        report.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                          line.substr(second + 1)});
    }
    return report;
}

} // namespace

ProbeRun run_probe(const std::string& scenario, const std::vector<std::string>& arguments,
                   std::chrono::milliseconds patience,
                   const std::vector<std::string>& environment) {
    const patchbay::test::TempDir dir;
    const auto report_file = (dir.path() / "report").string();
    const auto output_file = (dir.path() / "output").string();
    std::vector<std::string> command{ZOO_PROBE, scenario, report_file};
    command.insert(command.end(), arguments.begin(), arguments.end());

    ProbeRun run;
    const auto started = std::chrono::steady_clock::now();
    const auto child = start(std::move(command), full_environment(environment), output_file);
    run.end = wait_for(child, patience);
    run.took = std::chrono::steady_clock::now() - started;
    run.report = read_report(report_file);
    run.output = patchbay::test::read_file(output_file);
    if (run.end == "works" && run.count("end") == 0) run.end = "vanishes";
    return run;
}

std::array<std::string, 3> ProbeRun::find(std::string_view key) const {
    std::array<std::string, 3> found;
    for (const auto& line : report)
        if (line[0] == key) found = line;
    return found;
}

std::size_t ProbeRun::count(std::string_view key) const {
    std::size_t lines = 0;
    for (const auto& line : report)
        if (line[0] == key) ++lines;
    return lines;
}

std::string ProbeRun::changes() const {
    std::map<std::string, std::string> before;
    std::string changed;
    for (const auto& [when, what, value] : report) {
        if (when == "before") before[what] = value;
        if (when != "after") continue;
        const bool same = what == "memory"
                              ? std::stoi(value) - std::stoi(before[what]) < memory_tolerance_mib
                              : value == before[what];
        if (!same) changed += (changed.empty() ? "" : ", ") + what;
    }
    return changed;
}

std::string ProbeRun::verdict() const {
    if (end != "works") return end;
    std::string verdict = end;
    if (count("refused") != 0) {
        verdict = "refused: " + find("refused")[1];
    } else if (count("error") != 0) {
        verdict = "error: " + find("error")[1];
    } else if (find("rows")[1] != "3") {
        verdict = "delivers " + find("rows")[1] + " rows of 3";
    }
    if (const auto changed = changes(); !changed.empty()) verdict += "; changes " + changed;
    if (!output.empty()) verdict += "; prints";
    return verdict;
}
