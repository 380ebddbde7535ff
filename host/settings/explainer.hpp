// SPDX-License-Identifier: Apache-2.0
// The walk that finds the faults of one value and words them.
#pragma once

#include "secret_rule.hpp"
#include "subject.hpp"
#include "verdict.hpp"

#include <patchbay/host/fault.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::host {

// Walks a value and a schema side by side. Reports into a list of its own, at most
// max_settings_faults of them; stops where the budget ends.
class Explainer {
  public:
    // filled: see explain(); borrowed.
    Explainer(const CompiledSchema& schema, const boost::json::value& root, Budget& budget,
              std::span<const std::string> filled = {}, Subject subject = Subject::settings)
        : schema_(schema), root_(root), budget_(budget), filled_(filled), subject_(subject),
          verdict_(schema, budget), secrets_(schema, words_budget_) {}

    void run(NodeIndex node) {
        explain(node, root_, Scope{nullptr, schema_.target(node), {}, nullptr, 0});
    }

    [[nodiscard]] std::vector<Fault> take_faults() { return std::move(faults_); }

  private:
    // How a node came to speak about the value at hand.
    struct Scope {
        const Scope* outer; // the one that handed the same value on; nullptr where the value began
        NodeIndex node;
        std::string_view reason; // "ca_source is "file"", where a condition brought it in
        const Choice* choice;    // of which the node is the chosen branch, or nullptr
        std::uint32_t branch;
    };

    struct Finding {
        Finding(FaultCode fault_code, NodeIndex of_node, Keyword of_keyword, std::string asked)
            : code(fault_code), node(of_node), keyword(of_keyword), demand(std::move(asked)) {}

        FaultCode code;
        NodeIndex node;
        Keyword keyword;
        std::string_view token; // of the keyword's member that is at fault, or empty
        std::string demand;     // "must be at most 65535"
        std::string actual;     // "70000"
        std::string advice;     // said last, where no suggestion says it
        std::string suggestion; // "verify-full"
        boost::json::object params;
    };

    // One step deeper into the value, as long as it lives.
    class Step;

    void explain(NodeIndex index, const boost::json::value& value, const Scope& scope);
    void explain_child(NodeIndex node, const boost::json::value& value, const Scope& from);
    void explain_in_place(NodeIndex node, const boost::json::value& value, const Scope& from,
                          std::string_view reason);

    void explain_type(const Scope& scope, const boost::json::value& value);
    void explain_number(const Scope& scope, const boost::json::value& value);
    void explain_text(const Scope& scope, const boost::json::value& value);
    void explain_length(const Scope& scope, const TextChecks& checks, std::string_view text);
    void explain_pattern(const Scope& scope, const TextChecks& checks,
                         const boost::json::value& value);
    void explain_array(const Scope& scope, const boost::json::array& items);
    void explain_object(const Scope& scope, const boost::json::value& value);
    void explain_required(const Scope& scope, const ObjectChecks& checks,
                          const boost::json::value& value);
    void explain_size(const Scope& scope, const ObjectChecks& checks, std::size_t size);
    void explain_member(const Scope& scope, const ObjectChecks& checks, std::string_view key,
                        const boost::json::value& member, const boost::json::object& object);
    void explain_key(const Scope& scope, NodeIndex names, std::string_view key);
    void explain_unknown(const Scope& scope, std::string_view key,
                         const boost::json::object& object);
    void explain_dependencies(const Scope& scope, const ObjectChecks& checks,
                              const boost::json::value& value);
    void explain_any(const Scope& scope, const boost::json::value& value);
    void explain_set(const Scope& scope, std::uint32_t value_set, Keyword keyword,
                     const boost::json::value& value);
    void explain_not(const Scope& scope, NodeIndex negated, const boost::json::value& value);
    void explain_condition(const Scope& scope, const AnyChecks& checks,
                           const boost::json::value& value);

    void explain_choice(const Scope& scope, const Choice& choice, Keyword keyword,
                        const boost::json::value& value);
    void explain_tagged(const Scope& scope, const Choice& choice, Keyword keyword,
                        const boost::json::value& value);
    [[nodiscard]] bool is_told_by_choice(NodeIndex index, std::string_view key,
                                         const boost::json::value& value);
    [[nodiscard]] bool explain_likeliest(const Scope& scope, const Choice& choice,
                                         const boost::json::value& value);
    void explain_undeclared(const Scope& scope, const Choice& choice,
                            const boost::json::object& object);
    void explain_plain(const Scope& scope, const Choice& choice, Keyword keyword,
                       const boost::json::value& value);
    void explain_too_many(const Scope& scope, const Choice& choice,
                          const std::vector<std::uint32_t>& accepted);
    void explain_closest(const Scope& scope, const Choice& choice, Keyword keyword,
                         const std::vector<std::uint32_t>& candidates,
                         const boost::json::value& value);
    [[nodiscard]] std::string describe_misplaced(const Scope& scope, std::string_view key,
                                                 boost::json::object& params) const;
    [[nodiscard]] std::string form_name(const Choice& choice, std::uint32_t branch) const;

    void report(const Scope& scope, Finding finding);
    void report_values(const Scope& scope, Keyword keyword, FaultCode code,
                       const std::vector<const boost::json::value*>& allowed,
                       const boost::json::value& value);
    [[nodiscard]] bool is_full() const;

    // Words for the place where the walk stands.
    [[nodiscard]] bool is_secret_here();
    static void show_actual(Finding& finding, const boost::json::value& value);
    [[nodiscard]] bool is_written(const boost::json::object& object, std::string_view key) const;
    [[nodiscard]] std::string name_key(std::string_view key);
    [[nodiscard]] std::string need_words(std::string_view key);
    [[nodiscard]] std::string unknown_words(std::string_view key) const;
    [[nodiscard]] std::string_view member_word() const;
    [[nodiscard]] std::string find_deeper(const Scope& scope, std::string_view key,
                                          const boost::json::object& object);
    [[nodiscard]] std::string condition_words(NodeIndex condition, bool holds,
                                              const boost::json::value& value);

    const CompiledSchema& schema_;
    const boost::json::value& root_;
    Budget& budget_;
    std::span<const std::string> filled_; // pointers to values that nobody wrote
    Subject subject_;
    Budget words_budget_;
    Verdict verdict_;
    SecretRule secrets_;
    std::string pointer_;
    int trials_ = 0; // branches that are being tried inside each other
    std::vector<Fault> faults_;
};

} // namespace patchbay::host
