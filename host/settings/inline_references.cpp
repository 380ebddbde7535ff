// SPDX-License-Identifier: Apache-2.0
// A schema without references, for forms that cannot follow them.

#include "inline_references.hpp"

#include "budget.hpp"
#include "compiled_schema.hpp"
#include "json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace patchbay::host {
namespace {

namespace json = boost::json;

class Inliner {
  public:
    explicit Inliner(const CompiledSchema& schema) : schema_(schema) {
        nodes_.reserve(schema.infos.size());
        for (NodeIndex node = 0; node < schema.infos.size(); ++node)
            nodes_.try_emplace(schema.infos[node].source, node);
    }

    std::expected<json::value, Fault> run() {
        auto inlined = copy(schema_.document);
        if (fault_) return std::unexpected(std::move(*fault_));
        return inlined;
    }

  private:
    json::value copy(const json::value& source) {
        if (fault_) return nullptr;
        const Level level(levels_);
        if (!level.entered()) {
            refuse(FaultCode::schema_too_deep, CompiledSchema::root,
                   fmt::format("has more than {} levels once its references are inlined",
                               Budget::max_levels));
            return nullptr;
        }
        if (++copied_ > max_inlined_values) {
            refuse(FaultCode::schema_too_large, CompiledSchema::root,
                   fmt::format("has more than {} values once its references are inlined",
                               max_inlined_values));
            return nullptr;
        }
        const auto node = nodes_.find(&source);
        if (node != nodes_.end()) return copy_schema(node->second);
        if (const auto* object = source.if_object()) {
            json::object members;
            members.reserve(object->size());
            for (const auto& [key, value] : *object)
                members[key] = copy(value);
            return members;
        }
        if (const auto* array = source.if_array()) {
            json::array items;
            items.reserve(array->size());
            for (const auto& item : *array)
                items.push_back(copy(item));
            return items;
        }
        return source;
    }

    json::value copy_schema(NodeIndex node) {
        const auto& info = schema_.infos[node];
        const auto* source = info.source->if_object();
        if (source == nullptr) return *info.source;

        json::object members;
        if (info.reference != no_node) {
            auto target = copy_target(node, info.reference);
            if (!target.is_object()) return target; // true or false, which nothing beside changes
            members = std::move(target.get_object());
        }
        for (const auto& [key, value] : *source) {
            const auto keyword = find_keyword(std_view(key));
            const bool annotation = keyword >= first_annotation;
            if (keyword == Keyword::definitions) continue;
            if (info.reference != no_node && !annotation) continue;
            members[key] = copy(value);
        }
        return members;
    }

    json::value copy_target(NodeIndex reference, NodeIndex target) {
        if (std::ranges::find(open_, target) != open_.end()) {
            refuse(FaultCode::schema_recursive, reference,
                   "leads to a schema that contains it, so it cannot be inlined for a form");
            return nullptr;
        }
        open_.push_back(target);
        auto copied = copy(*schema_.infos[target].source);
        open_.pop_back();
        // Two schemas of one name would be none.
        if (auto* object = copied.if_object()) object->erase("$id");
        return copied;
    }

    void refuse(FaultCode code, NodeIndex node, std::string message) {
        const auto keyword = code == FaultCode::schema_recursive ? Keyword::ref : Keyword::none;
        fault_ = Fault{code,
                       schema_.pointer(node, keyword),
                       {},
                       std::string(keyword_name(keyword)),
                       std::move(message),
                       "{}",
                       {}};
    }

    const CompiledSchema& schema_;
    std::unordered_map<const json::value*, NodeIndex> nodes_;
    std::vector<NodeIndex> open_; // targets that are being copied inside each other
    std::size_t copied_ = 0;
    Budget levels_;
    std::optional<Fault> fault_;
};

} // namespace

std::expected<json::value, Fault> inline_references(const Schema& schema) {
    return Inliner(schema.compiled()).run();
}

} // namespace patchbay::host
