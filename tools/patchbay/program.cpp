// SPDX-License-Identifier: Apache-2.0
// The whole program, but for what concerns the process it runs in.

#include "program.hpp"

#include "command_line.hpp"
#include "commands/all.hpp"
#include "context.hpp"
#include "failure_text.hpp"
#include "help.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace patchbay::command {
namespace {

namespace json = boost::json;

std::string version_text() {
#ifdef NDEBUG
    constexpr std::string_view build = "release";
#else
    constexpr std::string_view build = "debug";
#endif
#ifdef __clang__
    constexpr std::string_view compiler = "clang " __clang_version__;
#else
    constexpr std::string_view compiler = "g++ " __VERSION__;
#endif
    return fmt::format("patchbay {}\nABI {}\nbuild {}, {}\n", host::version(), host::abi_version(),
                       build, compiler);
}

host::HostOptions host_options(const Arguments& arguments, StatusOutput& status) {
    host::HostOptions options;
    // Here a path may be relative, as anywhere on a command line; roots never are. Where it leads
    // to from a directory that is gone is unknown, and the empty path is refused.
    std::error_code unknown;
    for (const auto directory : arguments.values("--connector-dir"))
        options.connector_dirs.push_back(
            std::filesystem::absolute(directory, unknown).lexically_normal());
    options.connections_file = arguments.value("--connections").value_or("");
    if (const auto level = arguments.value("--log-level")) {
        options.log.level = host::read_log_level(*level).value_or(host::LogLevel::off);
        options.log.sink = [&status](const host::LogEntry& entry) {
            status.write(fmt::format("{} {}: {}\n", level_text(entry.level),
                                     make_printable(entry.target).text,
                                     make_printable_lines(entry.message, "    ")));
        };
    }
    return options;
}

Result<ExitCode> run_command(const Arguments& arguments, const Surroundings& surroundings) {
    for (const auto option :
         {"--connections", "--connector-dir", "--output", "--query-file", "--settings"}) {
        if (std::ranges::count(arguments.values(option), std::string_view()) > 0) {
            return wrong_usage(fmt::format("{} needs a path", option));
        }
    }
    const auto& command = arguments.command();
    if (command.installs && arguments.has("--connector-dir")) {
        return wrong_usage(
            fmt::format("--connector-dir does not go with {}: it says where connectors are looked "
                        "for, and {} writes to ~/.local/share/patchbay/connectors (in "
                        "$XDG_DATA_HOME, where that is set), as root to "
                        "/usr/local/lib/patchbay/connectors",
                        command.name, command.name),
            "leave --connector-dir out; a bundle in a directory of yours needs no installation");
    }
    host::Host host(host_options(arguments, surroundings.status));
    const Context context{.arguments = arguments,
                          .host = host,
                          .out = surroundings.out,
                          .terminal = surroundings.terminal,
                          .status = surroundings.status,
                          .cancel = surroundings.cancel};
    return command.run(context);
}

Result<ExitCode> run_request(const Request& request, const Surroundings& surroundings) {
    const auto print = [&surroundings](std::string_view text) -> Result<ExitCode> {
        if (auto written = surroundings.out.write(text); !written) {
            return std::unexpected(std::move(written).error());
        }
        return ExitCode::done;
    };
    switch (request.kind) {
    case Request::Kind::version:
        return print(version_text());
    case Request::Kind::help_of_program:
        return print(program_help(surroundings.terminal));
    case Request::Kind::help_of_command:
        return print(command_help(request.arguments->command(), surroundings.terminal));
    case Request::Kind::command:
        break;
    }
    return run_command(*request.arguments, surroundings);
}

ExitCode report(const Failure& failure, bool as_json, StatusOutput& status) {
    if (failure.quiet) return failure.exit_code;
    status.write(as_json ? document_text(json::object{{"error", error_json(failure)}})
                         : failure_text(failure, status.terminal()));
    return failure.exit_code;
}

} // namespace

ExitCode run_program(std::span<const std::string> words, const Surroundings& surroundings) {
    const auto request = read_command_line(words, all_commands());
    if (!request) return report(request.error(), asks_for_json(words), surroundings.status);
    const auto done = run_request(*request, surroundings);
    if (done) return *done;
    const bool as_json = request->arguments && request->arguments->has("--json");
    return report(done.error(), as_json, surroundings.status);
}

} // namespace patchbay::command
