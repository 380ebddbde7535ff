// SPDX-License-Identifier: Apache-2.0
// Reads rows.

#include "commands/all.hpp"
#include "context.hpp"
#include "output/output_buffer.hpp"
#include "output/output_file.hpp"
#include "output/progress_line.hpp"
#include "output/row_writer.hpp"
#include "output/utf8.hpp"
#include "row_stream.hpp"
#include "source.hpp"
#include "statement_parameters.hpp"

#include <fmt/format.h>

#include <charconv>
#include <memory>

namespace patchbay::command {
namespace {

constexpr std::size_t max_query_bytes = std::size_t{16} << 20U;

[[nodiscard]] Result<std::uint64_t> read_count(const Arguments& arguments, std::string_view option,
                                               std::uint64_t least) {
    const auto text = *arguments.value(option);
    std::uint64_t count = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc{} || stop != end || count < least) {
        return wrong_usage(fmt::format("{} needs a whole number of at least {}; it is \"{}\"",
                                       option, least, make_printable(text).text));
    }
    return count;
}

// "a, b": names of columns, none of them empty.
[[nodiscard]] Result<std::vector<std::string>> read_names(std::string_view text) {
    std::vector<std::string> names;
    for (;;) {
        const auto comma = text.find(',');
        auto name = text.substr(0, comma);
        while (name.starts_with(' '))
            name.remove_prefix(1);
        while (name.ends_with(' '))
            name.remove_suffix(1);
        names.emplace_back(name);
        if (names.back().empty()) return wrong_usage("--columns has an empty name");
        if (comma == std::string_view::npos) return names;
        text.remove_prefix(comma + 1);
    }
}

[[nodiscard]] Result<host::Request> read_table_request(const Arguments& arguments) {
    host::TableOptions options;
    if (const auto columns = arguments.value("--columns")) {
        auto names = read_names(*columns);
        if (!names) return std::unexpected(std::move(names).error());
        options.columns = std::move(*names);
    }
    options.where = arguments.value("--where").value_or("");
    if (arguments.has("--limit")) {
        const auto limit = read_count(arguments, "--limit", 0);
        if (!limit) return std::unexpected(limit.error());
        options.limit = *limit;
    }
    auto request = host::Request::table(*arguments.value("--table"), options);
    auto parameters = read_parameters(arguments);
    if (!parameters) return std::unexpected(std::move(parameters).error());
    request.parameters = std::move(*parameters);
    return request;
}

// Exactly one of --query, --query-file and --table says what to read.
[[nodiscard]] Result<host::Request> read_request(const Arguments& arguments) {
    const int ways = (arguments.has("--query") ? 1 : 0) + (arguments.has("--query-file") ? 1 : 0) +
                     (arguments.has("--table") ? 1 : 0);
    if (ways != 1) {
        return wrong_usage(ways == 0 ? "nothing says what to read"
                                     : "--query, --query-file and --table exclude each other",
                           "give --query SQL, --query-file FILE or --table NAME");
    }
    if (arguments.has("--table")) return read_table_request(arguments);
    for (const auto option : {"--columns", "--where", "--limit", "--parallel"}) {
        if (arguments.has(option)) {
            return wrong_usage(
                fmt::format("{} works only with --table; put it in the query", option));
        }
    }
    std::string query(arguments.value("--query").value_or(""));
    if (const auto file = arguments.value("--query-file")) {
        auto text = read_text(*file, max_query_bytes);
        if (!text) {
            text.error().exit_code = ExitCode::usage;
            return std::unexpected(std::move(text).error());
        }
        if (!is_utf8(*text)) {
            return wrong_usage(
                fmt::format("--query-file {}: it is not UTF-8", make_printable(*file).text),
                "convert it with iconv");
        }
        query = std::move(*text);
    }
    auto parameters = read_parameters(arguments);
    if (!parameters) return std::unexpected(std::move(parameters).error());
    return host::Request::query(query, std::move(*parameters));
}

// Everything the command line says, read before anything is connected to.
struct Plan {
    host::Reference reference;
    host::Request request;
    TimeLimit limit;
    RowFormat format = RowFormat::csv;
    std::uint64_t parts = 1;
    std::optional<std::string> output; // standard output where there is none
};

[[nodiscard]] Result<Plan> read_plan(const Context& context) {
    const auto& arguments = context.arguments;
    if (context.json()) {
        return wrong_usage("read prints rows and no document",
                           "--format jsonl prints one JSON object for each row");
    }
    auto request = read_request(arguments);
    if (!request) return std::unexpected(std::move(request).error());
    auto limit = TimeLimit::read(context);
    if (!limit) return std::unexpected(std::move(limit).error());
    auto reference = read_source(arguments);
    if (!reference) return std::unexpected(std::move(reference).error());
    Plan plan{.reference = std::move(*reference),
              .request = std::move(*request),
              .limit = std::move(*limit),
              .output = {}};
    if (const auto file = arguments.value("--output")) plan.output = *file;
    if (arguments.has("--parallel")) {
        const auto parts = read_count(arguments, "--parallel", 1);
        if (!parts) return std::unexpected(parts.error());
        plan.parts = *parts;
    }
    const bool for_people = !plan.output && context.terminal.is_terminal;
    plan.format = for_people ? RowFormat::table : RowFormat::csv;
    if (const auto format = arguments.value("--format")) {
        plan.format = read_row_format(*format).value_or(plan.format);
    }
    return plan;
}

// Rows on their way to one place.
class Output {
  public:
    Output(const Context& context, const Plan& plan, ByteSink& sink, ProgressLine& progress)
        : buffer_(sink), terminal_(plan.output ? Terminal{} : context.terminal),
          writer_(make_row_writer(plan.format, buffer_, terminal_)), source_(plan.reference.text()),
          progress_(progress),
          // A person who looks on wants to see rows when they come.
          at_once_(terminal_.is_terminal) {}

