// SPDX-License-Identifier: Apache-2.0
// A hash of texts that nobody outside this process can aim at.
#pragma once

#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>

namespace patchbay::host {

// Drawn once per process: a document made so that its keys collide would have to guess it.
inline std::uint64_t hash_seed() {
    static const std::uint64_t seed = [] {
        std::random_device device;
        return (std::uint64_t{device()} << 32U) | device();
    }();
    return seed;
}

// Mixes two words by the two halves of their product, as wyhash does.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{a} * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// The bytes that begin at an offset, which the text has.
template <typename Word>
Word load(std::string_view text, std::size_t offset) {
    Word word = 0;
    std::memcpy(&word, text.data() + offset, sizeof word);
    return word;
}

// The first eight bytes. Of a shorter text all there are, in an order of their own; two of equal
// length are equal if this is.
inline std::uint64_t first_word(std::string_view text) {
    const auto size = text.size();
    if (size >= 8) return load<std::uint64_t>(text, 0);
    if (size >= 4) {
        return (std::uint64_t{load<std::uint32_t>(text, 0)} << 32U) |
               load<std::uint32_t>(text, size - 4);
    }
    if (size == 0) return 0;
    const auto byte = [text](std::size_t i) {
        return std::uint64_t{static_cast<unsigned char>(text[i])};
    };
    return (byte(0) << 16U) | (byte(size / 2) << 8U) | byte(size - 1);
}

// The last eight bytes of a text that has so many.
inline std::uint64_t last_word(std::string_view text) {
    return text.size() >= 8 ? load<std::uint64_t>(text, text.size() - 8) : 0;
}

inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;
    std::uint64_t hash = seed ^ text.size();
    auto rest = text;
    for (; rest.size() > 16; rest.remove_prefix(16))
        hash = mix(load<std::uint64_t>(rest, 0) ^ odd, load<std::uint64_t>(rest, 8) ^ hash);
    return mix(first_word(rest) ^ odd ^ seed, last_word(text) ^ hash);
}

} // namespace patchbay::host
