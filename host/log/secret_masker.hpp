// SPDX-License-Identifier: Apache-2.0
// Takes the secrets that are in use out of every text that leaves the host.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::host {

// What stands where a secret stood.
inline constexpr std::string_view mask_text = "***";

// Knows the secrets of all open connections and the shapes in which drivers repeat them: as they
// are, percent-encoded, and with quotes or backslashes doubled.
//
// A secret of one to three characters is masked only where no letter or digit touches it; otherwise
// every text would be full of holes.
//
// Why exact values and not patterns such as "password=": a driver's message may quote the secret
// alone, and a pattern would show what it does not know.
//
// All functions may be called on any thread.
class SecretMasker {
  public:
    // Keeps secrets masked for as long as it lives.
    class Lease {
      public:
        Lease() = default;
        explicit Lease(SecretMasker& masker) : masker_(&masker) {}
        Lease(SecretMasker& masker, const std::vector<std::string>& secrets);
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Lease(Lease&& other) noexcept;
        Lease& operator=(Lease&& other) noexcept;
        ~Lease();

        // Keeps these masked too. Not on two threads at once.
        void add(const std::vector<std::string>& secrets);

      private:
        void give_back() noexcept;
        SecretMasker* masker_ = nullptr;
        std::set<std::string> shapes_;
    };

    // A copy of the text with every known secret replaced by "***".
    [[nodiscard]] std::string mask(std::string_view text) const;

  private:
    mutable std::shared_mutex mutex_;
    std::map<std::string, std::size_t, std::less<>> shapes_; // how many leases hold each
};

} // namespace patchbay::host
