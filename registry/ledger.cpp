// SPDX-License-Identifier: Apache-2.0
// The ledger of every connector ID ever issued, registry/connectors.json, as it is installed.

#include "file_access.hpp"
#include "json_pointer.hpp"
#include "printable_text.hpp"
#include "refusal.hpp"
#include "strict_json.hpp"

#include <patchbay/registry/ledger.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <utility>

namespace patchbay::registry {
namespace {

namespace json = boost::json;

constexpr JsonLimits ledger_limits{std::size_t{4} << 20U, 8};

class LedgerReader {
  public:
    explicit LedgerReader(const std::filesystem::path& file) : file_(file) {}

    std::expected<Ledger, LedgerFault> read(std::string_view content) {
        const auto document = read_strict_json(content, ledger_limits);
        if (!document) return fault(document.error().pointer, describe(document.error()));
        const auto* root = document->if_object();
        const auto* version = root == nullptr ? nullptr : root->if_contains("ledger_version");
        const auto* list = root == nullptr ? nullptr : root->if_contains("connectors");
        if (version == nullptr || *version != 1) {
            return fault("", R"(needs "ledger_version": 1; this Patchbay reads no other)");
        }
        if (list == nullptr || !list->is_array()) {
            return fault("", R"(needs the array "connectors")");
        }
        std::vector<LedgerEntry> entries;
        for (const auto& item : list->get_array()) {
            std::string pointer = "/connectors";
            append_pointer(pointer, entries.size());
            auto entry = read_entry(item);
            if (!entry) {
                return fault(pointer, R"(needs "id" (name|uuid), "vendor" and "issued" (a day))");
            }
            const auto shares = [&](const LedgerEntry& other) {
                return other.id.name == entry->id.name || other.id.uuid == entry->id.uuid;
            };
            if (std::ranges::any_of(entries, shares)) {
                return fault(pointer, fmt::format("has the name or the UUID of an entry before it: "
                                                  "{}",
                                                  entry->id.text()));
            }
            entries.push_back(std::move(*entry));
        }
        return Ledger(std::move(entries));
    }

    [[nodiscard]] std::unexpected<LedgerFault> fault(std::string pointer,
                                                     std::string_view text) const {
        auto message = message_at(file_, pointer, text);
        return std::unexpected(LedgerFault{file_, std::move(pointer), std::move(message)});
    }

  private:
    static std::optional<LedgerEntry> read_entry(const json::value& item) {
        if (!item.is_object()) return std::nullopt;
        const auto text = [&](const char* key) -> std::string {
            const auto* value = item.get_object().if_contains(key);
            if (value == nullptr || !value->is_string()) return {};
            return {value->get_string().data(), value->get_string().size()};
        };
        const auto id = ConnectorId::parse(text("id"));
        LedgerEntry entry{id.value_or(ConnectorId{}), text("vendor"), text("issued"),
                          text("retired")};
        if (!id || entry.vendor.empty() || entry.issued.empty()) return std::nullopt;
        return entry;
    }

    const std::filesystem::path& file_;
};

const LedgerEntry* find_entry(const std::vector<LedgerEntry>& entries,
                              std::string ConnectorId::* half, std::string_view text) {
    const auto found = std::ranges::find_if(
        entries, [&](const LedgerEntry& entry) { return entry.id.*half == text; });
    return found == entries.end() ? nullptr : &*found;
}

} // namespace

const LedgerEntry* Ledger::find_by_name(std::string_view name) const {
    return find_entry(entries_, &ConnectorId::name, name);
}

const LedgerEntry* Ledger::find_by_uuid(std::string_view uuid) const {
    return find_entry(entries_, &ConnectorId::uuid, uuid);
}

std::expected<Ledger, LedgerFault> read_ledger(const std::filesystem::path& file) {
    LedgerReader reader(file);
    const auto fd = open_entry(AT_FDCWD, file.c_str(), O_RDONLY);
    if (!fd) return reader.fault("", "cannot be opened: " + error_text(fd.error()));
    const auto content = read_whole(fd->get(), ledger_limits.max_bytes);
    if (!content) return reader.fault("", "cannot be read: " + error_text(content.error()));
    return reader.read(*content);
}

std::optional<std::string> find_ledger_conflict(const Ledger& ledger, const ConnectorId& id) {
    const auto* by_name = ledger.find_by_name(id.name);
    const auto* by_uuid = ledger.find_by_uuid(id.uuid);
    if (by_name != nullptr && by_name->id == id) {
        if (by_name->retired.empty()) return std::nullopt;
        return fmt::format("the ID {} was retired on {}", id.text(), by_name->retired);
    }
    if (by_uuid != nullptr) {
        return fmt::format("its UUID {} is already used by {} ({}); make one of your own", id.uuid,
                           by_uuid->id.name, by_uuid->vendor);
    }
    if (by_name != nullptr) {
        return fmt::format(
            "the name {} is issued to {} ({}); choose another, so that nobody has to "
            "type the full ID",
            id.name, by_name->id.text(), by_name->vendor);
    }
    return std::nullopt;
}

} // namespace patchbay::registry
