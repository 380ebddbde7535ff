// SPDX-License-Identifier: Apache-2.0
// What becomes of a host that meets each connector of the zoo.

#include "probe_run.hpp"
#include "specimens.hpp"

#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

constexpr auto patience = 60s;

ProbeRun run(const Specimen& specimen) {
    return run_probe(
        "use",
        {ZOO_CONNECTORS, std::to_string(specimen.timeout.count()), std::string(specimen.name)},
        specimen.patience);
}

bool is_skipped(const Specimen& specimen) {
    return !specimen.not_under.empty() &&
           std::string_view(ZOO_SANITIZE).contains(specimen.not_under);
}

// "refused: library.no-entry" is a verdict without running anything.
std::string verdict_of_listing(const Specimen& specimen) {
    return specimen.verdict.starts_with("refused: ") ? std::string(specimen.verdict) : "usable";
}

} // namespace

TEST_CASE("each connector of the zoo has its verdict", "[zoo]") {
    std::size_t right = 0;
    std::size_t skipped = 0;
    for (const auto& specimen : specimens()) {
        INFO(specimen.name << " " << specimen.misdeed);
        if (is_skipped(specimen)) {
            ++skipped;
            std::cout << "SKIPPED " << specimen.name << ": " << specimen.because << '\n';
            continue;
        }

        const auto seen = run(specimen);

        const auto message = seen.find(seen.count("refused") != 0 ? "refused" : "error")[2];
        INFO(message);
        CHECK(seen.verdict() == specimen.verdict);
        CHECK(message.contains(specimen.says));
        if (specimen.name == "ctor_sleep2s") CHECK(seen.took >= 2s);
        if (seen.verdict() == specimen.verdict && message.contains(specimen.says)) ++right;
    }
    std::cout << "zoo: " << right << " of " << specimens().size() - skipped << " verdicts right, "
              << skipped << " skipped\n";
}

TEST_CASE("good connectors are listed and work beside the whole zoo", "[zoo]") {
    std::vector<std::string> arguments{ZOO_CONNECTORS, "20000"};
    for (int number = 1; number <= 20; ++number)
        arguments.push_back("good_" + std::to_string(number));

    const auto listing = run_probe("list", {ZOO_CONNECTORS}, patience);
    const auto use = run_probe("use", arguments, patience);

    CHECK(listing.end == "works");
    CHECK(listing.count("mapped") == 0);
    CHECK(listing.changes().empty());
    CHECK(listing.output.empty());
    for (std::size_t i = 2; i < arguments.size(); ++i)
        CHECK(listing.find(arguments[i])[1] == "usable");
    for (const auto& specimen : specimens()) {
        INFO(specimen.name);
        const auto [name, state, code] = listing.find(specimen.name);
        CHECK((state == "refused" ? "refused: " + code : state) == verdict_of_listing(specimen));
    }
    CHECK(use.verdict() == "works");
    CHECK(use.count("who") == 2 * 20);
}

TEST_CASE("the table has every connector of the zoo, each once", "[zoo]") {
    std::set<std::string> built;
    for (const auto& entry : fs::directory_iterator(ZOO_CONNECTORS)) {
        auto name = entry.path().filename().string();
        if (!name.starts_with("good_")) built.insert(std::move(name));
    }

    std::set<std::string> listed;
    for (const auto& specimen : specimens())
        CHECK(listed.emplace(specimen.name).second);

    CHECK(listed == built);
}

TEST_CASE("two connectors with one inline variable in two layouts each see their own", "[zoo]") {
    const auto seen =
        run_probe("use", {ZOO_CONNECTORS, "20000", "inline_v1", "inline_v2"}, patience);

    CHECK(seen.verdict() == "works");
    std::set<std::string> answers;
    for (const auto& [key, name, who] : seen.report)
        if (key == "who") answers.insert(name + " is " + who);
    CHECK(answers == std::set<std::string>{"inline_v1 is v1", "inline_v2 is v2"});
}

TEST_CASE("a decimal comma in the process's locale changes nothing that the host says", "[zoo]") {
#if defined(ZOO_LOCALES)
    // Its second connection gets its settings, a number among them, when the locale is changed.
    const auto seen = run_probe("use", {ZOO_CONNECTORS, "20000", "mutate_locale"}, patience,
                                {"LOCPATH=" ZOO_LOCALES, "ZOO_LOCALE=de_DE.UTF-8"});

    CHECK(seen.verdict() == "works; changes locale");
    CHECK(seen.count("rows") == 2);
    CHECK(seen.find("printf")[1] == "2,5"); // the change is real
#else
    std::cout << "SKIPPED: this system has no localedef with the source of de_DE\n";
    SUCCEED();
#endif
}

// The verdict "works" would also be that of a misdeed that did not happen.
TEST_CASE("what the host undoes or refuses happens to who loads without it", "[zoo]") {
    const auto in_zoo = [](const std::string& name) {
        return (fs::path(ZOO_CONNECTORS) / name / (name + ".so")).string();
    };

    const auto fpu = run_probe("dlopen", {in_zoo("mutate_fpu")}, patience);
    const auto stack = run_probe("dlopen", {in_zoo("elf_execstack")}, patience);

    CHECK(fpu.count("mapped") != 0);
    CHECK(fpu.changes() == "floating point");
    // From glibc 2.41 on the loader refuses it, too.
    if (stack.count("error") == 0) CHECK(stack.changes() == "stack");
}

TEST_CASE("the README has a row for each connector of the zoo, as the table has it", "[zoo]") {
    std::vector<std::string> rows;
    std::istringstream page(patchbay::test::read_file(ZOO_README));
    for (std::string line; std::getline(page, line);)
        if (line.starts_with("| `")) rows.push_back(line);

    std::vector<std::string> expected;
    for (const auto& [name, misdeed, verdict, says, timeout, all, sanitizer, why] : specimens()) {
        expected.push_back("| `" + std::string(name) + "` | " + std::string(misdeed) + " | " +
                           std::string(verdict) + " |");
    }
    CHECK(rows == expected);
}
