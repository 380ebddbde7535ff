// SPDX-License-Identifier: Apache-2.0
// A user's directory with a connections file, and the program run in it.

#include "stage.hpp"

#include <patchbay/test/catch.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <utility>

namespace patchbay::test {

Stage::Stage() {
    const std::string password(canary);
    (void)dir_.write(
        "connections.yaml",
        "version: 1\n"
        "connections:\n"
        "  puppet:\n"
        "    good:\n"
        "      default: true\n"
        "      connection: {method: params, password: " +
            password +
            "}\n"
            "    wrong:\n"
            "      connection: {method: params, max_sessions: -1, scrpt: x, password: " +
            password +
            "}\n"
            "    closed:\n"
            "      connection: {method: params, script: leak, password: " +
            password +
            "}\n"
            "    waiting:\n"
            "      connection: {method: params, script: log wait, password: " +
            password +
            "}\n"
            "  stubborn:\n"
            "    good:\n"
            "      connection: {method: params, password: " +
            password + "}\n");
}

Command Stage::command(std::vector<std::string> words) const {
    return {.program = PATCHBAY_PROGRAM,
            .arguments = std::move(words),
            .environment = {{"PATCHBAY_CONNECTOR_PATH", PUPPET_CONNECTORS},
                            {"HOME", path().native()},
                            {"PATH", "/usr/bin:/bin"},
                            {"XDG_DATA_HOME", (path() / "data").native()}},
            .directory = path()};
}

Outcome Stage::run(std::vector<std::string> words) const {
    auto outcome = test::run(command(std::move(words)));
    check_no_canary(outcome);
    return outcome;
}

boost::json::value json_of(const std::string& text) {
    boost::json::error_code wrong;
    auto value = boost::json::parse(text, wrong);
    INFO(text);
    REQUIRE_FALSE(wrong);
    return value;
}

std::string members_of(const boost::json::value& object) {
    std::string names;
    for (const auto& member : object.as_object()) {
        if (!names.empty()) names += ' ';
        names += std::string_view(member.key());
    }
    return names;
}

void check_no_canary(const Outcome& outcome) {
    CHECK_FALSE(outcome.out.contains(canary));
    CHECK_FALSE(outcome.err.contains(canary));
}

} // namespace patchbay::test