    [[nodiscard]] Result<void> begin(Result<std::vector<Column>> columns) {
        if (!columns) return about_source(std::move(columns).error());
        if (auto begun = writer_->begin(std::move(*columns)); !begun) {
            return about_source(std::move(begun).error());
        }
        return at_once_ ? buffer_.flush() : Result<void>();
    }

    [[nodiscard]] Result<void> write(const ArrowArray& batch) {
        if (at_once_) progress_.stop(); // it stands where the rows come
        if (auto written = writer_->write(batch); !written) {
            return about_source(std::move(written).error());
        }
        rows_ += static_cast<std::uint64_t>(batch.length);
        progress_.update(rows_, buffer_.size_bytes());
        return at_once_ || buffer_.has_failed() ? buffer_.flush() : Result<void>();
    }

    [[nodiscard]] Result<void> finish() {
        if (at_once_) progress_.stop();
        writer_->finish();
        return buffer_.flush();
    }

  private:
    // What is wrong with columns and rows is wrong with their source.
    [[nodiscard]] std::unexpected<Failure> about_source(Failure failure) const {
        if (failure.error.reference.empty()) failure.error.reference = source_;
        return std::unexpected(std::move(failure));
    }

    OutputBuffer buffer_;
    Terminal terminal_;
    std::unique_ptr<RowWriter> writer_;
    std::string source_;
    ProgressLine& progress_;
    bool at_once_;
    std::uint64_t rows_ = 0;
};

[[nodiscard]] Result<void> copy_rows(host::Stream& stream, Output& output) {
    if (auto begun = output.begin(read_columns(stream)); !begun) return begun;
    auto copied =
        for_each_batch(stream, [&](const ArrowArray& batch) { return output.write(batch); });
    if (!copied) {
        // What came before the failure is not held back; the failure is what counts.
        if (!copied.error().quiet) (void)output.finish();
        return copied;
    }
    return output.finish();
}

[[nodiscard]] Result<void> read_rows(const Context& context, Plan& plan, ByteSink& sink) {
    ProgressLine progress(context.status);
    auto source = open_source(context, plan.reference, plan.limit);
    if (!source) return std::unexpected(std::move(source).error());
    if (plan.parts > 1) {
        return failed({.code = host::ErrorCode::unsupported,
                       .message = fmt::format("the connector {} does not offer to read a table in "
                                              "parts",
                                              source->connection.connector_id()),
                       .hint = "leave --parallel out",
                       .reference = plan.reference.text()},
                      Phase::working);
    }
    auto stream = source->session.read(std::move(plan.request), plan.limit.options());
    if (!stream) return failed(std::move(stream.error()), Phase::working);
    Output output(context, plan, sink, progress);
    auto copied = copy_rows(*stream, output);
    if (copied) progress.finish();
    return copied;
}

Result<ExitCode> run(const Context& context) {
    auto plan = read_plan(context);
    if (!plan) return std::unexpected(std::move(plan).error());
    if (!plan->output) {
        if (auto read = read_rows(context, *plan, context.out); !read) {
            return std::unexpected(std::move(read).error());
        }
        return ExitCode::done;
    }
    auto file = OutputFile::create(*plan->output);
    if (!file) return std::unexpected(std::move(file).error());
    if (auto read = read_rows(context, *plan, **file); !read) {
        return std::unexpected(std::move(read).error());
    }
    if (auto committed = (*file)->commit(); !committed) {
        return std::unexpected(std::move(committed).error());
    }
    return ExitCode::done;
}

} // namespace

