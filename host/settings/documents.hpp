// SPDX-License-Identifier: Apache-2.0
// Schemas that others may refer to by URI without anything being fetched.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace patchbay::host {

// A part of a document that has a URI of its own: the whole of it, or a subschema with "$id".
struct Resource {
    std::string uri; // without fragment; "" where a document has none
    const boost::json::value* root;
    bool foreign = false; // of another document than the one that is being compiled
};

// Every "$id" of one or more documents.
class Identifiers {
  public:
    struct Added {
        std::size_t resource; // the one that the schema's content belongs to
        bool taken;           // somebody else has that name already, and keeps it
    };

    // Answers the number of the new resource.
    std::size_t add_resource(std::string_view uri, const boost::json::value& root);

    // Notes a schema's $id: a URI of its own, or a plain name ("#name") inside the resource that
    // it belongs to, or both.
    Added add_id(std::string_view id, const boost::json::value& schema, std::size_t belongs_to);

    // Takes in those of another document.
    void append(const Identifiers& others);

    [[nodiscard]] const Resource& resource(std::size_t number) const { return resources_[number]; }
    [[nodiscard]] std::size_t resource_count() const { return resources_.size(); }

    // Nothing but a number beyond resource_count() where no resource has that URI.
    [[nodiscard]] std::size_t find(const std::string& uri) const;

    // The resource that a schema is the root of; a number beyond resource_count() where it is none.
    [[nodiscard]] std::size_t find(const boost::json::value* root) const;

    // nullptr where the resource has no such name.
    [[nodiscard]] const boost::json::value* find_anchor(std::size_t resource,
                                                        std::string_view name) const;

  private:
    std::vector<Resource> resources_;
    std::unordered_map<std::string, std::size_t> by_uri_;
    std::unordered_map<const boost::json::value*, std::size_t> by_root_;
    std::unordered_map<std::string, const boost::json::value*> anchors_; // "uri#name"
};

struct Document {
    boost::json::value value;
    Identifiers identifiers; // resource 0 is the document itself
};

// What schemas may refer to beside themselves. Registered in advance; nothing is ever fetched.
class Documents {
  public:
    // What the host knows: the shared definitions and the meta-schema of draft-07.
    [[nodiscard]] static const Documents& built_in();

    // Makes a document known under a URI and under every $id inside it. It is compiled, and its
    // faults are found, where a schema refers to it.
    void add(std::string_view uri, boost::json::value value);

    // The document that has a resource of that URI; nullptr where none has.
    [[nodiscard]] std::shared_ptr<const Document> find(const std::string& uri) const;

  private:
    std::vector<std::shared_ptr<const Document>> documents_;
};

[[nodiscard]] std::string_view without_fragment(std::string_view uri);

// Resolves a reference against a base (RFC 3986, section 5), both without their fragments. A
// reference that is no URI, or has no base that could serve, is answered as it is.
[[nodiscard]] std::string resolve_uri(std::string_view base, std::string_view reference);

} // namespace patchbay::host
