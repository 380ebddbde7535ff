// SPDX-License-Identifier: Apache-2.0
// Every Arrow type in every format, value by value.

#include "output/row_writer.hpp"

#include "output/array_for_test.hpp"
#include "output/byte_sink.hpp"

#include <patchbay/test/catch.hpp>

#include <array>
#include <clocale>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace patchbay::command;
using patchbay::host::ErrorCode;

namespace {

const Terminal no_terminal;

Result<std::string> try_write(RowFormat format, std::vector<TestArray> batches,
                              const Terminal& terminal = no_terminal) {
    TextSink sink;
    OutputBuffer buffer(sink);
    const auto writer = make_row_writer(format, buffer, terminal);
    auto columns = read_columns(batches.front().schema());
    if (!columns) return std::unexpected(columns.error());
    if (auto done = writer->begin(std::move(*columns)); !done) return std::unexpected(done.error());
    for (auto& batch : batches) {
        if (auto done = writer->write(batch.array()); !done) return std::unexpected(done.error());
    }
    writer->finish();
    if (auto done = buffer.flush(); !done) return std::unexpected(done.error());
    return sink.text();
}

std::string must_write(RowFormat format, TestArray batch) {
    auto text = try_write(format, {std::move(batch)});
    if (!text) FAIL(text.error().error.message);
    return *text;
}

Failure must_fail(RowFormat format, TestArray batch) {
    auto text = try_write(format, {std::move(batch)});
    REQUIRE_FALSE(text.has_value());
    return text.error();
}

// One column "c", all its values.
std::string as_csv(TestArray column) {
    auto text = must_write(RowFormat::csv, batch_of({std::move(column)}));
    REQUIRE(text.starts_with("c\n"));
    return text.substr(2);
}

// The same as JSON lines, the name left out: "{1}{null}".
std::string as_json(TestArray column) {
    const auto lines = must_write(RowFormat::jsonl, batch_of({std::move(column)}));
    std::string values;
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find('\n', at);
        const auto line = std::string_view(lines).substr(at, end - at);
        REQUIRE(line.starts_with("{\"c\":"));
        REQUIRE(line.ends_with('}'));
        values += line.substr(5, line.size() - 6);
        values += ' ';
        at = end + 1;
    }
    values.pop_back();
    return values;
}

TestArray column(std::string format) {
    return {"c", std::move(format)};
}

template <class T>
TestArray column(std::string format, std::vector<std::optional<T>> values) {
    TestArray result("c", std::move(format));
    for (const auto& value : values) {
        if (value) {
            result.add<T>(*value);
        } else {
            result.add_null();
        }
    }
    return result;
}

TestArray texts(std::vector<std::optional<std::string_view>> values, std::string format = "u") {
    TestArray result("c", std::move(format));
    for (const auto& value : values) {
        if (value) {
            result.add_text(*value);
        } else {
            result.add_null();
        }
    }
    return result;
}

} // namespace

TEST_CASE("integers of every width keep their value", "[command][output]") {
    using Limits = std::numeric_limits<std::int64_t>;
    CHECK(as_csv(column<std::int8_t>("c", {-128, std::nullopt, 127})) == "-128\n\n127\n");
    CHECK(as_csv(column<std::uint8_t>("C", {0, 255})) == "0\n255\n");
    CHECK(as_csv(column<std::int16_t>("s", {-32768})) == "-32768\n");
    CHECK(as_csv(column<std::uint16_t>("S", {65535})) == "65535\n");
    CHECK(as_csv(column<std::int32_t>("i", {-2147483647})) == "-2147483647\n");
    CHECK(as_csv(column<std::uint32_t>("I", {4294967295U})) == "4294967295\n");
    CHECK(as_csv(column<std::int64_t>("l", {Limits::min()})) == "-9223372036854775808\n");
    CHECK(as_csv(column<std::uint64_t>("L", {~std::uint64_t{0}})) == "18446744073709551615\n");
}

