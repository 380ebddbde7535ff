// SPDX-License-Identifier: Apache-2.0
// Finds what a $ref leads to, and the ones that lead nowhere but back.

#include "references.hpp"

#include "percent_encoding.hpp"
#include "pointer_steps.hpp"

#include <registry/json_pointer.hpp>
#include <registry/spelling.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <ranges>
#include <utility>

namespace patchbay::host {
namespace {

namespace json = boost::json;

std::string_view find_similar_key(const json::value& value, std::string_view token) {
    const auto* object = value.if_object();
    if (object == nullptr) return {};
    registry::SpellingGuess guess(token);
    for (const auto& member : *object)
        guess.consider({member.key().data(), member.key().size()});
    return guess.best();
}

// A walk through everything that gets the same value, with its way back written down.
class LoopSearch {
  public:
    explicit LoopSearch(const CompiledSchema& schema)
        : schema_(schema), state_(schema.nodes.size(), State::unseen) {}

    std::vector<NodeIndex> run() {
        for (NodeIndex node = 0; node < state_.size(); ++node) {
            if (state_[node] == State::unseen) walk_from(node);
        }
        return std::move(loops_);
    }

  private:
    enum class State : std::uint8_t { unseen, on_the_way, done };

    struct Stop {
        NodeIndex node;
        std::size_t next; // of its edges
        std::size_t end;
    };

    void arrive(NodeIndex node) {
        state_[node] = State::on_the_way;
        const auto first = edges_.size();
        schema_.append_in_place(node, edges_);
        way_.push_back({node, first, edges_.size()});
    }

    void walk_from(NodeIndex start) {
        arrive(start);
        while (!way_.empty()) {
            auto& stop = way_.back();
            if (stop.next == stop.end) {
                state_[stop.node] = State::done;
                way_.pop_back();
                edges_.resize(way_.empty() ? 0 : way_.back().end);
                continue;
            }
            const auto next = edges_[stop.next++];
            if (state_[next] == State::unseen) {
                arrive(next);
            } else if (state_[next] == State::on_the_way) {
                report(next);
            }
        }
    }

    // A circle has a $ref in it, or it could not lead back.
    void report(NodeIndex back_to) {
        for (const auto& stop : std::views::reverse(way_)) {
            if (schema_.infos[stop.node].reference != no_node) {
                loops_.push_back(stop.node);
                return;
            }
            if (stop.node == back_to) return;
        }
    }

    const CompiledSchema& schema_;
    std::vector<State> state_;
    std::vector<NodeIndex> edges_; // of all stops on the way, one after another
    std::vector<Stop> way_;
    std::vector<NodeIndex> loops_;
};

} // namespace

std::expected<ReferenceTarget, ReferenceFault> References::find(std::string_view reference,
                                                                std::size_t resource) {
    const auto uri = without_fragment(reference);
    if (!uri.empty()) {
        const auto absolute = resolve_uri(identifiers_.resource(resource).uri, uri);
        const auto found = find_resource(absolute);
        if (!found) {
            return std::unexpected(ReferenceFault{
                true,
                fmt::format("refers to \"{}\", which is not in this document; schemas are never "
                            "fetched, so put what it describes under \"definitions\"",
                            absolute),
                {}});
        }
        resource = *found;
    }
    const auto fragment =
        percent_decode(uri.size() < reference.size() ? reference.substr(uri.size() + 1) : "");
    if (fragment.empty() || fragment.front() == '/') {
        return follow_pointer(fragment, resource, uri);
    }

    const auto* target = identifiers_.find_anchor(resource, fragment);
    if (target == nullptr) {
        return std::unexpected(ReferenceFault{
            false, fmt::format(R"(refers to the name "{}", which no "$id" gives)", fragment), {}});
    }
    return ReferenceTarget{target, resource, resource, fragment};
}

std::optional<std::size_t> References::find_resource(const std::string& uri) {
    auto found = identifiers_.find(uri);
    if (found < identifiers_.resource_count()) return found;
    auto document = documents_.find(uri);
    if (document == nullptr) return std::nullopt;
    identifiers_.append(document->identifiers);
    schema_.used_documents.push_back(std::move(document));
    return identifiers_.find(uri);
}

std::expected<ReferenceTarget, ReferenceFault>
References::follow_pointer(std::string_view pointer, std::size_t resource,
                           std::string_view written_uri) const {
    const auto base = resource;
    const json::value* value = identifiers_.resource(base).root;
    auto rest = pointer;
    while (!rest.empty()) {
        const auto reached = pointer.substr(0, pointer.size() - rest.size());
        const auto token = take_pointer_token(rest);
        const auto* const next = find_step(*value, token);
        if (next == nullptr) {
            std::string suggestion;
            if (const auto similar = find_similar_key(*value, token); !similar.empty()) {
                suggestion = fmt::format("{}#{}", written_uri, reached);
                registry::append_pointer(suggestion, similar);
                suggestion += rest;
            }
            return std::unexpected(ReferenceFault{
                false,
                fmt::format(R"(refers to "#{}", but "#{}" has no "{}")", pointer, reached, token),
                std::move(suggestion)});
        }
        value = next;
        const auto inner = identifiers_.find(value);
        if (inner < identifiers_.resource_count()) resource = inner;
    }
    return ReferenceTarget{value, resource, base, std::string(pointer)};
}

std::vector<NodeIndex> find_reference_loops(const CompiledSchema& schema) {
    return LoopSearch(schema).run();
}

} // namespace patchbay::host
