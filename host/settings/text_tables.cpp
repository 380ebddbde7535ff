// SPDX-License-Identifier: Apache-2.0
// Finds a text among those that a schema names: property keys, enumerated values.

#include "text_tables.hpp"

#include "text_hash.hpp"

#include <bit>
#include <cstring>

namespace patchbay::host {

TextTables::Key TextTables::key_of(std::string_view text) {
    return {first_word(text), last_word(text), text.data(),
            static_cast<std::uint32_t>(text.size())};
}

bool TextTables::equal(const Key& a, const Key& b) {
    constexpr std::uint32_t in_words = 2 * sizeof(std::uint64_t);
    return a.first_word == b.first_word && a.last_word == b.last_word && a.size == b.size &&
           (a.size <= in_words || std::memcmp(a.data, b.data, a.size) == 0);
}

TextTable TextTables::add(std::span<const std::string_view> texts) {
    constexpr std::size_t few = 8;
    TextTable table{static_cast<std::uint32_t>(keys_.size()),
                    static_cast<std::uint32_t>(texts.size()), 0, 0};
    for (const auto text : texts)
        keys_.push_back(key_of(text));
    if (texts.size() <= few) return table;

    const auto slot_count = std::bit_ceil(texts.size() * 2);
    table.first_slot = static_cast<std::uint32_t>(slots_.size());
    table.slot_mask = static_cast<std::uint32_t>(slot_count - 1);
    slots_.resize(slots_.size() + slot_count, 0);
    for (std::uint32_t position = 0; position < table.key_count; ++position) {
        auto slot = hash_text(texts[position], hash_seed()) & table.slot_mask;
        while (slots_[table.first_slot + slot] != 0)
            slot = (slot + 1) & table.slot_mask;
        slots_[table.first_slot + slot] = position + 1;
    }
    return table;
}

std::uint32_t TextTables::find(const TextTable& table, std::string_view text,
                               std::uint32_t expected) const {
    const Key sought = key_of(text);
    const Key* const keys = keys_.data() + table.first_key;
    if (expected < table.key_count && equal(keys[expected], sought)) return expected;
    if (table.slot_mask == 0) {
        for (std::uint32_t position = 0; position < table.key_count; ++position) {
            if (equal(keys[position], sought)) return position;
        }
        return not_found;
    }
    auto slot = hash_text(text, hash_seed()) & table.slot_mask;
    while (true) {
        const auto entry = slots_[table.first_slot + slot];
        if (entry == 0) return not_found;
        if (equal(keys[entry - 1], sought)) return entry - 1;
        slot = (slot + 1) & table.slot_mask;
    }
}

} // namespace patchbay::host