TEST_CASE("integers that doubles cannot hold are texts in JSON", "[command][output]") {
    constexpr std::int64_t exact = 9007199254740992; // 2^53
    CHECK(
        as_json(column<std::int64_t>("l", {exact, exact + 1, -exact, -exact - 1, std::nullopt})) ==
        R"(9007199254740992 "9007199254740993" -9007199254740992 "-9007199254740993" null)");
    CHECK(as_json(column<std::uint64_t>("L", {9007199254740992U, ~std::uint64_t{0}})) ==
          R"(9007199254740992 "18446744073709551615")");
    CHECK(as_json(column<std::int32_t>("i", {-5})) == "-5");
}

TEST_CASE("floats that are no numbers of JSON are texts there", "[command][output]") {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    CHECK(as_json(column<double>("g", {0.1, infinity, -infinity, std::nan("")})) ==
          R"(0.1 "Infinity" "-Infinity" "NaN")");
    CHECK(as_csv(column<double>("g", {1e21, infinity})) == "1e+21\nInfinity\n");
    CHECK(as_json(column<float>("f", {0.1F, std::numeric_limits<float>::infinity()})) ==
          R"(0.1 "Infinity")");
    CHECK(as_json(column<std::uint16_t>("e", {0x3C00, 0x7C00})) == R"(1 "Infinity")");
}

TEST_CASE("booleans and nulls", "[command][output]") {
    CHECK(as_json(column("b").add_bool(true).add_bool(false).add_null()) == "true false null");
    CHECK(as_csv(column("b").add_bool(true).add_bool(false).add_null()) == "true\nfalse\n\n");
    CHECK(as_json(column("n").add_null().add_null()) == "null null");
    CHECK(as_csv(column("n").add_null()) == "\n");
}

TEST_CASE("decimals are texts of digits in JSON", "[command][output]") {
    CHECK(as_json(column<std::int32_t>("d:9,2,32", {1250, std::nullopt})) == R"("12.50" null)");
    CHECK(as_csv(column<std::int64_t>("d:18,3,64", {-1})) == "-0.001\n");
    CHECK(as_csv(column<std::array<std::int64_t, 2>>("d:38,0", {{{5, 0}}})) == "5\n");
    CHECK(as_csv(column<std::array<std::int64_t, 4>>("d:76,1,256", {{{-5, -1, -1, -1}}})) ==
          "-0.5\n");
}

