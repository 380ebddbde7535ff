// SPDX-License-Identifier: Apache-2.0
// A database of a test's own, a host that knows the connector, and results as texts.

#include "stage.hpp"

#include <patchbay/sdk/array_view.hpp>
#include <patchbay/sdk/arrow_format.hpp>

#include <fmt/format.h>

namespace patchbay::test {

namespace {

std::string value_at(const sdk::ArrayView& values, std::int64_t row) {
    if (values.is_null(row)) return "NULL";
    switch (values.format().type) {
    case sdk::TypeClass::signed_integer:
        return fmt::format("{}", values.integer_at(row));
    case sdk::TypeClass::floating_point:
        return fmt::format("{}", values.value_at<double>(row));
    case sdk::TypeClass::text:
        return std::string(values.bytes_at(row));
    default:
        break;
    }
    std::string bytes;
    for (const char byte : values.bytes_at(row))
        bytes += fmt::format("{:02X}", static_cast<unsigned char>(byte));
    return fmt::format("x'{}'", bytes);
}

} // namespace

Stranger::Stranger(const std::filesystem::path& file) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open(file.c_str(), &raw);
    database_.reset(raw);
    REQUIRE(code == SQLITE_OK);
}

void Stranger::run(const std::string& sql) {
    const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    INFO(sqlite3_errmsg(database_.get()));
    REQUIRE(code == SQLITE_OK);
}

Stage::Stage(const std::string& setup)
    : file(dir.path() / "shop.db"),
      host(host::HostOptions{.connector_dirs = {SQLITE_CONNECTORS}, .use_environment = false}) {
    // An empty text makes an empty file, which is an empty database.
    Stranger(file).run("PRAGMA user_version = 1;" + setup);
}

host::Connection Stage::connect(std::string_view options, std::string_view more) const {
    auto connection = connect_by(fmt::format("connection:\n  method: params\n  path: {}\n{}{}{}\n",
                                             file.string(), options.empty() ? "" : "  ", options,
                                             more.empty() ? "" : fmt::format("\n{}", more)));
    if (!connection) FAIL(host::describe(connection.error()));
    return *connection;
}

host::Expected<host::Connection> Stage::connect_by(const std::string& settings) const {
    return host.connect(host::Reference::of_connector("sqlite", settings, "settings.yaml"));
}

sdk::UniqueArray next_batch(host::Stream& stream) {
    sdk::UniqueArray batch;
    const auto more = stream.next(batch.receive());
    if (!more) FAIL(host::describe(more.error()));
    return batch;
}

std::vector<std::string> rows_of(const ArrowSchema& schema, const ArrowArray& batch) {
    std::vector<std::string> rows(static_cast<std::size_t>(batch.length));
    for (std::int64_t column = 0; column < batch.n_children; ++column) {
        const auto format = sdk::read_arrow_format(schema.children[column]->format);
        REQUIRE(format.has_value());
        const sdk::ArrayView values(*format, *batch.children[column]);
        for (std::int64_t row = 0; row < batch.length; ++row) {
            auto& text = rows[static_cast<std::size_t>(row)];
            if (column > 0) text += '|';
            text += value_at(values, row);
        }
    }
    return rows;
}

Result read_all(host::Expected<host::Stream> opened) {
    auto stream = value_of(std::move(opened));
    sdk::UniqueSchema schema;
    REQUIRE(stream.schema(schema.receive()).has_value());
    Result result;
    for (const auto& field : sdk::import_schema(*schema.get()).children) {
        if (!result.columns.empty()) result.columns += ' ';
        result.columns += field.name + ':' + field.format;
    }
    while (const auto batch = next_batch(stream)) {
        for (auto& row : rows_of(*schema.get(), *batch.get()))
            result.rows.push_back(std::move(row));
    }
    return result;
}

host::Error error_of_stream(host::Expected<host::Stream> stream) {
    if (!stream) return stream.error();
    for (;;) {
        sdk::UniqueArray batch;
        const auto more = stream->next(batch.receive());
        if (!more) return more.error();
        REQUIRE(*more); // the end must not come before the error
    }
}

} // namespace patchbay::test