const CommandDefinition& read_command() {
    static const CommandDefinition definition = {
        .name = "read",
        .summary = "read rows, by a query or from a table",
        .synopsis = {"REF --query SQL [--param VALUE]...",
                     "REF --query-file FILE [--param VALUE]...",
                     "REF --table NAME [--columns A,B] [--where EXPR] [--limit N] [--parallel N]"},
        .description =
            {"Reads rows and prints them as a table on a terminal and as CSV elsewhere.",
             "CSV is UTF-8 with a header line; null is empty and empty text is \"\". JSON lines "
             "carry decimals, and integers beyond 2^53, as strings of digits, floats that "
             "are not finite as \"NaN\", \"Infinity\" and \"-Infinity\", times as ISO 8601, and "
             "bytes as base64. They refuse two columns of the same name: rename one "
             "with AS."},
        .operands = {source_operand()},
        .options = {{.name = "--query",
                     .value = "SQL",
                     .help = "What to read, in the source's own "
                             "language."},
                    {.name = "--query-file",
                     .value = "FILE",
                     .help = "The same from a file; - is standard input."},
                    {.name = "--table",
                     .value = "NAME",
                     .help = "Read a table or view. Dots separate schema and name; a part that "
                             "has a dot in it stands in double quotes: '\"odd name.x\"', "
                             "'main.\"odd name.x\"'."},
                    {.name = "--columns",
                     .value = "A,B",
                     .help = "Only these columns of it; blanks around a name are not part of it."},
                    {.name = "--where",
                     .value = "EXPR",
                     .help = "Only rows that satisfy this, in the source's own language."},
                    {.name = "--limit", .value = "N", .help = "At most so many rows."},
                    {.name = "--parallel",
                     .value = "N",
                     .help =
                         "Read the table in so many parts at a time, where the connector offers "
                         "it; the order of rows is not kept."},
                    parameter_option(),
                    text_parameter_option(),
                    {.name = "--format",
                     .value = "FORMAT",
                     .help = "How rows are printed.",
                     .choices = {"table", "csv", "jsonl"}},
                    {.name = "--output",
                     .value = "FILE",
                     .help = "Write to this file, whole or not at all."},
                    timeout_option()},
        .examples = {{"patchbay read @sqlite.shop --table orders --limit 10", "the first ten rows"},
                     {"patchbay read @sqlite.shop --query 'SELECT * FROM orders WHERE id = ?' "
                      "--param 7",
                      "a query with a value"},
                     {"patchbay read @sqlite.shop --table orders --format jsonl --output "
                      "orders.jsonl",
                      "a table into a file"}},
        .takes_source = true,
        .no_json = "Not for read, which prints rows and no document: use --format jsonl.",
        .run = run};
    return definition;
}

} // namespace patchbay::command
