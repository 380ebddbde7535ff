// SPDX-License-Identifier: Apache-2.0
// A stranger's text in a message: nothing in it may steer a terminal or break a log line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::registry {

// How many code points a text of UTF-8 has, where each can stand in a line of prose: no control
// character, no line or paragraph separator, none that turns the direction of writing. Nothing
// where one cannot, or where the text is not UTF-8.
[[nodiscard]] std::optional<std::size_t> printable_length(std::string_view text);

// The text in double quotes, cut after 80 bytes, what is not printable as \xNN.
[[nodiscard]] std::string quote(std::string_view text);

// A path as it is; one with bytes that are not printable has them as \xNN.
[[nodiscard]] std::string show(const std::filesystem::path& path);

// A path as one word of a command that the reader of a message may paste into a shell.
[[nodiscard]] std::string shell_word(const std::filesystem::path& path);

// What errno says, in words.
[[nodiscard]] std::string error_text(int error);

} // namespace patchbay::registry
