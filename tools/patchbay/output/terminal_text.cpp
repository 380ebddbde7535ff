// SPDX-License-Identifier: Apache-2.0
// Text as it may stand on a terminal: nothing a stranger wrote can steer it.

#include "output/terminal_text.hpp"

#include "output/utf8.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace patchbay::command {
namespace {

// How one character, or one byte that is none, is shown; and how many bytes of the text it took.
struct Shown {
    std::string_view text; // borrowed from the text or from `escape`
    std::size_t column_count;
    std::size_t taken_bytes;
};

Shown show_next(std::string_view text, std::string& escape) {
    const auto [value, size] = read_code_point(text);
    if (size > 0 && is_printable(value)) {
        return {text.substr(0, size), static_cast<std::size_t>(column_count(value)), size};
    }
    escape.clear();
    if (size == 0) {
        fmt::format_to(std::back_inserter(escape), "\\x{:02x}",
                       static_cast<unsigned char>(text.front()));
    } else if (value == '\n') {
        escape = "\\n";
    } else if (value == '\r') {
        escape = "\\r";
    } else if (value == '\t') {
        escape = "\\t";
    } else if (value < 0x80) {
        fmt::format_to(std::back_inserter(escape), "\\x{:02x}", static_cast<unsigned>(value));
    } else {
        fmt::format_to(std::back_inserter(escape), "\\u{:04x}", static_cast<unsigned>(value));
    }
    return {escape, escape.size(), std::max<std::size_t>(size, 1)};
}

std::string_view look_code(Look look) {
    switch (look) {
    case Look::plain:
        return "";
    case Look::heading:
        return "\x1b[1m";
    case Look::faint:
        return "\x1b[2m";
    case Look::good:
        return "\x1b[32m";
    case Look::bad:
        return "\x1b[31m";
    }
    return "";
}

bool is_set(const char* variable) {
    const char* const value = std::getenv(variable); // no thread changes the environment
    return value != nullptr && *value != '\0';
}

} // namespace

Terminal find_terminal(int descriptor) {
    Terminal terminal;
    terminal.is_terminal = ::isatty(descriptor) == 1;
    if (!terminal.is_terminal) return terminal;
    const char* const type = std::getenv("TERM");
    terminal.has_colour =
        !is_set("NO_COLOR") && type != nullptr && std::string_view(type) != "dumb";
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
        terminal.column_count = size.ws_col;
    }
    return terminal;
}

Printable make_printable(std::string_view text, std::size_t max_columns) {
    Printable result;
    std::string escape;
    std::size_t end_if_cut = 0; // where an ellipsis would still fit
    std::size_t columns_if_cut = 0;
    while (!text.empty()) {
        const auto shown = show_next(text, escape);
        if (result.column_count + shown.column_count > max_columns) {
            result.text.resize(end_if_cut);
            result.text += "…";
            result.column_count = columns_if_cut + 1;
            return result;
        }
        result.text += shown.text;
        result.column_count += shown.column_count;
        text.remove_prefix(shown.taken_bytes);
        if (result.column_count < max_columns) {
            end_if_cut = result.text.size();
            columns_if_cut = result.column_count;
        }
    }
    return result;
}

std::string make_printable_lines(std::string_view text, std::string_view indent) {
    std::string lines;
    while (true) {
        const auto line = text.substr(0, text.find('\n'));
        lines += make_printable(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line).text;
        if (line.size() == text.size()) return lines;
        text.remove_prefix(line.size() + 1);
        lines += '\n';
        lines += indent;
    }
}

void append_look(std::string& to, std::string_view printable, Look look, const Terminal& terminal) {
    const auto code = terminal.has_colour ? look_code(look) : "";
    to += code;
    to += printable;
    if (!code.empty()) to += "\x1b[0m";
}

std::string wrap(std::string_view printable, std::size_t columns, std::string_view indent) {
    std::string lines;
    std::size_t used = 0;
    while (!printable.empty()) {
        const auto word = printable.substr(0, printable.find(' '));
        printable.remove_prefix(std::min(word.size() + 1, printable.size()));
        const auto width = make_printable(word).column_count;
        if (used > 0 && used + 1 + width > columns) {
            lines += '\n';
            lines += indent;
            used = 0;
        } else if (used > 0) {
            lines += ' ';
            ++used;
        }
        lines += word;
        used += width;
    }
    return lines;
}

} // namespace patchbay::command
