// SPDX-License-Identifier: Apache-2.0
// read and execute.

#include "stage.hpp"

#include <patchbay/test/catch.hpp>

#include <boost/json/object.hpp>

#include <filesystem>
#include <iterator>

using namespace patchbay::test;

TEST_CASE("read prints CSV where no terminal is", "[command][read]") {
    const Stage stage;

    const auto outcome = stage.run({"read", "@puppet", "--query", "rows 2"});

    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out == "n,text\n0,row 0\n1,row 1\n");
    CHECK(outcome.err.empty());
}

TEST_CASE("read prints JSON lines and tables", "[command][read]") {
    const Stage stage;

    CHECK(stage.run({"read", "@puppet", "--query", "rows 1", "--format", "jsonl"}).out ==
          "{\"n\":0,\"text\":\"row 0\"}\n");
    CHECK(stage.run({"read", "@puppet", "--query", "rows 1", "--format=table"}).out ==
          "n  text\n-  -----\n0  row 0\n");
}

TEST_CASE("read takes all batches of a stream", "[command][read]") {
    const Stage stage;

    const auto outcome = stage.run({"read", "puppet:x", "--query", "rows 1234"});

    CHECK(outcome.exit_code == 0);
    CHECK(std::ranges::count(outcome.out, '\n') == 1235);
    CHECK(outcome.out.ends_with("1233,row 1233\n"));
}

TEST_CASE("read binds parameters in their order", "[command][read]") {
    const Stage stage;

    // The puppet delivers as many rows as its first parameter says.
    const auto outcome = stage.run({"read", "@puppet", "--query", "rows 9", "--param", "1",
                                    "--param-text", "2", "--param=", "--param", "-5"});

    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out == "n,text\n0,row 0\n");
}

TEST_CASE("a parameter that would lose digits is refused", "[command][read]") {
    const Stage stage;

    const auto outcome =
        stage.run({"execute", "@puppet", "rows 1", "--param", "123456789012345678901"});

    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.contains("--param 123456789012345678901 does not fit into 64 bits"));
}

TEST_CASE("a parameter that would become another number is refused", "[command][read]") {
    const Stage stage;
    const std::string given = GENERATE("1e400", "-1e400", "1e-400", "-0.001E-400", " 1e400\n",
                                       " 9223372036854775808", "-9223372036854775809 ");

    const auto outcome = stage.run({"execute", "@puppet", "rows 1", "--param", given});

    CHECK(outcome.exit_code == 2);
    const bool is_whole =
        given.find('e') == std::string::npos && given.find('E') == std::string::npos;
    CHECK(outcome.err.contains(is_whole ? " does not fit into 64 bits"
                                        : " is beyond the range of a 64-bit float"));
    CHECK(outcome.err.contains("--param-text binds it as text"));
}

TEST_CASE("a parameter within the range of its type is bound", "[command][read]") {
    const Stage stage;
    const std::string given = GENERATE("1e308", "5e-324", "0e-400", "-0.0", "0.1", " 1.5 ",
                                       "1e400x", "-9223372036854775808");

    CHECK(stage.run({"execute", "@puppet", "rows 1", "--param", given}).exit_code == 0);
}

TEST_CASE("read takes its query from a file or from standard input", "[command][read]") {
    const Stage stage;
    const auto file = stage.dir().write("q.txt", "rows 1");

    CHECK(stage.run({"read", "@puppet", "--query-file", "q.txt"}).out == "n,text\n0,row 0\n");

    auto command = stage.command({"read", "@puppet", "--query-file", "-"});
    command.input = file;
    CHECK(run(command).out == "n,text\n0,row 0\n");

    const auto missing = stage.run({"read", "@puppet", "--query-file", "none.txt"});
    CHECK(missing.exit_code == 2);
    CHECK(missing.err.contains("cannot read none.txt: No such file or directory"));
}

TEST_CASE("a query and its values are UTF-8, wherever they come from", "[command][read]") {
    const Stage stage;
    (void)stage.dir().write("q.txt", "rows 1 \xff");

    const auto from_file = stage.run({"read", "@puppet", "--query-file", "q.txt"});
    CHECK(from_file.exit_code == 2);
    CHECK(from_file.err.contains("--query-file q.txt: it is not UTF-8"));
    CHECK(from_file.err.contains("hint: "));

    const auto statement = stage.run({"execute", "@puppet", "rows \xff", "--json"});
    CHECK(statement.exit_code == 2);
    CHECK(json_of(statement.err).at("error").at("message").as_string() == "SQL is not UTF-8");

    const auto set =
        stage.run({"read", "@puppet", "--query", "rows 1", "--set", "/connection/script=\xff"});
    CHECK(set.exit_code == 2);
    CHECK(set.err.contains("--set is not UTF-8"));
}

TEST_CASE("read writes a file whole, or leaves the old one", "[command][read]") {
    const Stage stage;
    const auto file = stage.dir().write("rows.csv", "old\n");

    const auto failed =
        stage.run({"read", "@puppet", "--query", "rows 100 end fail 12", "--output", "rows.csv"});
    CHECK(failed.exit_code == 1);
    CHECK(read_file(file) == "old\n");

    const auto done = stage.run({"read", "@puppet", "--query", "rows 1", "--output", "rows.csv"});
    CHECK(done.exit_code == 0);
    CHECK(done.out.empty());
    CHECK(read_file(file) == "n,text\n0,row 0\n");
}

