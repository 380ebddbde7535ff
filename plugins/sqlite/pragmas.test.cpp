// SPDX-License-Identifier: Apache-2.0
// The list of pragmas, against the SQLite that is there.

#include "pragmas.hpp"

#include <patchbay/test/catch.hpp>

#include <sqlite3.h>

#include <memory>
#include <string>

using namespace patchbay::sqlite;

TEST_CASE("a pragma that is not on the list is refused", "[sqlite][pragmas]") {
    CHECK(effect_of_pragma("no_such_pragma") == PragmaEffect::refused);
    CHECK(effect_of_pragma("temp_store_directory") == PragmaEffect::refused);
    CHECK(effect_of_pragma("") == PragmaEffect::refused);
    CHECK(effect_of_pragma("Table_Info") == PragmaEffect::reads);
    CHECK(effect_of_pragma("WRITABLE_SCHEMA") == PragmaEffect::guarded);
}

TEST_CASE("every pragma of SQLite 3.40 was thought about", "[sqlite][pragmas]") {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(":memory:", &raw) == SQLITE_OK);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(raw, sqlite3_close);
    std::string unknown;
    const auto note = [](void* into, int, char** values, char**) {
        if (effect_of_pragma(values[0]) == PragmaEffect::refused) {
            *static_cast<std::string*>(into) += std::string(values[0]) + ' ';
        }
        return 0;
    };

    REQUIRE(sqlite3_exec(raw, "SELECT name FROM pragma_pragma_list ORDER BY name", note, &unknown,
                         nullptr) == SQLITE_OK);

    // The deprecated ones. A newer SQLite may have some that nobody has judged yet.
    const bool is_newer = sqlite3_libversion_number() >= 3041000;
    const std::string deprecated = "count_changes default_cache_size empty_result_callbacks "
                                   "full_column_names short_column_names temp_store_directory ";
    INFO(unknown);
    CHECK((is_newer || unknown == deprecated));
}
