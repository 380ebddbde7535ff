// SPDX-License-Identifier: Apache-2.0
// Names of tables as requests spell them: parts, dots and quotes.
#pragma once

#include <patchbay/sdk/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::sdk {

// Takes a name apart by the rule of source.h: dots separate the parts; a part in double quotes may
// hold dots, and "" for a quote; a part without quotes is taken as it is.
//
//     orders               -> {orders}
//     sales.orders         -> {sales, orders}
//     "a.b"."say ""hi"""   -> {a.b, say "hi"}
//
// Errors: PATCHBAY_INVALID_REQUEST, with the given pointer, for an empty part, an open quote or
//         text behind a closing one, and a NUL.
[[nodiscard]] inline Expected<std::vector<std::string>>
read_object_name(std::string_view name, std::string_view pointer = "/table") {
    const auto refuse = [&](std::string_view what) {
        return std::unexpected(
            Error{.code = PATCHBAY_INVALID_REQUEST,
                  .message = "the name [" + std::string(name) + "] " + std::string(what) +
                             "; write name, schema.name, or \"a name with . in it\"",
                  .pointer = std::string(pointer)});
    };
    std::vector<std::string> parts;
    if (name.find('\0') != std::string_view::npos) return refuse("contains a NUL");
    std::size_t at = 0;
    for (;;) {
        std::string part;
        if (at < name.size() && name[at] == '"') {
            for (++at;; ++at) {
                if (at == name.size()) return refuse("has a quote that is not closed");
                if (name[at] != '"') {
                    part.push_back(name[at]);
                } else if (at + 1 < name.size() && name[at + 1] == '"') {
                    part.push_back('"');
                    ++at;
                } else {
                    ++at;
                    break;
                }
            }
            if (at < name.size() && name[at] != '.') return refuse("goes on behind its quote");
        } else {
            const auto end = name.find('.', at);
            part = name.substr(at, end == std::string_view::npos ? end : end - at);
            at += part.size();
        }
        if (part.empty()) return refuse("has an empty part");
        parts.push_back(std::move(part));
        if (at == name.size()) return parts;
        ++at; // the dot
    }
}

// Puts parts together again, with quotes only where they are needed.
[[nodiscard]] inline std::string write_object_name(const std::vector<std::string>& parts) {
    std::string name;
    for (const auto& part : parts) {
        if (!name.empty()) name.push_back('.');
        if (part.find('.') == std::string::npos && !part.starts_with('"') && !part.empty()) {
            name += part;
            continue;
        }
        name.push_back('"');
        for (const char c : part) {
            if (c == '"') name.push_back('"');
            name.push_back(c);
        }
        name.push_back('"');
    }
    return name;
}

} // namespace patchbay::sdk
