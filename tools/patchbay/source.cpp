// SPDX-License-Identifier: Apache-2.0
// The sources that a command line names, and sessions on them.

#include "source.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

namespace patchbay::command {
namespace {

// What settings may hold; the host says the same of what it reads itself.
constexpr std::size_t max_settings_bytes = std::size_t{1} << 20U;

[[nodiscard]] std::unexpected<Failure> cannot_read(std::string_view name, std::string_view why) {
    return std::unexpected(
        Failure{.error = {.code = host::ErrorCode::io,
                          .message = fmt::format("cannot read {}: {}", name, why),
                          .hint = "check the path"},
                .exit_code = ExitCode::invalid});
}

// Adds what --set says, value by value.
[[nodiscard]] Result<host::Reference> with_overrides(host::Reference reference,
                                                     const Arguments& arguments) {
    for (const auto given : arguments.values("--set")) {
        const auto equals = given.find('=');
        if (equals == std::string_view::npos || !given.starts_with('/')) {
            // The value may be a secret: it is not repeated.
            return wrong_usage(
                fmt::format("--set needs a JSON Pointer, \"=\" and a value; it has {}",
                            make_printable(given.substr(0, equals)).text),
                "write --set /connection/mode=read-only");
        }
        reference.set(std::string(given.substr(0, equals)), std::string(given.substr(equals + 1)));
    }
    return reference;
}

[[nodiscard]] Result<host::Reference> parse_source(std::string_view word,
                                                   const Arguments& arguments) {
    auto reference = host::Reference::parse(word);
    if (!reference) return failed(std::move(reference.error()), Phase::opening);
    return with_overrides(std::move(*reference), arguments);
}

[[nodiscard]] bool has_settings(const Arguments& arguments) {
    return arguments.has("--connector") || arguments.has("--settings");
}

// --connector NAME --settings FILE.
[[nodiscard]] Result<host::Reference> read_settings(const Arguments& arguments) {
    const auto connector = arguments.value("--connector");
    const auto file = arguments.value("--settings");
    if (!connector || !file) {
        return wrong_usage(fmt::format("{} also needs {}", connector ? "--connector" : "--settings",
                                       connector ? "--settings FILE" : "--connector NAME"));
    }
    auto settings = read_text(*file, max_settings_bytes);
    if (!settings) return std::unexpected(std::move(settings).error());
    return with_overrides(
        host::Reference::of_connector(std::string(*connector), std::move(*settings),
                                      *file == "-" ? "standard input" : std::string(*file)),
        arguments);
}

} // namespace

Result<host::Reference> read_source(const Arguments& arguments) {
    if (has_settings(arguments)) return read_settings(arguments);
    return parse_source(arguments.operand("REF").value_or(""), arguments);
}

Result<std::vector<host::Reference>> read_sources(const Context& context) {
    const auto& arguments = context.arguments;
    const auto words = arguments.operands("REF");
    const bool all = arguments.has("--all");
    const int ways = (words.empty() ? 0 : 1) + (all ? 1 : 0) + (has_settings(arguments) ? 1 : 0);
    if (ways != 1) {
        return wrong_usage(ways == 0 ? "no source is named" : "sources are named in two ways",
                           "give REF, or --all, or --connector NAME --settings FILE");
    }
    std::vector<host::Reference> references;
    if (all) {
        auto listed = context.host.references();
        if (!listed) return failed(std::move(listed.error()), Phase::opening);
        for (auto& reference : *listed) {
            auto complete = with_overrides(std::move(reference), arguments);
            if (!complete) return std::unexpected(std::move(complete).error());
            references.push_back(std::move(*complete));
        }
        return references;
    }
    if (words.empty()) {
        auto reference = read_settings(arguments);
        if (!reference) return std::unexpected(std::move(reference).error());
        references.push_back(std::move(*reference));
        return references;
    }
    for (const auto word : words) {
        auto reference = parse_source(word, arguments);
        if (!reference) return std::unexpected(std::move(reference).error());
        references.push_back(std::move(*reference));
    }
    return references;
}

Result<std::string> read_text(const std::filesystem::path& file, std::size_t max_bytes) {
    const bool standard_input = file == "-";
    const auto name =
        standard_input ? std::string("standard input") : make_printable(file.native()).text;
    const int descriptor = standard_input ? ::dup(STDIN_FILENO)
                                          : ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return cannot_read(name, std::generic_category().message(errno));
    std::string text;
    std::array<char, 64 * 1024> part{};
    int error = 0;
    while (text.size() <= max_bytes) {
        const auto size = ::read(descriptor, part.data(), part.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) error = errno;
        if (size <= 0) break;
        text.append(part.data(), static_cast<std::size_t>(size));
    }
    ::close(descriptor);
    if (error != 0) return cannot_read(name, std::generic_category().message(error));
    if (text.size() > max_bytes) {
        return cannot_read(name, fmt::format("it has more than the {} bytes allowed", max_bytes));
    }
    return text;
}

std::optional<std::chrono::milliseconds> read_duration(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units = {
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
    constexpr std::int64_t max_ms = std::int64_t{366} * 24 * 3'600'000;
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || number <= 0) return std::nullopt;
    const auto* const unit =
        std::ranges::find(units, std::string_view(stop, end), &decltype(units)::value_type::first);
    if (unit == units.end() || number > max_ms / unit->second) return std::nullopt;
    return std::chrono::milliseconds(number * unit->second);
}

Result<TimeLimit> TimeLimit::read(const Context& context) {
    TimeLimit limit;
    limit.cancel_ = context.cancel;
    const auto text = context.arguments.value("--timeout");
    if (!text) return limit;
    const auto duration = read_duration(*text);
    if (!duration) {
        return wrong_usage(fmt::format("--timeout needs a time such as 500ms, 30s, 2m or 1h; it is "
                                       "\"{}\"",
                                       make_printable(*text).text));
    }
    limit.end_ = std::chrono::steady_clock::now() + *duration;
    return limit;
}

host::CallOptions TimeLimit::options() const {
    host::CallOptions options{.cancel = cancel_};
    if (end_) {
        const auto left = *end_ - std::chrono::steady_clock::now();
        options.timeout = std::max(std::chrono::nanoseconds(left), std::chrono::nanoseconds(0));
    }
    return options;
}

const OptionDefinition& timeout_option() {
    static const OptionDefinition option = {
        .name = "--timeout",
        .value = "TIME",
        .help = "Give up after this time, such as 500ms, 30s, 2m or 1h. Otherwise there is no "
                "limit."};
    return option;
}

const OperandDefinition& source_operand() {
    static const OperandDefinition operand = {.name = "REF",
                                              .help = "The source, as explained above."};
    return operand;
}

Result<OpenSource> open_source(const Context& context, const host::Reference& reference,
                               const TimeLimit& limit) {
    auto connection = context.host.connect(reference);
    if (!connection) return failed(std::move(connection.error()), Phase::opening);
    auto session = connection->session(limit.options());
    if (!session) return failed(std::move(session.error()), Phase::opening);
    return OpenSource{.connection = std::move(*connection), .session = std::move(*session)};
}

Result<OpenSource> open_source(const Context& context, const TimeLimit& limit) {
    const auto reference = read_source(context.arguments);
    if (!reference) return std::unexpected(reference.error());
    return open_source(context, *reference, limit);
}

} // namespace patchbay::command
