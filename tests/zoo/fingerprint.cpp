// SPDX-License-Identifier: Apache-2.0
// What a process shares with everything that runs in it, and a connector must not change.

#include "fingerprint.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <system_error>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace fs = std::filesystem;

namespace {

std::string environment() {
    std::string all;
    for (char** entry = environ; *entry != nullptr; ++entry)
        all.append(*entry).push_back('\0');
    return std::to_string(std::hash<std::string>()(all));
}

std::string current_umask() {
    const auto mask = ::umask(0);
    ::umask(mask);
    return std::to_string(mask);
}

std::string signal_handlers() {
    std::string all;
    for (int number = 1; number <= SIGRTMAX; ++number) {
        struct sigaction action{};
        if (::sigaction(number, nullptr, &action) != 0) continue;
        all += std::to_string(reinterpret_cast<std::uintptr_t>(action.sa_handler)) + ' ';
    }
    return all;
}

std::string signal_mask() {
    sigset_t mask;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    std::string all;
    for (int number = 1; number <= SIGRTMAX; ++number)
        if (::sigismember(&mask, number) == 1) all += std::to_string(number) + ' ';
    return all;
}

std::string floating_point() {
    std::string mode = std::to_string(std::fegetround());
#if defined(__SSE__)
    constexpr unsigned raised_exceptions = 0x3f;
    mode += ' ' + std::to_string(_mm_getcsr() & ~raised_exceptions);
#endif
    return mode;
}

std::string descriptors() {
    std::string all;
    std::error_code ignored; // whatever can be seen
    for (int fd = 0; fd < 1024; ++fd) {
        const auto target = fs::read_symlink("/proc/self/fd/" + std::to_string(fd), ignored);
        if (!ignored) all += std::to_string(fd) + '=' + target.string() + ' ';
    }
    return all;
}

std::string thread_count() {
    std::error_code ignored; // then it is none, which is different
    return std::to_string(std::distance(fs::directory_iterator("/proc/self/task", ignored),
                                        fs::directory_iterator()));
}

std::string children() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? "some" : "none";
}

std::string stack_rights() {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        if (line.ends_with("[stack]")) return line.substr(line.find(' ') + 1, 4);
    return "unknown";
}

std::string resident_mib() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t total_pages = 0;
    std::uint64_t resident_pages = 0;
    file >> total_pages >> resident_pages;
    const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return std::to_string(resident_pages * page_bytes >> 20U);
}

} // namespace

std::map<std::string, std::string> take_fingerprint() {
    std::error_code failed;
    const char* const locale = std::setlocale(LC_ALL, nullptr); // NOLINT(concurrency-mt-unsafe)
    return {{"locale", locale == nullptr ? "" : locale},
            {"environment", environment()},
            {"working directory", fs::current_path(failed).string()},
            {"umask", current_umask()},
            {"signal handlers", signal_handlers()},
            {"signal mask", signal_mask()},
            {"floating point", floating_point()},
            {"descriptors", descriptors()},
            {"threads", thread_count()},
            {"children", children()},
            {"stack", stack_rights()},
            {"memory", resident_mib()}};
}
