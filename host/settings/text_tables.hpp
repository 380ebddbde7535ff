// SPDX-License-Identifier: Apache-2.0
// Finds a text among those that a schema names: property keys, enumerated values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace patchbay::host {

// One table among all of a schema; a handle for TextTables.
struct TextTable {
    std::uint32_t first_key = 0;
    std::uint32_t key_count = 0;
    std::uint32_t first_slot = 0;
    std::uint32_t slot_mask = 0; // 0 = so few keys that they are compared one by one
};

// All tables of a schema in two vectors. Keys are borrowed; they live in the schema's document.
class TextTables {
  public:
    static constexpr std::uint32_t not_found = UINT32_MAX;

    // Of equal texts only the first is ever found.
    TextTable add(std::span<const std::string_view> texts);

    // The text's position in its table. Looks first at the one that is expected, since documents
    // tend to keep the order of their schema.
    [[nodiscard]] std::uint32_t find(const TextTable& table, std::string_view text,
                                     std::uint32_t expected = 0) const;

    [[nodiscard]] std::string_view text(const TextTable& table, std::uint32_t position) const {
        const auto& key = keys_[table.first_key + position];
        return {key.data, key.size};
    }

  private:
    struct Key {
        std::uint64_t first_word; // with the last one: all of a key of up to sixteen bytes
        std::uint64_t last_word;
        const char* data;
        std::uint32_t size;
    };

    [[nodiscard]] static Key key_of(std::string_view text);
    [[nodiscard]] static bool equal(const Key& a, const Key& b);

    std::vector<Key> keys_;
    std::vector<std::uint32_t> slots_; // position + 1; 0 = empty
};

} // namespace patchbay::host
