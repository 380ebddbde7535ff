// SPDX-License-Identifier: Apache-2.0
// Schemas that others may refer to by URI without anything being fetched.

#include "documents.hpp"

#include "embedded_schemas.hpp"
#include "keywords.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <exception>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

// Finds every $id of a document. A list of what is still to be looked at, instead of recursion.
class IdentifierScan {
  public:
    explicit IdentifierScan(Document& document) : identifiers_(document.identifiers) {
        open_.push_back({&document.value, 0});
        while (!open_.empty()) {
            const auto next = open_.back();
            open_.pop_back();
            if (next.schema->is_object()) look_into(next);
        }
    }

  private:
    struct Open {
        const json::value* schema;
        std::size_t resource;
    };

    void look_into(Open from) {
        const auto& schema = from.schema->get_object();
        // A $ref hides everything beside it, but for what others may refer to.
        const auto* reference = schema.if_contains("$ref");
        const bool is_reference = reference != nullptr && reference->is_string();
        const auto* id = schema.if_contains("$id");
        if (!is_reference && id != nullptr && id->is_string()) {
            const auto& text = id->get_string();
            from.resource =
                identifiers_.add_id({text.data(), text.size()}, *from.schema, from.resource)
                    .resource;
        }
        for (const auto& [key, value] : schema) {
            const auto keyword = find_keyword({key.data(), key.size()});
            if (is_reference && keyword != Keyword::definitions) continue;
            open_subschemas(holds_schemas(keyword), value, from.resource);
        }
    }

    void open_subschemas(Holds holds, const json::value& value, std::size_t resource) {
        const bool list = holds == Holds::list || holds == Holds::schema_or_list;
        const bool map = holds == Holds::map || holds == Holds::map_or_names;
        if (list && value.is_array()) {
            for (const auto& item : value.get_array())
                open_.push_back({&item, resource});
        } else if (map && value.is_object()) {
            for (const auto& member : value.get_object())
                open_.push_back({&member.value(), resource});
        } else if (holds == Holds::schema || holds == Holds::schema_or_list) {
            open_.push_back({&value, resource});
        }
    }

    Identifiers& identifiers_;
    std::vector<Open> open_;
};

std::string anchor_key(std::string_view uri, std::string_view name) {
    return std::string(uri).append("#").append(name);
}

} // namespace

std::size_t Identifiers::add_resource(std::string_view uri, const json::value& root) {
    resources_.push_back({std::string(uri), &root, false});
    by_uri_.try_emplace(std::string(uri), resources_.size() - 1);
    by_root_.try_emplace(&root, resources_.size() - 1);
    return resources_.size() - 1;
}

Identifiers::Added Identifiers::add_id(std::string_view id, const json::value& schema,
                                       std::size_t belongs_to) {
    Added added{belongs_to, false};
    const auto& base = resources_[belongs_to];
    const auto uri = resolve_uri(base.uri, without_fragment(id));
    if (uri != base.uri) {
        added.taken = by_uri_.contains(uri);
        if (base.root == &schema) {
            // The document's own root says what it is called.
            resources_[belongs_to].uri = uri;
            by_uri_.try_emplace(uri, belongs_to);
        } else {
            added.resource = add_resource(uri, schema);
        }
    }
    const auto hash = id.find('#');
    if (hash != std::string_view::npos && hash + 1 < id.size()) {
        const auto name = anchor_key(uri, id.substr(hash + 1));
        added.taken = !anchors_.try_emplace(name, &schema).second || added.taken;
    }
    return added;
}

void Identifiers::append(const Identifiers& others) {
    for (const auto& resource : others.resources_)
        resources_[add_resource(resource.uri, *resource.root)].foreign = true;
    // The names a document was registered under beside its own.
    for (const auto& [uri, number] : others.by_uri_)
        by_uri_.try_emplace(uri, resources_.size() - others.resources_.size() + number);
    anchors_.insert(others.anchors_.begin(), others.anchors_.end());
}

std::size_t Identifiers::find(const std::string& uri) const {
    const auto found = by_uri_.find(uri);
    return found == by_uri_.end() ? resources_.size() : found->second;
}

std::size_t Identifiers::find(const json::value* root) const {
    const auto found = by_root_.find(root);
    return found == by_root_.end() ? resources_.size() : found->second;
}

const json::value* Identifiers::find_anchor(std::size_t resource, std::string_view name) const {
    const auto found = anchors_.find(anchor_key(resources_[resource].uri, name));
    return found == anchors_.end() ? nullptr : found->second;
}

const Documents& Documents::built_in() {
    static const Documents documents = [] {
        Documents known;
        known.add("urn:patchbay:shared:1", json::parse(shared_schema_text()));
        known.add("http://json-schema.org/draft-07/schema", json::parse(draft_07_schema_text()));
        return known;
    }();
    return documents;
}

void Documents::add(std::string_view uri, json::value value) {
    auto document = std::make_shared<Document>();
    document->value = std::move(value);
    document->identifiers.add_resource(without_fragment(uri), document->value);
    const IdentifierScan scan(*document);
    documents_.push_back(std::move(document));
}

std::shared_ptr<const Document> Documents::find(const std::string& uri) const {
    for (const auto& document : documents_) {
        const auto& identifiers = document->identifiers;
        if (identifiers.find(uri) < identifiers.resource_count()) return document;
    }
    return nullptr;
}

std::string_view without_fragment(std::string_view uri) {
    return uri.substr(0, uri.find('#'));
}

std::string resolve_uri(std::string_view base, std::string_view reference) {
    if (reference.empty()) return std::string(base);
    if (base.empty()) return std::string(reference);
    try {
        const auto parsed = boost::urls::parse_uri_reference(reference);
        const auto parsed_base = boost::urls::parse_uri_reference(base);
        boost::urls::url resolved;
        if (parsed && parsed_base && parsed_base->has_scheme() &&
            boost::urls::resolve(*parsed_base, *parsed, resolved)) {
            return std::string(resolved.buffer());
        }
    } catch (const std::exception&) {
        // Longer than Boost.URL can count: no URI.
        return std::string(reference);
    }
    return std::string(reference);
}

} // namespace patchbay::host
