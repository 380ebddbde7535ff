// SPDX-License-Identifier: Apache-2.0
// What each pragma of SQLite does, as far as a shared session has to care.
//
// Source: https://www.sqlite.org/pragma.html

#include "pragmas.hpp"

#include "ascii_case.hpp"

namespace patchbay::sqlite {

namespace {

struct Pragma {
    std::string_view name;
    PragmaEffect effect;
};

using enum PragmaEffect;

// In the order of the alphabet. Not here, and so refused: what only debug builds know, what is
// deprecated (among it temp_store_directory, which is one for the whole process), and what does not
// exist, which SQLite would ignore.
constexpr Pragma pragmas[] = {
    {"analysis_limit", setting},
    {"application_id", stored},
    {"auto_vacuum", setting}, // takes effect at the next VACUUM of this session
    {"automatic_index", setting},
    {"busy_timeout", guarded}, // would replace the handler that obeys the call
    {"cache_size", setting},
    {"cache_spill", setting},
    {"case_sensitive_like", setting},
    {"cell_size_check", setting},
    {"checkpoint_fullfsync", setting},
    {"collation_list", reads},
    {"compile_options", reads},
    {"data_version", reads},
    {"database_list", reads},
    {"defer_foreign_keys", setting},
    {"encoding", setting}, // of a file that is still empty
    {"foreign_key_check", reads},
    {"foreign_key_list", reads},
    {"foreign_keys", setting},
    {"freelist_count", reads},
    {"fullfsync", setting},
    {"function_list", reads},
    {"hard_heap_limit", guarded}, // of the whole process
    {"ignore_check_constraints", setting},
    {"incremental_vacuum", works},
    {"index_info", reads},
    {"index_list", reads},
    {"index_xinfo", reads},
    {"integrity_check", reads},
    {"journal_mode", setting}, // the file keeps only WAL
    {"journal_size_limit", setting},
    {"legacy_alter_table", setting},
    {"locking_mode", setting},
    {"max_page_count", setting},
    {"mmap_size", guarded}, // a file that is cut while it is mapped kills the process
    {"module_list", reads},
    {"optimize", works},
    {"page_count", reads},
    {"page_size", setting}, // takes effect at the next VACUUM of this session
    {"pragma_list", reads},
    {"query_only", guarded}, // how a read-only transaction is kept
    {"quick_check", reads},
    {"read_uncommitted", setting},
    {"recursive_triggers", setting},
    {"reverse_unordered_selects", setting},
    {"schema_version", guarded}, // a wrong one damages the file
    {"secure_delete", setting},
    {"shrink_memory", works},
    {"soft_heap_limit", guarded}, // of the whole process
    {"synchronous", setting},
    {"table_info", reads},
    {"table_list", reads},
    {"table_xinfo", reads},
    {"temp_store", setting},
    {"threads", guarded}, // would start threads that know no call
    {"trusted_schema", guarded},
    {"user_version", stored},
    {"wal_autocheckpoint", setting},
    {"wal_checkpoint", works},
    {"writable_schema", guarded}, // a wrong one damages the file
};

} // namespace

PragmaEffect effect_of_pragma(std::string_view name) {
    for (const auto& pragma : pragmas) {
        if (equal_ignoring_case(pragma.name, name)) return pragma.effect;
    }
    return refused;
}

} // namespace patchbay::sqlite
