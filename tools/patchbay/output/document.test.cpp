// SPDX-License-Identifier: Apache-2.0
// Documents, tables and the progress line, to the letter.

#include "output/document.hpp"

#include "output/progress_line.hpp"
#include "output/text_table.hpp"

#include <patchbay/test/catch.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cmath>
#include <string>

using namespace patchbay::command;
namespace json = boost::json;

TEST_CASE("a document keeps its order and its numbers", "[command][output]") {
    const json::value value = {{"b", 1},
                               {"a", json::array{0.1, 1e300, 5.0, -7, nullptr, true}},
                               {"none", json::object{}},
                               {"nothing", json::array{}},
                               {"text", "a\"\x1b\xFF"},
                               {"name", text_or_null("")}};

    CHECK(document_text(value) == "{\n"
                                  "  \"b\": 1,\n"
                                  "  \"a\": [\n"
                                  "    0.1,\n"
                                  "    1e+300,\n"
                                  "    5,\n"
                                  "    -7,\n"
                                  "    null,\n"
                                  "    true\n"
                                  "  ],\n"
                                  "  \"none\": {},\n"
                                  "  \"nothing\": [],\n"
                                  "  \"text\": \"a\\\"\\u001b\xEF\xBF\xBD\",\n"
                                  "  \"name\": null\n"
                                  "}\n");
}

TEST_CASE("a table stands in columns and wraps its last one", "[command][output]") {
    TextTable table({{"name"}, {"size", Align::right}, {"what it is"}});
    table.add_row({{"a"}, {"5"}, {"short"}});
    table.add_row({{"b\x1b"}, {"12345"}, {"many words that go on and on until the line is full"}});
    table.add_row({{"c"}, {"1"}, {""}});

    CHECK(table.text({.column_count = 40}) == "name    size  what it is\n"
                                              "a          5  short\n"
                                              "b\\x1b  12345  many words that go on and on\n"
                                              "              until the line is full\n"
                                              "c          1\n");
}

TEST_CASE("facts stand below each other, and empty ones are left out", "[command][output]") {
    FactList facts;
    facts.add("version", "1.0");
    facts.add("user", "");
    facts.add("tls", "1.3\nTLS_AES");

    CHECK(facts.text({}) == "version  1.0\n"
                            "tls      1.3\n"
                            "         TLS_AES\n");
}

TEST_CASE("progress says rows, bytes, rate and time", "[command][output]") {
    using std::chrono::milliseconds;
    CHECK(progress_text({.rows = 1'234'567, .bytes = 12'345'678, .elapsed = milliseconds(2'000)}) ==
          "1,234,567 rows, 12.3 MB, 617,283 rows/s, 2.0 s");
    CHECK(progress_text({.rows = 1, .bytes = 999, .elapsed = milliseconds(1'000)}) ==
          "1 row, 999 B, 1 rows/s, 1.0 s");
    CHECK(progress_text({.rows = 5, .bytes = 999'960, .elapsed = milliseconds(0)}) ==
          "5 rows, 1.0 MB, 0 rows/s, 0.0 s");
    CHECK(progress_text({.elapsed = milliseconds(1'250)}) == "waiting for the first row, 1.2 s");
}
