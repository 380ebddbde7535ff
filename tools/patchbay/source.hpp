// SPDX-License-Identifier: Apache-2.0
// The sources that a command line names, and sessions on them.
#pragma once

#include "context.hpp"

#include <patchbay/host/connection.hpp>
#include <patchbay/host/reference.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::command {

// Reads REF or what stands in its place, and --set.
//
// Errors: exit code 2 for what is no source; 3 where the file of --settings cannot be read.
[[nodiscard]] Result<host::Reference> read_source(const Arguments& arguments);

// Reads every REF, or takes all of the connections file with --all.
[[nodiscard]] Result<std::vector<host::Reference>> read_sources(const Context& context);

// Reads a text file, or standard input where it is "-".
//
// Errors: exit code 3, naming the file, also where it has more than max_bytes.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& file,
                                            std::size_t max_bytes);

// How long the whole of a command may take, from its beginning on.
class TimeLimit {
  public:
    // Reads --timeout: "500ms", "30s", "2m", "1h".
    //
    // Errors: exit code 2.
    [[nodiscard]] static Result<TimeLimit> read(const Context& context);

    // For one call: what is left of the time, and the token of Ctrl-C.
    [[nodiscard]] host::CallOptions options() const;

  private:
    std::optional<std::chrono::steady_clock::time_point> end_;
    std::stop_token cancel_;
};

// "500ms" and the like; nothing where it is no such thing, or longer than a year.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_duration(std::string_view text);

// The option that goes with TimeLimit.
[[nodiscard]] const OptionDefinition& timeout_option();

// The operand REF of commands that take one source.
[[nodiscard]] const OperandDefinition& source_operand();

// A connection and its one session.
struct OpenSource {
    host::Connection connection;
    host::Session session;
};

// Connects: what fails here has the exit codes of opening.
[[nodiscard]] Result<OpenSource>
open_source(const Context& context, const host::Reference& reference, const TimeLimit& limit);

// The same for the one source that the command line names.
[[nodiscard]] Result<OpenSource> open_source(const Context& context, const TimeLimit& limit);

} // namespace patchbay::command
