// SPDX-License-Identifier: Apache-2.0
// Our verdicts are those of Ajv, which forms use, on generated settings for our own schemas.
//
// ajv/prepare.py made the settings and asked Ajv before this program runs.

#include <host/settings/schema.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace fs = std::filesystem;
namespace json = boost::json;
using patchbay::host::Schema;

namespace {

struct Count {
    std::size_t settings = 0;
    std::size_t right = 0;
    std::size_t differ = 0;
    std::map<std::string, std::size_t> by_place;   // of the keyword that alone is violated
    std::map<std::string, std::size_t> by_keyword; // wherever it stands
};

void compare(const fs::path& verdict_file, Count& count) {
    auto schema_file = verdict_file;
    auto case_file = verdict_file;
    schema_file.replace_extension(".schema");
    case_file.replace_extension(".cases");
    const auto schema = Schema::compile(json::parse(patchbay::test::read_file(schema_file)));
    REQUIRE(schema.has_value());

    std::ifstream verdicts(verdict_file);
    std::ifstream cases(case_file);
    std::string line;
    std::string verdict;
    while (std::getline(cases, line) && std::getline(verdicts, verdict)) {
        const auto one = json::parse(line);
        const bool ajv = verdict == "1";
        const bool ours = schema->accepts(one.at("settings"));
        ++count.settings;
        count.right += ajv ? 1 : 0;
        const auto* place = one.at("violates").if_string();
        if (place && schema->explain(one.at("settings")).size() == 1) {
            const std::string text(place->data(), place->size());
            ++count.by_place[text];
            ++count.by_keyword[text.substr(text.rfind(':') + 1)];
        }
        if (ours == ajv) continue;
        ++count.differ;
        INFO(verdict_file.stem() << ": Ajv says " << ajv << " to " << line);
        CHECK(ours == ajv);
    }
}

} // namespace

TEST_CASE("verdicts equal those of Ajv on generated settings", "[settings][ajv]") {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(PATCHBAY_AJV_DIR)) {
        if (entry.path().extension() == ".verdicts") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    CHECK(files.size() >= 4);

    for (const auto& file : files) {
        INFO(file);
        Count count;
        compare(file, count);

        const auto least = std::ranges::min_element(
            count.by_place, {}, &std::pair<const std::string, std::size_t>::second);
        std::cout << file.stem().string() << ": " << count.settings << " settings, " << count.right
                  << " right, " << count.differ << " verdicts differ; " << count.by_place.size()
                  << " keywords violated, each alone at least " << least->second << " times:";
        for (const auto& [keyword, times] : count.by_keyword)
            std::cout << ' ' << keyword << ' ' << times;
        std::cout << '\n';

        CHECK(count.differ == 0);
        CHECK(count.settings == 10'000);
        CHECK(count.right >= count.settings * 3 / 10);
        CHECK(least->second >= 50);
    }
}
