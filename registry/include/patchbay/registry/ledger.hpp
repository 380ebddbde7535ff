// SPDX-License-Identifier: Apache-2.0
// The ledger of every connector ID ever issued, registry/connectors.json, as it is installed.
#pragma once

#include <patchbay/registry/bundle.hpp>

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::registry {

struct LedgerEntry {
    ConnectorId id;
    std::string vendor;
    std::string issued;  // the day, YYYY-MM-DD
    std::string retired; // likewise, or empty; a retired ID stays, and is never issued again
};

// Both halves of an ID stand in it once.
class Ledger {
  public:
    explicit Ledger(std::vector<LedgerEntry> entries) : entries_(std::move(entries)) {}

    [[nodiscard]] const std::vector<LedgerEntry>& entries() const { return entries_; }

    // Null where there is none. Valid as long as the ledger.
    [[nodiscard]] const LedgerEntry* find_by_name(std::string_view name) const;
    [[nodiscard]] const LedgerEntry* find_by_uuid(std::string_view uuid) const;

  private:
    std::vector<LedgerEntry> entries_;
};

struct LedgerFault {
    std::filesystem::path path;
    std::string pointer;
    std::string message; // complete
};

[[nodiscard]] std::expected<Ledger, LedgerFault> read_ledger(const std::filesystem::path& file);

// Says why a connector had better not have this ID: one half of it is issued to another, or it is
// retired. Nothing where the ID is the ledger's, or neither half is known there: a third party may
// make an ID of its own.
[[nodiscard]] std::optional<std::string> find_ledger_conflict(const Ledger& ledger,
                                                              const ConnectorId& id);

} // namespace patchbay::registry
