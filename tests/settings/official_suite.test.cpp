// SPDX-License-Identifier: Apache-2.0
// Runs the official JSON Schema test suite for draft-07.
//
// The suite is no part of this repository: fetch_suite.py obtains it before this program runs.

#include <host/settings/schema.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fs = std::filesystem;
namespace json = boost::json;
using patchbay::host::CompileOptions;
using patchbay::host::describe;
using patchbay::host::Documents;
using patchbay::host::Schema;

namespace {

const fs::path suite = PATCHBAY_SUITE_DIR;

json::value read(const fs::path& file) {
    // Not the strict reader: the suite has integers that no 64 bits hold.
    return json::parse(patchbay::test::read_file(file));
}

std::string text(const json::value& value) {
    return {value.as_string().data(), value.as_string().size()};
}

// What the suite expects to find at http://localhost:1234, and what we know anyway.
Documents known_documents() {
    auto documents = Documents::built_in();
    const auto remotes = suite / "remotes";
    for (const auto& entry : fs::recursive_directory_iterator(remotes)) {
        if (entry.path().extension() != ".json") continue;
        const auto path = fs::relative(entry.path(), remotes).generic_string();
        documents.add("http://localhost:1234/" + path, read(entry.path()));
    }
    return documents;
}

struct Count {
    std::size_t tests = 0;
    std::vector<std::string> failures;
};

void run_file(const fs::path& file, const Documents& documents, Count& count) {
    const CompileOptions options{documents};
    const auto groups = read(file);
    for (const auto& group : groups.as_array()) {
        const auto name = file.stem().string() + ": " + text(group.at("description"));
        auto source = group.at("schema");
        // The tests of a younger draft say so; the formats they are about are the same.
        if (auto* object = source.if_object()) object->erase("$schema");
        const auto schema = Schema::compile(std::move(source), options);
        for (const auto& test : group.at("tests").as_array()) {
            ++count.tests;
            const auto test_name = name + ": " + text(test.at("description"));
            if (!schema) {
                count.failures.push_back(test_name + ": " + describe(schema.error().front()));
                continue;
            }
            const bool expected = test.at("valid").as_bool();
            if (schema->accepts(test.at("data")) != expected) {
                count.failures.push_back(test_name + (expected ? ": refused " : ": accepted ") +
                                         json::serialize(test.at("data")));
            }
        }
    }
}

std::string list(const std::vector<std::string>& failures) {
    std::string all;
    for (const auto& failure : failures)
        all += "\n  " + failure;
    return all;
}

} // namespace

TEST_CASE("the validator passes every required test of the official suite", "[settings][suite]") {
    const auto documents = known_documents();
    Count count;

    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(suite / "tests" / "draft7")) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (const auto& file : files)
        run_file(file, documents, count);

    std::cout << "official draft-07 suite: " << count.tests - count.failures.size() << " of "
              << count.tests << " required tests\n";
    INFO(list(count.failures));
    CHECK(count.failures.empty());
    CHECK(count.tests == 913);
}

// The optional tests that are about what we assert. Where we differ it is on purpose.
TEST_CASE("the validator passes the optional tests but for those it names", "[settings][suite]") {
    const auto documents = known_documents();
    const std::pair<std::string_view, std::string_view> differing[] = {
        {"content", "contentEncoding and contentMediaType are annotations for us"},
        {"cross-draft", "a schema of another draft is refused, not taken for one of draft-07"},
    };
    const auto draft_7 = suite / "tests" / "draft7" / "optional";
    std::vector<fs::path> files;
    for (const auto* name : {"bignum", "content", "cross-draft", "ecmascript-regex",
                             "float-overflow", "id", "non-bmp-regex", "unknownKeyword"}) {
        files.push_back(draft_7 / name);
    }
    for (const auto* name : {"date", "date-time", "email", "hostname", "ipv4", "ipv6",
                             "json-pointer", "regex", "time", "unknown", "uri", "uri-reference"}) {
        files.push_back(draft_7 / "format" / name);
    }
    // Younger than draft-07, but the format is one of ours.
    files.push_back(suite / "tests" / "draft2019-09" / "optional" / "format" / "uuid");

    std::size_t passed = 0;
    for (const auto& file : files) {
        Count count;
        run_file(fs::path(file) += ".json", documents, count);
        passed += count.tests - count.failures.size();
        INFO(list(count.failures));
        const auto* const difference =
            std::ranges::find(differing, file.filename().string(),
                              &std::pair<std::string_view, std::string_view>::first);
        if (difference == std::end(differing)) {
            CHECK(count.failures.empty());
        } else {
            std::cout << "differs in " << count.failures.size() << " of " << count.tests << " of "
                      << difference->first << ": " << difference->second << "\n";
            CHECK_FALSE(count.failures.empty()); // or it no longer belongs on the list
        }
    }
    std::cout << "official draft-07 suite: " << passed << " optional tests\n";
    CHECK(passed > 400);
}
