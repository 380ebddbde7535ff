// SPDX-License-Identifier: Apache-2.0
// Regular expressions as JSON Schema writes them (ECMA-262), said in RE2's words.

#include "ecma_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace patchbay::host {
namespace {

constexpr std::uint32_t last_code_point = 0x10ffff;

constexpr std::string_view any_class = R"([\x00-\x{10ffff}])";
constexpr std::string_view nothing_class = R"([^\x00-\x{10ffff}])";
constexpr std::string_view dot_class = R"([^\n\r\x{2028}\x{2029}])";

// WhiteSpace and LineTerminator of ECMA-262, and all the rest, as they stand inside brackets.
constexpr std::string_view space_ranges =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view non_space_ranges =
    R"(\x00-\x08\x0e-\x1f!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e})"
    R"(\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";

// General categories: RE2 knows the short names only.
constexpr std::pair<std::string_view, std::string_view> long_categories[] = {
    {"Cased_Letter", ""}, // RE2 has no LC
    {"Close_Punctuation", "Pe"},
    {"Connector_Punctuation", "Pc"},
    {"Control", "Cc"},
    {"Currency_Symbol", "Sc"},
    {"Dash_Punctuation", "Pd"},
    {"Decimal_Number", "Nd"},
    {"Enclosing_Mark", "Me"},
    {"Final_Punctuation", "Pf"},
    {"Format", "Cf"},
    {"Initial_Punctuation", "Pi"},
    {"Letter", "L"},
    {"Letter_Number", "Nl"},
    {"Line_Separator", "Zl"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Math_Symbol", "Sm"},
    {"Modifier_Letter", "Lm"},
    {"Modifier_Symbol", "Sk"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Open_Punctuation", "Ps"},
    {"Other", "C"},
    {"Other_Letter", "Lo"},
    {"Other_Number", "No"},
    {"Other_Punctuation", "Po"},
    {"Other_Symbol", "So"},
    {"Paragraph_Separator", "Zp"},
    {"Private_Use", "Co"},
    {"Punctuation", "P"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Spacing_Mark", "Mc"},
    {"Surrogate", "Cs"},
    {"Symbol", "S"},
    {"Titlecase_Letter", "Lt"},
    {"Unassigned", ""}, // nor Cn
    {"Uppercase_Letter", "Lu"},
    {"cntrl", "Cc"},
    {"digit", "Nd"},
    {"punct", "P"},
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What flag "u" calls SyntaxCharacter, and the slash.
bool is_syntax(char c) {
    return std::string_view(R"(^$\.*+?()[]{}|/)").contains(c);
}

// One pass over the pattern; open groups are counted, so that nothing recurses.
class Reader {
  public:
    explicit Reader(std::string_view pattern) : text_(pattern) {}

    EcmaPattern read() {
        while (at_ < text_.size() && failed_.empty())
            read_term();
        if (open_groups_ > 0) fail("a ( is not closed");
        EcmaPattern pattern;
        pattern.syntax_error = std::move(failed_);
        pattern.unsupported = std::move(unsupported_);
        pattern.not_portable = std::move(not_u_);
        if (pattern.syntax_error.empty() && pattern.unsupported.empty()) {
            pattern.re2 = std::move(out_);
        }
        return pattern;
    }

  private:
    // What stands before a quantifier.
    enum class Before : std::uint8_t { nothing, atom, assertion };

    [[nodiscard]] bool ended() const { return at_ == text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    bool take(std::string_view expected) {
        if (!text_.substr(at_).starts_with(expected)) return false;
        at_ += expected.size();
        return true;
    }

    void fail(std::string_view why) {
        if (failed_.empty()) failed_ = fmt::format("{} (at byte {})", why, at_ + 1);
    }
    void cannot(std::string_view what) {
        if (unsupported_.empty()) unsupported_ = what;
    }
    void lenient(std::string what) {
        if (not_u_.empty()) not_u_ = std::move(what);
    }

    void read_term() {
        const char c = peek();
        switch (c) {
        case '|':
            ++at_;
            out_ += '|';
            before_ = Before::nothing;
            return;
        case '^':
        case '$':
            ++at_;
            out_ += c;
            before_ = Before::assertion;
            return;
        case '(':
            open_group();
            return;
        case ')':
            close_group();
            return;
        case '*':
        case '+':
        case '?':
            ++at_;
            quantify(std::string(1, c));
            return;
        case '{':
            read_brace();
            return;
        case '[':
            ++at_;
            read_class();
            before_ = Before::atom;
            return;
        case '\\':
            ++at_;
            read_escape();
            return;
        case '.':
            ++at_;
            out_ += dot_class;
            before_ = Before::atom;
            return;
        case ']':
        case '}':
            lenient(fmt::format("a lone {} must be written \\{}", c, c));
            ++at_;
            out_ += '\\';
            out_ += c;
            before_ = Before::atom;
            return;
        default:
            out_ += take_character();
            before_ = Before::atom;
            return;
        }
    }

    // One character of up to four bytes. RE2 refuses what is no UTF-8.
    std::string_view take_character() {
        std::size_t size = 1;
        while (size < 4 && (static_cast<unsigned char>(peek(size)) & 0xc0U) == 0x80U)
            ++size;
        at_ += size;
        return text_.substr(at_ - size, size);
    }

    void open_group() {
        ++at_;
        if (take("?=") || take("?!")) {
            cannot("look-ahead");
        } else if (take("?<=") || take("?<!")) {
            cannot("look-behind");
        } else if (take("?<")) {
            read_group_name();
        } else if (!take("?:") && peek() == '?') {
            return fail("(? begins no kind of group; a plain group is (?:...)");
        }
        ++open_groups_;
        out_ += "(?:";
        before_ = Before::nothing;
    }

    void close_group() {
        if (open_groups_ == 0) return fail("a ) closes no group");
        --open_groups_;
        ++at_;
        out_ += ')';
        before_ = Before::atom;
    }

    // Up to and with ">"; that names are unique makes no difference to what matches.
    void read_group_name() {
        const auto end = text_.find('>', at_);
        const auto name = text_.substr(at_, end == std::string_view::npos ? 0 : end - at_);
        const bool good =
            !name.empty() && !is_digit(name.front()) && std::ranges::all_of(name, [](char c) {
                return is_letter(c) || is_digit(c) || c == '_' || c == '$' ||
                       (static_cast<unsigned char>(c) & 0x80U) != 0;
            });
        if (!good) return fail("a group's name is not closed or is no name");
        at_ = end + 1;
    }

    void quantify(std::string_view quantifier) {
        if (before_ == Before::nothing)
            return fail(fmt::format("nothing to repeat with {}", quantifier));
        if (before_ == Before::assertion) {
            return fail(fmt::format("{} cannot repeat a place such as ^, $ or \\b", quantifier));
        }
        // Lazy or greedy, the same texts match.
        take("?");
        out_ += quantifier;
        before_ = Before::nothing;
    }

    // {2}, {2,} or {2,5}; anything else is a brace that stands for itself.
    void read_brace() {
        const auto end = text_.find('}', at_);
        const auto inside = end == std::string_view::npos ? std::string_view{}
                                                          : text_.substr(at_ + 1, end - at_ - 1);
        const auto comma = inside.find(',');
        const auto least = inside.substr(0, comma);
        const auto most = comma == std::string_view::npos ? least : inside.substr(comma + 1);
        const bool counts = !least.empty() && std::ranges::all_of(least, is_digit) &&
                            std::ranges::all_of(most, is_digit);
        if (!counts) {
            lenient(R"(a lone { must be written \{)");
            ++at_;
            out_ += R"(\{)";
            before_ = Before::atom;
            return;
        }
        const auto count = [](std::string_view digits) -> std::optional<unsigned> {
            unsigned value = 0;
            const auto result =
                std::from_chars(digits.data(), digits.data() + digits.size(), value);
            if (result.ec != std::errc{}) return std::nullopt;
            return value;
        };
        const auto low = count(least);
        const auto high = most.empty() ? std::nullopt : count(most);
        at_ = end + 1;
        if (low && high && *low > *high) return fail("the numbers in {} are out of order");
        constexpr unsigned re2_limit = 1000;
        if (!low || *low > re2_limit || (!most.empty() && (!high || *high > re2_limit))) {
            cannot("more than 1000 repetitions");
        }
        quantify(fmt::format("{{{}}}", inside));
    }

    void read_escape() {
        if (ended()) return fail(R"(\ stands at the end)");
        const char c = peek();
        if (c == 'b' || c == 'B') {
            ++at_;
            out_ += '\\';
            out_ += c;
            before_ = Before::assertion;
            return;
        }
        before_ = Before::atom;
        if (c == 'k') return read_named_reference();
        if (c >= '1' && c <= '9') {
            ++at_;
            cannot("a back-reference");
            return;
        }
        if (const auto set = read_set_escape(); !set.empty()) {
            out_.append("[").append(set).append("]");
            return;
        }
        if (!failed_.empty()) return;
        if (const auto code_point = read_character_escape()) write(*code_point);
    }

    void read_named_reference() {
        ++at_;
        if (!take("<")) {
            lenient(R"(\k is a reference to a named group)");
            out_ += 'k';
            return;
        }
        read_group_name();
        cannot("a back-reference");
    }

    // \d \D \s \S \w \W \p{...} \P{...}: what goes between brackets, or "" where it is none of
    // them.
    std::string read_set_escape() {
        const char c = peek();
        switch (c) {
        case 'd':
        case 'D':
        case 'w':
        case 'W':
            ++at_;
            return {'\\', c};
        case 's':
            ++at_;
            return std::string(space_ranges);
        case 'S':
            ++at_;
            return std::string(non_space_ranges);
        case 'p':
        case 'P':
            return read_property_escape();
        default:
            return {};
        }
    }

    std::string read_property_escape() {
        const bool negated = peek() == 'P';
        const auto end = text_.find('}', at_);
        if (peek(1) != '{' || end == std::string_view::npos) {
            fail(R"(\p must be followed by the name of a property in braces)");
            return {};
        }
        auto name = text_.substr(at_ + 2, end - at_ - 2);
        at_ = end + 1;
        for (const std::string_view prefix : {"General_Category=", "gc="}) {
            if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
        }
        bool script = false;
        for (const std::string_view prefix : {"Script=", "sc="}) {
            if (!name.starts_with(prefix)) continue;
            name.remove_prefix(prefix.size());
            script = true;
        }
        const auto named = std::ranges::find(long_categories, name,
                                             &std::pair<std::string_view, std::string_view>::first);
        if (!script && named != std::end(long_categories)) name = named->second;
        const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
            return is_letter(c) || c == '_';
        });
        // A short category, or a script by its name; RE2 says whether it knows it.
        if (!plain || (!script && name.size() > 2)) {
            cannot("a Unicode property other than a general category or a script");
            return R"(\d)";
        }
        return fmt::format(R"(\{}{{{}}})", negated ? 'P' : 'p', name);
    }

    // Behind the backslash: one character in any of its notations.
    std::optional<std::uint32_t> read_character_escape() {
        const char c = peek();
        constexpr std::pair<char, char> controls[] = {
            {'t', '\t'}, {'n', '\n'}, {'v', '\v'}, {'f', '\f'}, {'r', '\r'}};
        for (const auto& [letter, control] : controls) {
            if (c != letter) continue;
            ++at_;
            return static_cast<std::uint32_t>(control);
        }
        if (c == '0') {
            ++at_;
            if (is_digit(peek())) {
                cannot("an octal escape");
            }
            return 0;
        }
        if (c == 'c') {
            if (!is_letter(peek(1))) cannot(R"(\c without a letter)");
            at_ += is_letter(peek(1)) ? 2U : 1U;
            return static_cast<unsigned char>(text_[at_ - 1]) % 32U;
        }
        if (c == 'x') {
            if (const auto code = hex_digits(at_ + 1, 2)) {
                at_ += 3;
                return code;
            }
        }
        if (c == 'u') {
            if (const auto code = read_unicode_escape()) return code;
            if (!failed_.empty() || !unsupported_.empty()) return std::nullopt;
        }
        // An identity escape.
        if (!is_syntax(c)) lenient(fmt::format("the character after \\ in \\{} needs none", c));
        return decode(take_character());
    }

    // \u0041, \ud83d\udc32 or \u{1f432}, with at_ on the u.
    std::optional<std::uint32_t> read_unicode_escape() {
        if (peek(1) == '{') {
            const auto end = text_.find('}', at_);
            const auto digits = end == std::string_view::npos ? 0 : end - at_ - 2;
            const auto code =
                digits > 0 && digits <= 8 ? hex_digits(at_ + 2, digits) : std::nullopt;
            if (!code || *code > last_code_point) {
                fail(R"(\u{ holds no code point)");
                return std::nullopt;
            }
            at_ = end + 1;
            return accept_scalar(*code);
        }
        const auto high = hex_digits(at_ + 1, 4);
        if (!high) return std::nullopt; // an identity escape of u
        at_ += 5;
        const bool leads = *high >= 0xd800 && *high < 0xdc00;
        if (leads && peek() == '\\' && peek(1) == 'u') {
            const auto low = hex_digits(at_ + 2, 4);
            if (low && *low >= 0xdc00 && *low < 0xe000) {
                at_ += 6;
                return 0x10000 + ((*high - 0xd800) << 10U) + (*low - 0xdc00);
            }
        }
        return accept_scalar(*high);
    }

    std::optional<std::uint32_t> accept_scalar(std::uint32_t code) {
        if (code < 0xd800 || code > 0xdfff) return code;
        cannot("half of a surrogate pair");
        return std::nullopt;
    }

    [[nodiscard]] std::optional<std::uint32_t> hex_digits(std::size_t from,
                                                          std::size_t count) const {
        if (from + count > text_.size()) return std::nullopt;
        std::uint32_t value = 0;
        const char* const first = text_.data() + from;
        const auto result = std::from_chars(first, first + count, value, 16);
        if (result.ec != std::errc{} || result.ptr != first + count) return std::nullopt;
        return value;
    }

    [[nodiscard]] static std::uint32_t decode(std::string_view character) {
        const auto byte = [&](std::size_t i) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
        };
        if (character.size() == 1) return byte(0);
        std::uint32_t code = byte(0) & (0x7fU >> character.size());
        for (std::size_t i = 1; i < character.size(); ++i)
            code = (code << 6U) | (byte(i) & 0x3fU);
        return code;
    }

    // What means nothing to RE2 stands as it is, the rest in a notation that is safe anywhere.
    void write(std::uint32_t code) {
        const bool printable = code > 0x20 && code < 0x7f;
        const char c = printable ? static_cast<char>(code) : '-';
        if (!is_syntax(c) && c != '-') {
            out_ += c;
        } else {
            out_ += fmt::format(R"(\x{{{:x}}})", code);
        }
    }

    // Behind the [.
    void read_class() {
        const bool negated = take("^");
        if (take("]")) {
            out_ += negated ? any_class : nothing_class;
            return;
        }
        out_ += negated ? "[^" : "[";
        while (failed_.empty()) {
            if (ended()) return fail("a [ is not closed");
            if (take("]")) break;
            read_class_range();
        }
        out_ += ']';
    }

    void read_class_range() {
        const auto first = read_class_atom();
        if (!failed_.empty()) return;
        const bool range = peek() == '-' && at_ + 1 < text_.size() && peek(1) != ']';
        if (!range) {
            if (first) write(*first);
            return;
        }
        ++at_;
        const auto last = read_class_atom();
        if (!failed_.empty()) return;
        if (first && last) {
            if (*first > *last) return fail("a range in [] is out of order");
            write(*first);
            out_ += '-';
            write(*last);
            return;
        }
        // [\d-x]: the hyphen stands for itself.
        lenient("a set such as \\d cannot be an end of a range");
        if (first) write(*first);
        write('-');
        if (last) write(*last);
    }

    // One character of a class, or nothing where it was a set, which is written at once.
    std::optional<std::uint32_t> read_class_atom() {
        if (ended()) {
            fail("a [ is not closed");
            return std::nullopt;
        }
        if (!take("\\")) return decode(take_character());
        if (ended()) {
            fail(R"(\ stands at the end)");
            return std::nullopt;
        }
        if (take("b")) return '\b';
        if (take("-")) return '-';
        if (peek() == 'B' || (peek() >= '1' && peek() <= '9')) {
            cannot(fmt::format("\\{} inside []", peek()));
            ++at_;
            return std::nullopt;
        }
        if (const auto set = read_set_escape(); !set.empty()) {
            out_ += set;
            return std::nullopt;
        }
        if (!failed_.empty()) return std::nullopt;
        return read_character_escape();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string out_;
    Before before_ = Before::nothing;
    std::size_t open_groups_ = 0;
    std::string failed_;
    std::string unsupported_;
    std::string not_u_;
};

} // namespace

EcmaPattern read_ecma_pattern(std::string_view pattern) {
    return Reader(pattern).read();
}

} // namespace patchbay::host
