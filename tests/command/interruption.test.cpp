// SPDX-License-Identifier: Apache-2.0
// What the program does when it is interrupted, and when nobody takes what it writes.

#include "stage.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/skip.hpp>

#include <csignal>
#include <filesystem>
#include <iterator>

using namespace patchbay::test;

namespace {

// The script writes a log entry when it has begun; then the test may go on.
constexpr std::string_view has_begun = "password=";

std::ptrdiff_t file_count(const std::filesystem::path& directory) {
    return std::distance(std::filesystem::directory_iterator(directory),
                         std::filesystem::directory_iterator());
}

} // namespace

TEST_CASE("Ctrl-C cancels a read at the source and exits 130", "[command][interrupt]") {
    const Stage stage;
    const int signal = GENERATE(SIGINT, SIGTERM);
    const auto* const reference = GENERATE("@puppet", "@puppet.waiting");
    Process process(
        stage.command({"--log-level", "info", "read", reference, "--query", "log next wait"}));
    process.wait_for_message(has_begun);

    process.send_signal(signal);
    const auto outcome = process.finish();

    CHECK(outcome.exit_code == 128 + signal);
    check_no_canary(outcome);
}

TEST_CASE("Ctrl-C leaves no half-written file", "[command][interrupt]") {
    const Stage stage;
    const auto files_before = file_count(stage.path());
    Process process(stage.command({"--log-level", "info", "read", "@puppet", "--query",
                                   "rows 100 end log wait", "--output", "rows.csv"}));
    process.wait_for_message(has_begun);

    process.send_signal(SIGINT);
    const auto outcome = process.finish();

    CHECK(outcome.exit_code == 130);
    CHECK(file_count(stage.path()) == files_before);
}

TEST_CASE("Ctrl-C leaves a connector behind that does not come back", "[command][interrupt]") {
    const Stage stage;
    // One is known to ignore cancelling, the other one breaks its promise.
    const auto* const reference = GENERATE("@stubborn", "@puppet");
    Process process(stage.command({"--log-level", "info", "read", reference, "--query",
                                   "log stubborn 600000", "--output", "rows.csv"}));
    process.wait_for_message(has_begun);

    process.send_signal(SIGINT);
    const auto outcome = process.finish();

    CHECK(outcome.exit_code == 130);
    CHECK_FALSE(std::filesystem::exists(stage.path() / "rows.csv"));
}

TEST_CASE("a second Ctrl-C leaves at once", "[command][interrupt]") {
    const Stage stage;
    Process process(stage.command(
        {"--log-level", "info", "read", "@puppet", "--query", "log stubborn 600000"}));
    process.wait_for_message(has_begun);

    process.send_signal(SIGINT);
    process.send_signal(SIGINT);

    CHECK(process.finish().exit_code == 130);
}

TEST_CASE("a time limit ends a read with exit code 6", "[command]") {
    const Stage stage;
    const auto* const reference = GENERATE("@puppet", "@puppet.waiting", "@stubborn");
    const auto* const query =
        std::string_view(reference) == "@stubborn" ? "stubborn 600000" : "next wait";

    const auto outcome = stage.run({"read", reference, "--query", query, "--timeout", "50ms"});

    INFO(outcome.err);
    CHECK(outcome.exit_code == 6);
    CHECK(outcome.err.contains(reference));
}

TEST_CASE("the program ends quietly when its reader has left", "[command][pipe]") {
    const Stage stage;
    const auto* const format = GENERATE("csv", "jsonl", "table");
    // So many rows that only somebody who stops reading gets to an end.
    auto command =
        stage.command({"read", "@puppet", "--query", "rows 2000000000", "--format", format});
    command.nobody_reads = true;

    const auto outcome = run(command);

    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
}

TEST_CASE("documents and help end quietly when their reader has left", "[command][pipe]") {
    const Stage stage;
    auto command = stage.command(GENERATE(std::vector<std::string>{"--help"},
                                          std::vector<std::string>{"list", "--json"},
                                          std::vector<std::string>{"validate", "@puppet"}));
    command.nobody_reads = true;

    const auto outcome = run(command);

    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
}

TEST_CASE("a full disk is told, with exit code 1", "[command]") {
    const Stage stage;

    SECTION("under standard output") {
        auto command = stage.command({"read", "@puppet", "--query", "rows 3"});
        command.output = "/dev/full";
        const auto outcome = run(command);
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.err.contains("cannot write to standard output: No space left on device"));
    }
    SECTION("under --output, before all rows are there") {
        const auto outcome =
            stage.run({"read", "@puppet", "--query", "rows 2000000000", "--output", "/dev/full"});
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.err.contains("cannot write to /dev/full: No space left on device"));
    }
}

TEST_CASE("a terminal shows how far a long read has come", "[command]") {
    if (run({.program = "/usr/bin/script", .arguments = {"-qec", "true", "/dev/null"}}).exit_code !=
        0) {
        return skip("there is no pseudo-terminal to be had here");
    }
    const Stage stage;
    // script (of util-linux) is a terminal to what it runs, and prints what that shows.
    auto command = stage.command(
        {"-c", "exec script -qec '" PATCHBAY_PROGRAM
               " read @puppet --query \"rows 1234 end wait\" > rows.csv' /dev/null >&2"});
    command.program = "/bin/sh";
    command.environment["TERM"] = "xterm";
    Process process(command);

    process.wait_for_message("1,234 rows, ");
    process.wait_for_message(" rows/s, ");

    process.send_signal(SIGTERM);
    check_no_canary(process.finish());
}