TEST_CASE("a file that may not grow any more is removed", "[command][read]") {
    const Stage stage;
    auto command = stage.command({"-c", "ulimit -f 8; exec \"$0\" \"$@\"", PATCHBAY_PROGRAM, "read",
                                  "@puppet", "--query", "rows 100000", "--output", "rows.csv"});
    command.program = "/bin/sh";
    const auto files_before = std::filesystem::directory_iterator(stage.path());
    const auto count_before = std::distance(begin(files_before), end(files_before));

    const auto outcome = run(command);

    CHECK(outcome.exit_code == 1);
    CHECK(outcome.err.contains("cannot write to rows.csv: File too large"));
    const auto files = std::filesystem::directory_iterator(stage.path());
    CHECK(std::distance(begin(files), end(files)) == count_before);
}

TEST_CASE("rows that came before a failure are printed", "[command][read]") {
    const Stage stage;

    const auto outcome = stage.run({"read", "@puppet", "--query", "rows 1 end fail 12"});

    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out == "n,text\n0,row 0\n");
    CHECK(outcome.err.contains("patchbay: @puppet: told to fail"));
    CHECK(outcome.err.contains("SQLSTATE: 57014"));
    CHECK(outcome.err.contains("puppet: 42"));
}

TEST_CASE("what a source says becomes the agreed exit code", "[command][read]") {
    const Stage stage;
    struct Case {
        const char* query;
        int exit_code;
    };
    const auto [query, exit_code] =
        GENERATE(Case{"fail 1", 130}, Case{"fail 2", 6}, Case{"fail 5", 1}, Case{"fail 9", 5},
                 Case{"throw", 7}, Case{"silent", 7}, Case{"leak", 1}, Case{"nonsense", 1});

    const auto outcome = stage.run({"read", "@puppet", "--query", query});

    INFO(query << ": " << outcome.err);
    CHECK(outcome.exit_code == exit_code);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.contains("@puppet"));
}

TEST_CASE("a session that does not open is exit code 5", "[command][read]") {
    const Stage stage;

    const auto outcome = stage.run({"read", "@puppet.closed", "--query", "rows 1"});

    CHECK(outcome.exit_code == 5);
    CHECK(outcome.err.contains("@puppet.closed: no such password: ***"));
}

TEST_CASE("read wants to be told one thing", "[command][read]") {
    const Stage stage;
    struct Case {
        std::vector<std::string> words;
        const char* message;
    };
    const auto [words, message] = GENERATE(
        Case{{"read", "@puppet"}, "nothing says what to read"},
        Case{{"read", "@puppet", "--query", "a", "--table", "b"}, "exclude each other"},
        Case{{"read", "@puppet", "--query", "a", "--limit", "1"},
             "--limit works only with --table"},
        Case{{"read", "@puppet", "--table", "a", "--limit", "x"}, "--limit needs a whole number"},
        Case{{"read", "@puppet", "--table", "a", "--columns", "a,,b"}, "--columns has an empty"},
        Case{{"read", "@puppet", "--query", "a", "--timeout", "soon"}, "--timeout needs a time"},
        Case{{"read", "@puppet", "--query", "a", "--json"}, "--format jsonl"},
        Case{{"read", "--query", "a"}, "REF is missing"},
        Case{{"read", "shop", "--query", "a"}, "\"shop\" names no source"},
        Case{{"read", "@puppet", "more", "--query", "a"}, "unexpected argument \"more\""});

    const auto outcome = stage.run(words);

    CHECK(outcome.exit_code == 2);
    INFO(outcome.err);
    CHECK(outcome.err.contains(message));
}

TEST_CASE("a request that the connector does not know names what is wrong", "[command][read]") {
    const Stage stage;

    const auto outcome = stage.run({"read", "@puppet", "--table", "stage", "--where", "x"});

    CHECK(outcome.exit_code == 1);
    INFO(outcome.err);
    CHECK(outcome.err.contains("\"query\""));
}

TEST_CASE("execute tells how many rows it affected", "[command][execute]") {
    const Stage stage;

    const auto text = stage.run({"execute", "@puppet", "rows 3"});
    CHECK(text.exit_code == 0);
    CHECK(text.out == "rows affected  3\n");

    const auto document = stage.run({"--json", "execute", "@puppet", "rows 3"});
    const auto result = json_of(document.out);
    CHECK(members_of(result) == "rows_affected last_insert_id");
    CHECK(result.at("rows_affected").as_int64() == 3);
    CHECK(result.at("last_insert_id").is_null());
}

TEST_CASE("a statement may begin with dashes behind --", "[command][execute]") {
    const Stage stage;

    const auto outcome = stage.run({"execute", "@puppet", "--", "--fail"});

    CHECK(outcome.exit_code == 1);
    CHECK(outcome.err.contains("the unknown word --fail"));
}
