// SPDX-License-Identifier: Apache-2.0
// Validating right settings beside valijson, and compiling a schema beside parsing its text.
//
//     bench_settings --rounds N --scale F

#include <host/settings/ecma_pattern.hpp>
#include <host/settings/schema.hpp>
#include <tests/bench/rounds.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <re2/re2.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#include <vector>

namespace {

namespace bench = patchbay::bench;
namespace json = boost::json;
using patchbay::host::Schema;

std::string read_text(std::string_view name) {
    const auto path = std::string(PATCHBAY_BENCH_SETTINGS "/").append(name);
    std::ifstream file(path);
    if (!file) bench::stop("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

Schema compile(const json::value& document) {
    auto schema = Schema::compile(document);
    if (!schema) bench::stop("the schema does not compile");
    return *schema;
}

// A count that the optimiser cannot see through.
std::size_t repeat(std::size_t times, const std::function<bool()>& work) {
    std::size_t held = 0;
    for (std::size_t i = 0; i < times; ++i)
        held += static_cast<std::size_t>(work());
    return held;
}

void expect(std::size_t held, std::size_t times) {
    if (held != times) bench::stop("a verdict is wrong");
}

void measure_validation(const json::value& document, const json::value& settings, int rounds,
                        std::size_t times) {
    const auto ours = compile(document);
    valijson::Schema theirs;
    valijson::SchemaParser().populateSchema(valijson::adapters::BoostJsonAdapter(document), theirs);
    valijson::Validator validator;
    const valijson::adapters::BoostJsonAdapter target(settings);

    auto wrong = settings;
    wrong.at("connection").at("port") = 70'000;
    if (ours.accepts(wrong) ||
        validator.validate(theirs, valijson::adapters::BoostJsonAdapter(wrong), nullptr)) {
        bench::stop("a wrong port is accepted");
    }

    const auto samples = bench::measure_in_turns(
        rounds,
        {[&] { expect(repeat(times, [&] { return ours.accepts(settings); }), times); },
         [&] {
             expect(repeat(times, [&] { return validator.validate(theirs, target, nullptr); }),
                    times);
         }});
    bench::print_time("validate settings of 25 properties, of valijson", 0.25,
                      bench::per_piece(samples[0], times), bench::per_piece(samples[1], times));
}

// The value of every "pattern" of a schema, as RE2 reads it.
void append_patterns(const json::value& schema, std::vector<std::string>& patterns) {
    if (const auto* object = schema.if_object()) {
        for (const auto& [key, member] : *object) {
            if (key == "pattern" && member.is_string()) {
                patterns.push_back(patchbay::host::read_ecma_pattern(member.get_string()).re2);
            } else {
                append_patterns(member, patterns);
            }
        }
    } else if (const auto* array = schema.if_array()) {
        for (const auto& item : *array)
            append_patterns(item, patterns);
    }
}

// As the compiler of schemas does it.
bool construct(const std::string& pattern) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(std::int64_t{1} << 20U);
    return RE2(pattern, options).ok();
}

void measure_compilation(const std::string& text, const json::value& document, int rounds,
                         std::size_t times) {
    std::vector<std::string> patterns;
    append_patterns(document, patterns);

    const auto samples = bench::measure_in_turns(
        rounds,
        {[&] {
             // It takes a document over. The copy is made here, and its cost taken off below.
             expect(repeat(times, [&] { return Schema::compile(document).has_value(); }), times);
         },
         [&] {
             for (const auto& pattern : patterns)
                 expect(repeat(times, [&] { return construct(pattern); }), times);
         },
         [&] { expect(repeat(times, [&] { return json::value(document).is_object(); }), times); },
         [&] { expect(repeat(times, [&] { return json::parse(text).is_object(); }), times); }});
    auto ours = samples[0];
    for (std::size_t i = 0; i < ours.size(); ++i)
        ours[i] -= samples[1][i] + samples[2][i];
    const auto parsing = bench::per_piece(samples[3], times);
    bench::print_time("compile a schema without its RE2s, of parsing it", 3,
                      bench::per_piece(ours, times), parsing);
}

} // namespace

int main(int count, char** words) {
    const bench::Arguments arguments(count, words);
    const auto schema_text = read_text("warehouse.settings.schema.json");
    const auto document = json::parse(schema_text);
    const auto settings = json::parse(read_text("warehouse.settings.json"));

    // Never less than outlasts a few turns of the scheduler, however small the scale.
    const auto times = [&](std::size_t full) { return arguments.scaled(full) + full / 10; };
    measure_validation(document, settings, arguments.rounds(), times(20'000));
    measure_compilation(schema_text, document, arguments.rounds(), times(2'000));
    return 0;
}
