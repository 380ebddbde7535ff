// SPDX-License-Identifier: Apache-2.0
// What a command takes, said once: the command line is read by it, and help and the man page are
// made from it.
#pragma once

#include "failure.hpp"

#include <string_view>
#include <vector>

namespace patchbay::command {

struct Context;

// A word that begins with dashes.
struct OptionDefinition {
    std::string_view name;                      // "--format"
    std::string_view value;                     // what follows it, "FORMAT"; empty for a switch
    std::string_view help;                      // a sentence or two
    std::vector<std::string_view> choices = {}; // where only these values are possible
    bool repeatable = false;
};

// A word that does not.
struct OperandDefinition {
    std::string_view name; // "REF"
    std::string_view help;
    bool optional = false;
    bool repeatable = false; // then it is the last one
};

struct Example {
    std::string_view line; // what is typed, as one line of a shell
    std::string_view meaning;
};

struct CommandDefinition {
    std::string_view name;
    std::string_view summary;                  // for the list of all commands: no capital, no stop
    std::vector<std::string_view> synopsis;    // what stands behind the name, form by form
    std::vector<std::string_view> description; // paragraphs
    std::vector<OperandDefinition> operands = {};
    std::vector<OptionDefinition> options = {};
    std::vector<Example> examples;

    // It names a source: --connector and --settings may stand in place of its operand REF, and
    // --set beside either. These options need not stand in `options`.
    bool takes_source = false;

    // It changes the directory that bundles are installed into, whatever --connector-dir says: that
    // option is refused.
    bool installs = false;

    // What there is to say about --json where the command has no document to print.
    std::string_view no_json = {};

    Result<ExitCode> (*run)(const Context& context) = nullptr;
};

// What stands before a command, or behind it.
[[nodiscard]] const std::vector<OptionDefinition>& global_options();

// What stands in place of a command.
[[nodiscard]] const OptionDefinition& version_option();

// What a command takes where takes_source says so.
[[nodiscard]] const std::vector<OptionDefinition>& source_options();

// What REF means, in paragraphs.
[[nodiscard]] const std::vector<std::string_view>& source_description();

// Every option of a command, global ones last.
[[nodiscard]] std::vector<const OptionDefinition*> all_options(const CommandDefinition& command);

} // namespace patchbay::command
