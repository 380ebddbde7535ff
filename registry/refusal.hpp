// SPDX-License-Identifier: Apache-2.0
// Puts refusals and notices together, so that each message has the same form.
#pragma once

#include "printable_text.hpp"

#include <patchbay/registry/bundle.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay::registry {

// "<path>: <pointer>: <text>", the pointer only where there is one.
[[nodiscard]] inline std::string message_at(const std::filesystem::path& path,
                                            std::string_view pointer, std::string_view text) {
    std::string message = show(path);
    message.append(": ");
    if (!pointer.empty()) message.append(show(std::string(pointer))).append(": ");
    return message.append(text);
}

[[nodiscard]] inline Refusal make_refusal(RefusalCode code, std::filesystem::path path,
                                          std::string_view text, std::string pointer = {}) {
    auto message = message_at(path, pointer, text);
    return {code, std::move(path), std::move(pointer), std::move(message)};
}

[[nodiscard]] inline Notice make_notice(std::filesystem::path path, std::string_view text,
                                        std::string pointer = {}) {
    auto message = message_at(path, pointer, text);
    return {std::move(path), std::move(pointer), std::move(message)};
}

} // namespace patchbay::registry
