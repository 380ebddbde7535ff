// SPDX-License-Identifier: Apache-2.0
// Uses a connector as an application does and reports what became of it, if anything can be
// reported afterwards. Each misdeed of the zoo runs in a process of its own: this one.
//
//     zoo_probe use    REPORT ROOT TIMEOUT_MS NAME...
//     zoo_probe list   REPORT ROOT
//     zoo_probe dlopen REPORT LIBRARY
//
// The report is a file of lines, fields apart by tabs: it is opened for each of them, so that no
// connector can close it or write into it by mistake.

#include "fingerprint.hpp"

#include <patchbay/host/host.hpp>
#include <patchbay/sdk/arrow_schema.hpp>

#include <dlfcn.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace host = patchbay::host;
namespace registry = patchbay::registry;
namespace sdk = patchbay::sdk;

namespace {

class Report {
  public:
    explicit Report(std::string file) : file_(std::move(file)) {}

    void add(std::string_view key, std::string_view first, std::string_view second = {}) const {
        std::ofstream out(file_, std::ios::app);
        out << key << '\t' << first << '\t' << second << '\n';
    }

    void add_fingerprint(std::string_view when) const {
        for (const auto& [what, value] : take_fingerprint())
            add(when, what, value);
    }

    // Whether a file below a directory is mapped, as code or as anything else.
    void add_mapped(std::string_view directory) const {
        std::ifstream maps("/proc/self/maps");
        for (std::string line; std::getline(maps, line);)
            if (line.contains(directory)) add("mapped", line);
    }

  private:
    std::string file_;
};

host::Host make_host(const std::string& root, const std::vector<std::string>& only = {}) {
    return host::Host({.connector_dirs = {root},
                       .connections_file = "/nonexistent/connections.yaml",
                       .policy = {.only = only, .disabled = {}},
                       .use_environment = false});
}

// Reads all rows. The stream outlives its connection where it failed, and is asked again then.
std::optional<host::Error> read_rows(const host::Connection& connection,
                                     const host::CallOptions& options, std::int64_t& rows) {
    auto stream = connection.read(host::Request::table("animals"), options);
    if (!stream) return stream.error();
    for (;;) {
        sdk::UniqueArray batch;
        const auto more = stream->next(batch.receive());
        if (!more) {
            connection.close();
            return host::last_error(stream->get());
        }
        if (!*more) return std::nullopt;
        rows += batch->length;
    }
}

// Connects, asks who is there, reads, and does so again on a second connection, for which settings
// are put together anew.
std::optional<host::Error> use(const Report& report, const host::Host& host,
                               const std::string& name, const host::CallOptions& options) {
    for (int round = 0; round < 2; ++round) {
        const auto connection = host.connect(host::Reference::of_connector(name, "{}", "settings"));
        if (!connection) return connection.error();
        const auto answer = connection->ping(options);
        if (!answer) return answer.error();
        report.add("who", name, answer->database);
        std::int64_t rows = 0;
        if (auto error = read_rows(*connection, options, rows)) return error;
        report.add("rows", std::to_string(rows));
        connection->close();
    }
    return std::nullopt;
}

void run_use(const Report& report, const std::string& root, std::chrono::milliseconds timeout,
             const std::vector<std::string>& names) {
    const auto host = make_host(root, names);
    for (const auto& bundle : host.connectors())
        if (bundle.refusal)
            report.add("refused", registry::code_text(bundle.refusal->code),
                       bundle.refusal->message);
    report.add_fingerprint("before");
    for (const auto& name : names) {
        if (const auto error = use(report, host, name, {.timeout = timeout})) {
            report.add("error", host::code_text(error->code), host::describe(*error));
        }
    }
    report.add_fingerprint("after");
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "%g", 2.5); // as whoever minds the locale does
    report.add("printf", number.data());
}

void run_list(const Report& report, const std::string& root) {
    report.add_fingerprint("before");
    const auto host = make_host(root);
    for (const auto& bundle : host.connectors()) {
        report.add(bundle.directory.filename().string(), registry::state_text(bundle.state),
                   bundle.refusal ? registry::code_text(bundle.refusal->code) : "");
    }
    report.add_mapped(root);
    report.add_fingerprint("after");
}

void run_dlopen(const Report& report, const std::string& library) {
    report.add_fingerprint("before");
    if (::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) == nullptr) {
        report.add("error", ::dlerror()); // NOLINT(concurrency-mt-unsafe): no other thread yet
    }
    report.add_mapped(library);
    report.add_fingerprint("after");
}

} // namespace

int main(int argc, char** argv) {
    constexpr rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    try {
        const std::vector<std::string> arguments(argv, argv + argc);
        const auto& scenario = arguments.at(1);
        const Report report(arguments.at(2));
        if (scenario == "use") {
            run_use(report, arguments.at(3), std::chrono::milliseconds(std::stol(arguments.at(4))),
                    {arguments.begin() + 5, arguments.end()});
        } else if (scenario == "list") {
            run_list(report, arguments.at(3));
        } else if (scenario == "dlopen") {
            run_dlopen(report, arguments.at(3));
        } else {
            return 2;
        }
        report.add("end", "");
    } catch (const std::exception&) {
        return 3;
    }
    // As every program does that has run connectors: threads of theirs may still be at work.
    ::_exit(0);
}
