// SPDX-License-Identifier: Apache-2.0
// ${VAR}, ${VAR:-default} and ${file:path} inside the text values of settings.

#include "interpolation.hpp"

#include <patchbay/sdk/text.hpp>
#include <registry/file_access.hpp>
#include <registry/printable_text.hpp>

#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <utility>

namespace patchbay::host {
namespace {

constexpr std::size_t max_file_bytes = std::size_t{64} * 1024;
constexpr std::string_view file_prefix = "file:";
constexpr std::string_view fallback_mark = ":-";

using Part = Template::Part;

// What stands between "${" and "}".
[[nodiscard]] std::expected<Part, std::string> read_reference(std::string_view inside) {
    if (inside.find("${") != std::string_view::npos) {
        return std::unexpected(
            fmt::format("${{{}}} nests a reference, which is not possible", inside));
    }
    if (inside.starts_with(file_prefix)) {
        const auto path = inside.substr(file_prefix.size());
        if (path.empty()) return std::unexpected(std::string("${file:} names no file"));
        return Part{Part::Kind::file, std::string(path), std::nullopt};
    }
    constexpr std::string_view misread_prefix = "env:";
    if (inside.starts_with(misread_prefix) && inside.size() > misread_prefix.size()) {
        return std::unexpected(fmt::format("${{{}}} names no variable; write ${{{}}}", inside,
                                           inside.substr(misread_prefix.size())));
    }
    const auto mark = inside.find(fallback_mark);
    const auto name = inside.substr(0, mark);
    if (name.empty() || name.find('=') != std::string_view::npos) {
        return std::unexpected(fmt::format(
            "${{{}}} names no variable; write ${{NAME}} or ${{NAME:-default}}", inside));
    }
    Part part{Part::Kind::variable, std::string(name), std::nullopt};
    if (mark != std::string_view::npos) part.fallback = inside.substr(mark + fallback_mark.size());
    return part;
}

[[nodiscard]] Error unresolved(std::string message, std::string hint) {
    return {.code = ErrorCode::value_unresolved,
            .message = std::move(message),
            .hint = std::move(hint)};
}

[[nodiscard]] Expected<std::string> read_small_file(const std::filesystem::path& path) {
    const auto cannot_read = [&](int error) {
        return unresolved(
            fmt::format("cannot read the file {}: {}", path.string(), registry::error_text(error)),
            "check the path in ${file:...}; a relative one starts at the connections "
            "file");
    };
    // A link is followed: secrets are commonly mounted as links.
    const registry::UniqueFd file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.is_open()) return std::unexpected(cannot_read(errno));
    auto content = registry::read_whole(file.get(), max_file_bytes + 2);
    if (!content && content.error() != EFBIG) return std::unexpected(cannot_read(content.error()));
    if (content && content->ends_with('\n')) {
        content->pop_back();
        if (content->ends_with('\r')) content->pop_back();
    }
    if (!content || content->size() > max_file_bytes) {
        return std::unexpected(
            unresolved(fmt::format("the file {} has more than the {} bytes allowed", path.string(),
                                   max_file_bytes),
                       "a file that stands for one value is small"));
    }
    if (!sdk::is_utf8(*content) || content->find('\0') != std::string::npos) {
        return std::unexpected(unresolved(
            fmt::format("the file {} is not UTF-8 text", path.string()), "store it as plain text"));
    }
    return std::move(*content);
}

[[nodiscard]] Expected<Expansion> expand(const Part& part, const Surroundings& surroundings) {
    switch (part.kind) {
    case Part::Kind::literal:
        return Expansion{part.text};
    case Part::Kind::file: {
        auto content = read_small_file(surroundings.directory / part.text);
        if (!content) return std::unexpected(std::move(content.error()));
        return Expansion{std::move(*content), true};
    }
    case Part::Kind::variable:
        break;
    }
    auto value = surroundings.variable(part.text);
    if (part.fallback && (!value || value->empty())) return Expansion{*part.fallback};
    if (!value) {
        return std::unexpected(
            unresolved(fmt::format("the environment variable {} is not set", part.text),
                       fmt::format("set it, or write ${{{}:-default}}", part.text)));
    }
    if (!sdk::is_utf8(*value)) {
        return std::unexpected(
            unresolved(fmt::format("the environment variable {} is not UTF-8", part.text),
                       "set it to UTF-8 text"));
    }
    return Expansion{std::move(*value), true};
}

} // namespace

bool Template::refers() const {
    return std::ranges::any_of(parts,
                               [](const Part& part) { return part.kind != Part::Kind::literal; });
}

bool Template::is_one_reference() const {
    return parts.size() == 1 && parts.front().kind != Part::Kind::literal;
}

std::string Template::describe() const {
    std::string text;
    for (const auto& part : parts) {
        if (part.kind == Part::Kind::literal) continue;
        if (!text.empty()) text += ' ';
        text +=
            fmt::format("${{{}{}}}", part.kind == Part::Kind::file ? file_prefix : "", part.text);
    }
    return text;
}

std::expected<Template, std::string> read_template(std::string_view text) {
    Template result;
    std::string literal;
    const auto flush = [&] {
        if (literal.empty()) return;
        result.parts.push_back({Part::Kind::literal, std::exchange(literal, {}), std::nullopt});
    };
    while (!text.empty()) {
        const auto dollar = text.find('$');
        literal += text.substr(0, dollar);
        if (dollar == std::string_view::npos) break;
        text.remove_prefix(dollar);
        if (text.starts_with("$${")) {
            literal += "${";
            text.remove_prefix(3);
        } else if (text.starts_with("${")) {
            const auto end = text.find('}');
            if (end == std::string_view::npos) {
                return std::unexpected(
                    std::string("has a \"${\" that is never closed; for the two characters "
                                "themselves write \"$${\""));
            }
            auto part = read_reference(text.substr(2, end - 2));
            if (!part) return std::unexpected(std::move(part.error()));
            flush();
            result.parts.push_back(std::move(*part));
            text.remove_prefix(end + 1);
        } else {
            literal += '$';
            text.remove_prefix(1);
        }
    }
    flush();
    return result;
}

std::optional<std::string> read_variable(const std::string& name) {
    // Not safe beside setenv() in another thread, as nothing that reads the environment is.
    const char* const value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr) return std::nullopt;
    return value;
}

Expected<Expansion> expand(const Template& text, const Surroundings& surroundings) {
    Expansion whole;
    for (const auto& part : text.parts) {
        const auto expanded = expand(part, surroundings);
        if (!expanded) return expanded;
        whole.text += expanded->text;
        whole.from_outside = whole.from_outside || expanded->from_outside;
    }
    return whole;
}

} // namespace patchbay::host
