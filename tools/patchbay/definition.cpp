// SPDX-License-Identifier: Apache-2.0
// What all commands take alike.

#include "definition.hpp"

namespace patchbay::command {

const std::vector<OptionDefinition>& global_options() {
    static const std::vector<OptionDefinition> options = {
        {.name = "--connector-dir",
         .value = "DIR",
         .help = "Look for connectors in this directory first. May be given several times; the "
                 "first directory that holds a connector wins.",
         .repeatable = true},
        {.name = "--connections",
         .value = "FILE",
         .help = "The connections file. Otherwise $PATCHBAY_CONNECTIONS, ./connections.yaml, or "
                 "connections.yaml in your Patchbay configuration directory, whichever comes "
                 "first."},
        {.name = "--json",
         .value = "",
         .help = "Print one JSON document on standard output, and an error as JSON on standard "
                 "error."},
        {.name = "--log-level",
         .value = "LEVEL",
         .help = "Write a log to standard error, from this level up. Secrets are masked in it.",
         .choices = {"trace", "debug", "info", "warning", "error", "off"}},
        {.name = "--help",
         .value = "",
         .help = "Explain the command, with an example of each use."},
    };
    return options;
}

const OptionDefinition& version_option() {
    static const OptionDefinition option = {
        .name = "--version",
        .value = "",
        .help = "Print the version of the program, of the connector contract and of the build."};
    return option;
}

const std::vector<OptionDefinition>& source_options() {
    static const std::vector<OptionDefinition> options = {
        {.name = "--connector",
         .value = "NAME",
         .help = "In place of REF: the connector, by its name or full ID, to go with --settings."},
        {.name = "--settings",
         .value = "FILE",
         .help = "In place of REF: a JSON or YAML file with the settings; - is standard input."},
        {.name = "--set",
         .value = "POINTER=VALUE",
         .help = "Set one value on top of the others, such as /connection/port=5433. Other users "
                 "of this machine can see it while the command runs.",
         .repeatable = true},
    };
    return options;
}

const std::vector<std::string_view>& source_description() {
    static const std::vector<std::string_view> paragraphs = {
        "REF says which source is meant. It is @NAME.ALIAS for an entry of the connections file, "
        "or @NAME for the entry of that connector that is marked as default or is the only one; or "
        "it is a URL, whose scheme picks the connector, such as sqlite:///srv/shop.db. In place of "
        "REF, --connector NAME and --settings FILE give the settings on the spot.",
        "Other users of this machine can see the arguments of a running command: a password "
        "belongs in the connections file, best as a reference such as ${file:secret}, and not "
        "in a URL on the command line.",
    };
    return paragraphs;
}

std::vector<const OptionDefinition*> all_options(const CommandDefinition& command) {
    std::vector<const OptionDefinition*> all;
    const auto add = [&all](const std::vector<OptionDefinition>& options) {
        for (const auto& option : options)
            all.push_back(&option);
    };
    add(command.options);
    if (command.takes_source) add(source_options());
    add(global_options());
    return all;
}

} // namespace patchbay::command
