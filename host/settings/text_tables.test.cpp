// SPDX-License-Identifier: Apache-2.0
// Texts are found in tables of any size, whatever their length and beginning.

#include "text_tables.hpp"

#include "schema_for_test.hpp"

using patchbay::host::TextTables;

TEST_CASE("a table finds exactly its texts", "[settings][tables]") {
    for (const std::size_t count : {0U, 1U, 8U, 9U, 300U}) {
        // Texts that agree in their first and last eight bytes, and all the short ones.
        std::vector<std::string> texts{"", "a", "ab", "abc", "abcdefg", "abcdefgh", "abcdefghi"};
        for (std::size_t i = 0; texts.size() < count; ++i)
            texts.push_back("property-" + std::to_string(i) + std::string(i % 40, '.') +
                            "-tail-8b");
        texts.resize(count);
        const std::vector<std::string_view> views(texts.begin(), texts.end());
        TextTables tables;
        (void)tables.add(std::vector<std::string_view>{"another", "table"});
        const auto table = tables.add(views);

        for (std::uint32_t i = 0; i < count; ++i) {
            INFO(count << " texts, looking for " << texts[i]);
            CHECK(tables.find(table, texts[i], 0) == i);
            CHECK(tables.find(table, texts[i], i) == i);
            CHECK(tables.find(table, texts[i], i + 1) == i);
            CHECK(tables.text(table, i) == texts[i]);
            CHECK(tables.find(table, texts[i] + "x", i) == TextTables::not_found);
        }
        CHECK(tables.find(table, "another", 0) == TextTables::not_found);
    }
}

TEST_CASE("texts of one length differ by every byte", "[settings][tables]") {
    for (std::size_t length = 1; length < 40; ++length) {
        const std::string text(length, 'a');
        TextTables tables;
        const auto table = tables.add(std::vector<std::string_view>{text});
        for (std::size_t i = 0; i < length; ++i) {
            auto other = text;
            other[i] = 'b';
            INFO(other);
            CHECK(tables.find(table, other) == TextTables::not_found);
        }
        CHECK(tables.find(table, text) == 0);
    }
}
