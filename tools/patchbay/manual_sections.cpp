// SPDX-License-Identifier: Apache-2.0
// What the man page says beside commands and options: files, environment, documents.

#include "manual_sections.hpp"

namespace patchbay::command {
namespace {

ManualSection environment_section() {
    return {.heading = "ENVIRONMENT",
            .paragraphs = {},
            .entries = {
                {"PATCHBAY_CONNECTIONS", "The connections file, where --connections is not given."},
                {"PATCHBAY_EXTRA_CONNECTOR_PATH",
                 "Directories of connectors that are searched first, separated by colons. Each is "
                 "an absolute path."},
                {"PATCHBAY_CONNECTOR_PATH",
                 "Directories of connectors in place of the usual ones: those of the user, of "
                 "/usr/local/lib/patchbay/connectors, and of this installation."},
                {"PATCHBAY_ONLY, PATCHBAY_DISABLE",
                 "Names or IDs of connectors, separated by commas: the only ones that may be used, "
                 "and those that may not."},
                {"XDG_CONFIG_HOME, XDG_DATA_HOME",
                 "Where set, they stand in place of ~/.config and ~/.local/share."},
                {"NO_COLOR", "Where it is set to anything but the empty text: no colours."}}};
}

ManualSection files_section() {
    return {
        .heading = "FILES",
        .paragraphs = {},
        .entries = {{"./connections.yaml, ~/.config/patchbay/connections.yaml",
                     "The connections file: the first of --connections, $PATCHBAY_CONNECTIONS and "
                     "these two. ./connections.yaml is an error, and not used, where somebody else "
                     "could have put it there or could change it; --connections ./connections.yaml "
                     "uses it all the same."},
                    {"~/.local/share/patchbay/connectors",
                     "Where patchbay install puts connectors; for root it is "
                     "/usr/local/lib/patchbay/connectors. A user's own come first."}}};
}

ManualSection connections_section() {
    return {
        .heading = "CONNECTIONS FILE",
        .paragraphs =
            {"The connections file gives names to sources, in YAML or JSON. Below connections "
             "stands the name of a connector, below that an alias of your choice, and below the "
             "alias the settings that patchbay describe explains. @NAME.ALIAS means that entry.",
             "Secrets belong in files or in the environment, and the settings refer to them: "
             "password: ${file:shop.password} or password: ${SHOP_PASSWORD}. patchbay test warns "
             "where others can read a connections file that holds a secret itself."},
        .verbatim = connections_example(),
        .entries = {
            {"version", "Always 1."},
            {"default: true",
             "@NAME means this alias. At most one alias of a connector may say so; where there is "
             "only one alias, @NAME means it anyway."},
            {"connector: NAME|UUID",
             "The full ID of the connector; needed only where two installed ones share a name. "
             "patchbay list --json shows it."},
            {"method",
             "May be left out wherever the other keys of connection fit one method only: path is "
             "of params, url is of url."},
            {"${VAR}",
             "The value of an environment variable, which must be set. References may stand "
             "anywhere in a text, but neither in a key nor inside each other. One that is all of "
             "a value becomes a number or a boolean if the setting is one."},
            {"${VAR:-DEFAULT}", "The same, or DEFAULT where the variable is not set or empty."},
            {"${file:PATH}",
             "The content of a file without its last line break: UTF-8 text of at most 64 KiB. A "
             "relative path starts at the directory of the connections file, or of the file of "
             "--settings."},
            {"$${", "The two characters ${ themselves."},
            {"Relative paths in settings",
             "such as path of SQLite start at the working directory of the command, and not at the "
             "connections file."},
            {"What patchbay show prints",
             "Secrets are ***, or the reference that leads to them. Other values from the "
             "environment or from files are *** as well, since they may be secrets."},
        }};
}

ManualSection documents_section() {
    return {
        .heading = "JSON DOCUMENTS",
        .paragraphs =
            {"What --json prints on standard output. Members are only ever added; one that has "
             "nothing to say is null, and lists are empty then. Alternatives are separated by "
             "slashes, [X] is a list of X."},
        .entries = {
            {"CONNECTOR",
             "{id, name, title, version, vendor, capabilities: [text], url_schemes: [text], path, "
             "state: usable / refused / shadowed / disabled, reason: {code, message} / null}. What "
             "a refused bundle could not tell is null."},
            {"FAULT",
             "{code, pointer, schema_pointer, keyword, message, params, suggestion / null, place / "
             "null}. pointer leads to the value, schema_pointer to what it breaks. params depends "
             "on the code: limit and actual for bounds and lengths; allowed, and actual where it "
             "may be shown, for types and choices; pattern; format; key for a setting that is "
             "missing or unknown, with because or belongs_to; first and second for equal items; "
             "else {}. Values of secrets never appear."},
            {"ERROR",
             "{code, message, hint, pointer, retry: never / later / now, sqlstate, native_code, "
             "native_domain, connector, reference}, and faults: [FAULT] where there are any. All "
             "but code, message and retry may be null. The code is usage where the command line "
             "is wrong."},
            {"any command that fails", "{error: ERROR}, on standard error."},
            {"list", "{connectors: [CONNECTOR]}"},
            {"which", "{connector: CONNECTOR, shadowed: [CONNECTOR]}"},
            {"inspect",
             "{valid, connector: CONNECTOR / null, library_path / null, library: {soname / null, "
             "exports: [text], dependencies: [text], run_path: [text], has_executable_stack, "
             "has_writable_code, has_text_relocations, has_static_tls, binds_at_load, has_relro} / "
             "null, faults: [FAULT]}"},
            {"install", "{connector: CONNECTOR, replaced: CONNECTOR / null}"},
            {"remove", "{connector: CONNECTOR}"},
            {"describe",
             "{connector: CONNECTOR, settings: [{pointer, group / null, type / null, required, "
             "inferred, secret, default: any value / null, title / null, description / null}]}. "
             "inferred: the host fills it in where the other keys tell. With --schema or --request "
             "it is the schema itself."},
            {"lint", "{valid, faults: [FAULT], notices: [{path, pointer, message}]}"},
            {"validate",
             "{valid, faults: [FAULT]}; with several sources or --all {results: [{reference, "
             "valid, faults: [FAULT], error: ERROR / null}]}"},
            {"show",
             "{reference, connector: the full ID, settings: an object, origins: [{pointer, kind: "
             "file / url / default / environment / secret_file / command_line, detail / null}]}"},
            {"test",
             "{results: [{reference, status: connected / failed, server_version / null, database / "
             "null, user / null, tls / null, latency_ms / null, error: ERROR / null}]}"},
            {"objects",
             "{objects: [{catalog / null, schema / null, name, kind / null, comment / null}]}"},
            {"columns",
             "{columns: [{name, type / null, arrow_type, nullable, key / null, default / null, "
             "comment / null}]}"},
            {"execute", "{rows_affected / null, last_insert_id / null}"},
        }};
}

} // namespace

std::string_view connections_example() {
    return "version: 1\n"
           "connections:\n"
           "  sqlite:\n"
           "    shop:                      # @sqlite.shop\n"
           "      default: true            # and @sqlite\n"
           "      connection:\n"
           "        path: ${SHOP_DATABASE:-/srv/shop.db}\n"
           "        mode: read-only\n"
           "      column_types: declared\n"
           "    archive:                   # @sqlite.archive\n"
           "      connector: sqlite|15fadaf1-8a40-429d-881b-759bfca98e1a\n"
           "      connection:\n"
           "        method: params\n"
           "        path: ${file:archive-path.txt}\n"
           "        busy_timeout_ms: ${BUSY_TIMEOUT_MS:-2000}\n"
           "    last year:                 # '@sqlite.last year'\n"
           "      connection: {url: \"sqlite:///srv/old.db?mode=read-only\"}\n";
}

const std::vector<ManualSection>& manual_sections() {
    static const std::vector<ManualSection> sections = {environment_section(), files_section(),
                                                        connections_section(), documents_section()};
    return sections;
}

} // namespace patchbay::command