TEST_CASE("times are ISO 8601 in CSV and in JSON", "[command][output]") {
    CHECK(as_json(column<std::int32_t>("tdD", {19'874, std::nullopt})) == R"("2024-05-31" null)");
    CHECK(as_csv(column<std::int64_t>("tdm", {1'717'113'600'000, 1})) ==
          "2024-05-31\n1970-01-01T00:00:00.001\n");
    CHECK(as_csv(column<std::int32_t>("tts", {3'661})) == "01:01:01\n");
    CHECK(as_csv(column<std::int32_t>("ttm", {1})) == "00:00:00.001\n");
    CHECK(as_csv(column<std::int64_t>("ttu", {1})) == "00:00:00.000001\n");
    CHECK(as_csv(column<std::int64_t>("ttn", {1})) == "00:00:00.000000001\n");
    CHECK(as_csv(column<std::int64_t>("tss:", {0})) == "1970-01-01T00:00:00\n");
    CHECK(as_csv(column<std::int64_t>("tsm:UTC", {1})) == "1970-01-01T00:00:00.001Z\n");
    // Whatever the zone: the instant.
    CHECK(as_json(column<std::int64_t>("tsu:Europe/Berlin", {1'717'192'798'250'000})) ==
          R"("2024-05-31T21:59:58.250000Z")");
    CHECK(as_json(column<std::int64_t>("tsn:", {1})) == R"("1970-01-01T00:00:00.000000001")");
    CHECK(as_json(column<std::int64_t>("tDm", {1'500})) == R"("PT1.500S")");
    CHECK(as_csv(column<std::int32_t>("tiM", {14})) == "P14M\n");
    CHECK(as_csv(column<std::array<std::int32_t, 2>>("tiD", {{{3, 250}}})) == "P3DT0.250S\n");
    CHECK(as_csv(column<std::array<std::int32_t, 4>>("tin", {{{1, 2, 3, 0}}})) ==
          "P1M2DT0.000000003S\n");
}

TEST_CASE("text is quoted where RFC 4180 needs it, and null is not empty text",
          "[command][output]") {
    CHECK(as_csv(texts(
              {"plain", "", std::nullopt, "a,b", "say \"hi\"", "two\nlines", "cr\r", " x "})) ==
          "plain\n\"\"\n\n\"a,b\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n\"cr\r\"\n x \n");
    CHECK(as_csv(texts({"\xC3\xA9\xF0\x9F\x8E\x89"}, "U")) == "\xC3\xA9\xF0\x9F\x8E\x89\n");
    CHECK(as_csv(texts({std::string_view("nul\0", 4)})) == std::string("nul\0\n", 5));
    CHECK(as_csv(texts({"\""})) == "\"\"\"\"\n");
}

TEST_CASE("text is escaped as JSON has it", "[command][output]") {
    CHECK(as_json(texts(
              {"", "q\"b\\", "\n\r\t\b\f", std::string_view("\0\x1f", 2), "\x7F\xC3\xA9/"})) ==
          "\"\" \"q\\\"b\\\\\" \"\\n\\r\\t\\b\\f\" \"\\u0000\\u001f\" \"\x7F\xC3\xA9/\"");
}

TEST_CASE("bytes are base64", "[command][output]") {
    CHECK(as_csv(texts({"", std::nullopt, "f", "fo", "foo", "\xFF\xFE\xFD\xFC"}, "z")) ==
          "\"\"\n\nZg==\nZm8=\nZm9v\n//79/A==\n");
    CHECK(as_json(texts({"", "f"}, "Z")) == R"("" "Zg==")");
    CHECK(as_json(texts({"abc", std::nullopt}, "w:3")) == R"("YWJj" null)");
}

TEST_CASE("lists, structs and maps are JSON, whatever lies in them", "[command][output]") {
    const auto items = [] {
        TestArray result("item", "l");
        return std::move(result.add<std::int64_t>(1).add_null().add<std::int64_t>(3));
    };
    CHECK(as_json(std::move(
              column("+l").add_child(items()).add_list(2).add_null().add_list(0).add_list(1))) ==
          "[1,null] null [] [3]");
    CHECK(as_csv(std::move(column("+L").add_child(items()).add_list(3))) == "\"[1,null,3]\"\n");
    CHECK(as_json(std::move(column("+w:3").add_child(items()).add_list(3))) == "[1,null,3]");

    TestArray names("a \"name\"", "u");
    names.add_text("x,y").add_null().add_text("z");
    TestArray record = column("+s");
    record.add_child(items()).add_child(std::move(names)).add_struct().add_null().add_struct();
    CHECK(as_csv(std::move(record)) ==
          "\"{\"\"item\"\":1,\"\"a \\\"\"name\\\"\"\"\":\"\"x,y\"\"}\"\n\n"
          "\"{\"\"item\"\":3,\"\"a \\\"\"name\\\"\"\"\":\"\"z\"\"}\"\n");

    TestArray keys("k", "u");
    keys.add_text("one").add_text("one");
    TestArray values("v", "z");
    values.add_text("f").add_null();
    TestArray pairs("entries", "+s");
    pairs.add_child(std::move(keys)).add_child(std::move(values)).add_struct().add_struct();
    CHECK(as_json(std::move(column("+m").add_child(std::move(pairs)).add_list(2))) ==
          R"([{"key":"one","value":"Zg=="},{"key":"one","value":null}])");
}

TEST_CASE("rows that are skipped are not written", "[command][output]") {
    // Offsets of the batch, of a column, of a struct and of a list, each on top of the other.
    TestArray items("item", "i");
    for (int i = 0; i < 8; ++i)
        items.add<std::int32_t>(i);
    items.skip(1);
    TestArray lists("l", "+l");
    lists.add_child(std::move(items)).add_list(1).add_list(2).add_list(3).skip(1);
    TestArray inner("i", "i");
    inner.add<std::int32_t>(10).add<std::int32_t>(11).add<std::int32_t>(12).add<std::int32_t>(13);
    inner.skip(1);
    TestArray record("s", "+s");
    record.add_child(std::move(inner)).add_struct().add_struct().add_struct().skip(1);
    auto batch = batch_of({lists, record});
    batch.skip(1);

    CHECK(must_write(RowFormat::jsonl, std::move(batch)) == "{\"l\":[4,5,6],\"s\":{\"i\":13}}\n");
}

TEST_CASE("names of columns are quoted as values are", "[command][output]") {
    std::vector<TestArray> columns;
    columns.emplace_back("a,b", "i").add<std::int32_t>(1);
    columns.emplace_back("say \"hi\"", "i").add<std::int32_t>(2);
    columns.emplace_back("", "i").add<std::int32_t>(3);
    const auto batch = batch_of(columns);

    CHECK(must_write(RowFormat::csv, batch) == "\"a,b\",\"say \"\"hi\"\"\",\"\"\n1,2,3\n");
    CHECK(must_write(RowFormat::jsonl, batch) == "{\"a,b\":1,\"say \\\"hi\\\"\":2,\"\":3}\n");
}

TEST_CASE("JSON lines refuse two columns of one name and say AS", "[command][output]") {
    std::vector<TestArray> columns;
    columns.emplace_back("id", "i").add<std::int32_t>(1);
    columns.emplace_back("id", "i").add<std::int32_t>(2);
    const auto twins = batch_of(columns);

    const auto failure = must_fail(RowFormat::jsonl, twins);
    CHECK(failure.error.code == ErrorCode::invalid_request);
    CHECK(failure.exit_code == ExitCode::refused_work);
    CHECK(failure.error.message.find("\"id\"") != std::string::npos);
    CHECK(failure.error.hint.find("AS") != std::string::npos);
    CHECK(must_write(RowFormat::csv, twins) == "id,id\n1,2\n");
}

TEST_CASE("text that is not UTF-8 is an error, and nothing of its row is written",
          "[command][output]") {
    const auto [format, before] =
        GENERATE(table<RowFormat, const char*>({{RowFormat::csv, "n,c\n1,good\n2,fine\n"},
                                                {RowFormat::jsonl, "{\"n\":1,\"c\":\"good\"}\n"
                                                                   "{\"n\":2,\"c\":\"fine\"}\n"},
                                                {RowFormat::table, "n  c\n-  ----\n"
                                                                   "1  good\n2  fine\n"}}));
    const auto numbers = [](std::int32_t first, std::int32_t second) {
        TestArray column("n", "i");
        return std::move(column.add(first).add(second));
    };
    auto first = batch_of({numbers(1, 2), texts({"good", "fine"})});
    auto second = batch_of({numbers(3, 4), texts({"b\xE4"
                                                  "d",
                                                  "good"})});
    TextSink sink;
    OutputBuffer buffer(sink);
    const auto writer = make_row_writer(format, buffer, no_terminal);
    REQUIRE(writer->begin(*read_columns(first.schema())));
    REQUIRE(writer->write(first.array()));

    const auto written = writer->write(second.array());

    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().error.code == ErrorCode::bad_data);
    CHECK(written.error().error.message == "row 3, column \"c\": the text is not UTF-8");
    writer->finish();
    REQUIRE(buffer.flush());
    CHECK(sink.text() == before);
}

TEST_CASE("text that is not UTF-8 is found in lists and structs", "[command][output]") {
    const auto format = GENERATE(RowFormat::csv, RowFormat::jsonl, RowFormat::table);
    TestArray list("c", "+l");
    list.add_list(1).add_list(2).add_child(texts({"good", "good", "\xFF"}));
    TestArray structure("c", "+s");
    structure.add_struct().add_struct().add_child(texts({"good", "\xFF"}));

    for (auto* const nested : {&list, &structure}) {
        const auto failure = must_fail(format, batch_of({*nested}));
        CHECK(failure.error.message == "row 2, column \"c\": the text is not UTF-8");
    }
}

TEST_CASE("a type that nobody can write is refused by name", "[command][output]") {
    for (const std::string format : {"vu", "+ud:0,1", "+r", "x", ""}) {
        TestArray batch("", "+s");
        batch.add_child({"c", format});
        const auto columns = read_columns(batch.schema());
        REQUIRE_FALSE(columns.has_value());
        CHECK(columns.error().error.code == ErrorCode::unsupported);
        CHECK(columns.error().error.message.find("the column \"c\" has the Arrow type \"" +
                                                 format) != std::string::npos);
    }
    TestArray batch("", "+s");
    batch.add_child({"c", "+l"}); // a list of nothing
    CHECK(read_columns(batch.schema()).error().error.code == ErrorCode::bad_data);
}

TEST_CASE("types nested without end are refused", "[command][output]") {
    TestArray nested("c", "+s");
    for (int i = 0; i < 100; ++i) {
        TestArray outer("c", "+s");
        outer.add_child(std::move(nested));
        nested = std::move(outer);
    }
    CHECK(read_columns(nested.schema()).error().error.code == ErrorCode::unsupported);
}

TEST_CASE("no columns and no rows are written as nothing", "[command][output]") {
    CHECK(must_write(RowFormat::csv, batch_of({})) == "");
    CHECK(must_write(RowFormat::jsonl, batch_of({})) == "");
    CHECK(must_write(RowFormat::table, batch_of({})) == "");
    CHECK(must_write(RowFormat::csv, batch_of({texts({})})) == "c\n");
}

TEST_CASE("2,000 columns and a text larger than any buffer come out whole", "[command][output]") {
    std::vector<TestArray> columns;
    for (int i = 0; i < 2'000; ++i)
        columns.emplace_back("column_" + std::to_string(i), "i").add<std::int32_t>(i);
    const auto wide = must_write(RowFormat::csv, batch_of(std::move(columns)));
    CHECK(std::ranges::count(wide, ',') == 2 * 1'999);
    CHECK(wide.ends_with(",1998,1999\n"));

    std::string large(3 * 1024 * 1024, 'x');
    large[1'000'000] = '"';
    large[2'000'000] = '\n';
    const auto csv = must_write(RowFormat::csv, batch_of({texts({large})}));
    CHECK(csv.size() == large.size() + 6); // the name, two quotes, a doubled one, a newline
    const auto base64 = must_write(RowFormat::csv, batch_of({texts({large}, "z")}));
    CHECK(base64.size() == 2 + large.size() / 3 * 4 + 1);
    CHECK(base64.find('=') == std::string::npos);
}

TEST_CASE("a table is as wide as its first batch, and nothing is lost later", "[command][output]") {
    const auto batch = [](std::int64_t number, std::string_view text) {
        std::vector<TestArray> columns;
        columns.emplace_back("id", "l").add<std::int64_t>(number);
        columns.emplace_back("name", "u").add_text(text);
        columns.emplace_back("x", "g").add_null();
        return batch_of(std::move(columns));
    };

    CHECK(try_write(RowFormat::table,
                    {batch(7, "Ana"), batch(123'456, "a longer name"), batch(1, "tab\there")})
              .value() == "id  name     x\n"
                          "--  ----  ----\n"
                          " 7  Ana   NULL\n"
                          "123456  a longer name  NULL\n"
                          " 1  tab\\there  NULL\n");
}

TEST_CASE("a table shows headings without rows, and colours on a terminal only",
          "[command][output]") {
    CHECK(must_write(RowFormat::table, batch_of({texts({})})) == "c\n-\n");

    const Terminal terminal{.is_terminal = true, .has_colour = true};
    CHECK(try_write(RowFormat::table, {batch_of({texts({std::nullopt})})}, terminal).value() ==
          "\x1b[1mc\x1b[0m\n----\n\x1b[2mNULL\x1b[0m\n");
}

TEST_CASE("a table cuts what no screen shows", "[command][output]") {
    const std::string large(1'000'000, 'x');
    const auto table = must_write(RowFormat::table, batch_of({texts({large})}));
    CHECK(table.ends_with('\n' + std::string(63, 'x') + "\xE2\x80\xA6\n"));
}

TEST_CASE("the locale changes nothing", "[command][output]") {
    const auto write_all = [] {
        return as_csv(column<double>("g", {1234567.5})) +
               as_json(column<std::int64_t>("tsu:UTC", {1})) +
               as_csv(column<std::int64_t>("d:18,2,64", {1250}));
    };
    const auto before = write_all();
    std::vector<std::string> tried;
    for (const char* const locale : {"de_DE.UTF-8", "tr_TR.UTF-8", "C.UTF-8"}) {
        if (std::setlocale(LC_ALL, locale) != nullptr) tried.emplace_back(locale);
        CHECK(write_all() == before);
    }
    std::setlocale(LC_ALL, "C");
    CHECK_FALSE(tried.empty());
}
