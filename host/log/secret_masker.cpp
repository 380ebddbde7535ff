// SPDX-License-Identifier: Apache-2.0
// Takes the secrets that are in use out of every text that leaves the host.

#include "secret_masker.hpp"

#include <algorithm>
#include <utility>

namespace patchbay::host {
namespace {

constexpr std::size_t short_secret = 4;

// Letters and digits as the C locale has them, whatever the process's locale is.
[[nodiscard]] bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80U;
}

[[nodiscard]] std::string percent_encode(std::string_view text, const char* digits) {
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain =
            (byte < 0x80U && is_word(c)) || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            encoded.push_back(c);
        } else {
            encoded.push_back('%');
            encoded.push_back(digits[byte >> 4U]);
            encoded.push_back(digits[byte & 0xFU]);
        }
    }
    return encoded;
}

[[nodiscard]] std::string put_before(std::string_view text, std::string_view special, char mark) {
    std::string escaped;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) escaped.push_back(mark == '\0' ? c : mark);
        escaped.push_back(c);
    }
    return escaped;
}

// The secret as drivers and formats spell it.
[[nodiscard]] std::vector<std::string> shapes_of(const std::string& secret) {
    std::vector<std::string> shapes = {
        secret,
        percent_encode(secret, "0123456789ABCDEF"),
        percent_encode(secret, "0123456789abcdef"),
        put_before(secret, "\\\"", '\\'),  // JSON
        put_before(secret, "\\'\"", '\\'), // libpq, C
        put_before(secret, "'", '\0'),     // SQL literals
        put_before(secret, "\"", '\0'),    // SQL identifiers
        put_before(secret, "}", '\0'),     // ODBC braces
    };
    std::ranges::sort(shapes);
    const auto same = std::ranges::unique(shapes);
    shapes.erase(same.begin(), same.end());
    return shapes;
}

[[nodiscard]] bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
    const bool before = at > 0 && is_word(text[at - 1]);
    const bool after = at + size < text.size() && is_word(text[at + size]);
    return !before && !after;
}

} // namespace

SecretMasker::Lease::Lease(SecretMasker& masker, const std::vector<std::string>& secrets)
    : masker_(&masker) {
    add(secrets);
}

void SecretMasker::Lease::add(const std::vector<std::string>& secrets) {
    for (const auto& secret : secrets) {
        if (secret.empty()) continue;
        for (auto& shape : shapes_of(secret)) {
            const auto [added, is_new] = shapes_.insert(std::move(shape));
            if (!is_new) continue;
            const std::unique_lock lock(masker_->mutex_);
            ++masker_->shapes_[*added];
        }
    }
}

SecretMasker::Lease::Lease(Lease&& other) noexcept
    : masker_(std::exchange(other.masker_, nullptr)), shapes_(std::move(other.shapes_)) {}

SecretMasker::Lease& SecretMasker::Lease::operator=(Lease&& other) noexcept {
    if (this != &other) {
        give_back();
        masker_ = std::exchange(other.masker_, nullptr);
        shapes_ = std::move(other.shapes_);
    }
    return *this;
}

SecretMasker::Lease::~Lease() {
    give_back();
}

void SecretMasker::Lease::give_back() noexcept {
    if (masker_ == nullptr) return;
    const std::unique_lock lock(masker_->mutex_);
    for (const auto& shape : shapes_) {
        const auto found = masker_->shapes_.find(shape);
        if (found != masker_->shapes_.end() && --found->second == 0) masker_->shapes_.erase(found);
    }
    masker_ = nullptr;
}

std::string SecretMasker::mask(std::string_view text) const {
    const std::shared_lock lock(mutex_);
    if (shapes_.empty()) return std::string(text);
    std::string masked;
    std::size_t at = 0;
    while (at < text.size()) {
        // The longest secret that starts here: one may be the beginning of another.
        std::size_t longest = 0;
        for (const auto& [shape, leases] : shapes_) {
            if (shape.size() <= longest || !text.substr(at).starts_with(shape)) continue;
            if (shape.size() < short_secret && !stands_alone(text, at, shape.size())) continue;
            longest = shape.size();
        }
        if (longest > 0) {
            masked += mask_text;
            at += longest;
        } else {
            masked.push_back(text[at++]);
        }
    }
    return masked;
}

} // namespace patchbay::host
