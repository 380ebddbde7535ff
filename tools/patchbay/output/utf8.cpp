// SPDX-License-Identifier: Apache-2.0
// Reads UTF-8 code point by code point, and knows how wide each is on a terminal.

#include "output/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace patchbay::command {
namespace {

struct Block {
    char32_t first;
    char32_t last;
};

constexpr std::array not_printable = {
    Block{0x0000, 0x001F}, // control characters
    Block{0x007F, 0x009F},
    Block{0x061C, 0x061C}, // marks of writing direction
    Block{0x200E, 0x200F},
    Block{0x2028, 0x202E}, // separators of lines and paragraphs, and directions
    Block{0x2066, 0x2069},
    Block{0xFFF9, 0xFFFB}, // annotations
    Block{0xE0000, 0xE007F},
};

constexpr std::array combining = {
    Block{0x0300, 0x036F}, Block{0x0483, 0x0489}, Block{0x0591, 0x05BD},   Block{0x05BF, 0x05BF},
    Block{0x05C1, 0x05C2}, Block{0x05C4, 0x05C5}, Block{0x05C7, 0x05C7},   Block{0x0610, 0x061A},
    Block{0x064B, 0x065F}, Block{0x0670, 0x0670}, Block{0x06D6, 0x06DC},   Block{0x06DF, 0x06E4},
    Block{0x06E7, 0x06E8}, Block{0x06EA, 0x06ED}, Block{0x0900, 0x0902},   Block{0x093A, 0x093A},
    Block{0x093C, 0x093C}, Block{0x0941, 0x0948}, Block{0x094D, 0x094D},   Block{0x0951, 0x0957},
    Block{0x0E31, 0x0E31}, Block{0x0E34, 0x0E3A}, Block{0x0E47, 0x0E4E},   Block{0x1160, 0x11FF},
    Block{0x1AB0, 0x1AFF}, Block{0x1DC0, 0x1DFF}, Block{0x200B, 0x200D},   Block{0x2060, 0x2064},
    Block{0x20D0, 0x20FF}, Block{0x302A, 0x302D}, Block{0x3099, 0x309A},   Block{0xFE00, 0xFE0F},
    Block{0xFE20, 0xFE2F}, Block{0xFEFF, 0xFEFF}, Block{0x1F3FB, 0x1F3FF}, Block{0xE0100, 0xE01EF},
};

// Source: EastAsianWidth.txt of Unicode 14, classes W and F, blocks with small gaps closed.
constexpr std::array wide = {
    Block{0x1100, 0x115F},   Block{0x231A, 0x231B},   Block{0x2329, 0x232A},
    Block{0x23E9, 0x23EC},   Block{0x23F0, 0x23F0},   Block{0x23F3, 0x23F3},
    Block{0x25FD, 0x25FE},   Block{0x2614, 0x2615},   Block{0x2648, 0x2653},
    Block{0x267F, 0x267F},   Block{0x2693, 0x2693},   Block{0x26A1, 0x26A1},
    Block{0x26AA, 0x26AB},   Block{0x26BD, 0x26BE},   Block{0x26C4, 0x26C5},
    Block{0x26CE, 0x26CE},   Block{0x26D4, 0x26D4},   Block{0x26EA, 0x26EA},
    Block{0x26F2, 0x26F3},   Block{0x26F5, 0x26F5},   Block{0x26FA, 0x26FA},
    Block{0x26FD, 0x26FD},   Block{0x2705, 0x2705},   Block{0x270A, 0x270B},
    Block{0x2728, 0x2728},   Block{0x274C, 0x274C},   Block{0x274E, 0x274E},
    Block{0x2753, 0x2755},   Block{0x2757, 0x2757},   Block{0x2795, 0x2797},
    Block{0x27B0, 0x27B0},   Block{0x27BF, 0x27BF},   Block{0x2B1B, 0x2B1C},
    Block{0x2B50, 0x2B50},   Block{0x2B55, 0x2B55},   Block{0x2E80, 0x303E},
    Block{0x3041, 0x4DBF},   Block{0x4E00, 0xA4CF},   Block{0xA960, 0xA97F},
    Block{0xAC00, 0xD7A3},   Block{0xF900, 0xFAFF},   Block{0xFE10, 0xFE19},
    Block{0xFE30, 0xFE6F},   Block{0xFF01, 0xFF60},   Block{0xFFE0, 0xFFE6},
    Block{0x16FE0, 0x18CFF}, Block{0x1AFF0, 0x1B2FF}, Block{0x1F004, 0x1F004},
    Block{0x1F0CF, 0x1F0CF}, Block{0x1F18E, 0x1F18E}, Block{0x1F191, 0x1F19A},
    Block{0x1F200, 0x1F320}, Block{0x1F32D, 0x1F335}, Block{0x1F337, 0x1F37C},
    Block{0x1F37E, 0x1F393}, Block{0x1F3A0, 0x1F3CA}, Block{0x1F3CF, 0x1F3D3},
    Block{0x1F3E0, 0x1F3F0}, Block{0x1F3F4, 0x1F3F4}, Block{0x1F3F8, 0x1F43E},
    Block{0x1F440, 0x1F440}, Block{0x1F442, 0x1F4FC}, Block{0x1F4FF, 0x1F53D},
    Block{0x1F54B, 0x1F54E}, Block{0x1F550, 0x1F567}, Block{0x1F57A, 0x1F57A},
    Block{0x1F595, 0x1F596}, Block{0x1F5A4, 0x1F5A4}, Block{0x1F5FB, 0x1F64F},
    Block{0x1F680, 0x1F6C5}, Block{0x1F6CC, 0x1F6CC}, Block{0x1F6D0, 0x1F6D2},
    Block{0x1F6D5, 0x1F6DF}, Block{0x1F6EB, 0x1F6EF}, Block{0x1F6F4, 0x1F6FF},
    Block{0x1F7E0, 0x1F7EB}, Block{0x1F90C, 0x1F93A}, Block{0x1F93C, 0x1F945},
    Block{0x1F947, 0x1F9FF}, Block{0x1FA70, 0x1FAFF}, Block{0x20000, 0x3FFFD},
};

bool stands_in(std::span<const Block> blocks, char32_t code_point) {
    const auto block = std::ranges::lower_bound(blocks, code_point, {}, &Block::last);
    return block != blocks.end() && block->first <= code_point;
}

constexpr bool is_ordered(std::span<const Block> blocks) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (blocks[i].first > blocks[i].last) return false;
        if (i > 0 && blocks[i].first <= blocks[i - 1].last) return false;
    }
    return true;
}
static_assert(is_ordered(not_printable) && is_ordered(combining) && is_ordered(wide));

} // namespace

CodePoint read_code_point(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return {lead, 1};
    std::size_t size = 0;
    char32_t value = 0;
    char32_t smallest = 0; // what needs that many bytes
    if (lead >= 0xC2 && lead <= 0xDF) {
        size = 2;
        value = lead & 0x1FU;
        smallest = 0x80;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        size = 3;
        value = lead & 0x0FU;
        smallest = 0x800;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        size = 4;
        value = lead & 0x07U;
        smallest = 0x10000;
    }
    if (size == 0 || text.size() < size) return {};
    for (std::size_t i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0U) != 0x80U) return {};
        value = value << 6U | (byte & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest || value > 0x10FFFF || surrogate) return {};
    return {value, size};
}

bool is_utf8(std::string_view text) {
    // Most texts are ASCII, and one look at all bytes is a few vector instructions.
    unsigned char all_bits = 0;
    for (const char c : text)
        all_bits |= static_cast<unsigned char>(c);
    if (all_bits < 0x80) return true;

    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    while (!text.empty()) {
        // The others are ASCII for the most part.
        while (text.size() >= sizeof(std::uint64_t)) {
            std::uint64_t eight = 0;
            text.copy(reinterpret_cast<char*>(&eight), sizeof eight);
            if ((eight & high_bits) != 0) break;
            text.remove_prefix(sizeof eight);
        }
        if (text.empty()) break;
        const auto [value, size] = read_code_point(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

bool is_printable(char32_t code_point) {
    return !stands_in(not_printable, code_point);
}

int column_count(char32_t code_point) {
    if (code_point < 0x300) return 1;
    if (stands_in(combining, code_point)) return 0;
    return stands_in(wide, code_point) ? 2 : 1;
}

} // namespace patchbay::command
