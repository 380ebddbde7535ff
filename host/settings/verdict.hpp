// SPDX-License-Identifier: Apache-2.0
// Decides whether a value is what a schema asks for, as fast as it can, and says nothing more.
#pragma once

#include "budget.hpp"
#include "compiled_schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string_view>

namespace patchbay::host {

// One evaluation of a schema. The budget is the caller's: where it is exhausted, an answer means
// nothing.
class Verdict {
  public:
    Verdict(const CompiledSchema& schema, Budget& budget) : schema_(schema), budget_(budget) {}

    [[nodiscard]] bool accepts(NodeIndex index, const boost::json::value& value);

    // The parts that the explanation asks one by one.
    [[nodiscard]] bool in_set(std::uint32_t value_set, const boost::json::value& value);
    [[nodiscard]] bool matches(std::uint32_t index, std::string_view text);
    [[nodiscard]] bool has_length(const TextChecks& checks, std::string_view text);
    [[nodiscard]] bool has_format(const TextChecks& checks, std::string_view text);
    [[nodiscard]] bool accepts_key(NodeIndex names, std::string_view key);

    [[nodiscard]] bool accepts_choice(const Choice& choice, bool only_one,
                                      const boost::json::value& value);

  private:
    [[nodiscard]] bool accepts_number(const NumberChecks& checks, const boost::json::value& value);
    [[nodiscard]] bool accepts_text(const TextChecks& checks, std::string_view text);
    [[nodiscard]] bool accepts_array(const ArrayChecks& checks, const boost::json::array& items);
    [[nodiscard]] bool accepts_object(const ObjectChecks& checks,
                                      const boost::json::object& object);
    [[nodiscard]] bool accepts_dependencies(const ObjectChecks& checks,
                                            const boost::json::value& value);
    [[nodiscard]] bool accepts_any(const AnyChecks& checks, const boost::json::value& value);
    const CompiledSchema& schema_;
    Budget& budget_;
};

// The branch that an object's tag chooses; none where it has no tag or chooses none.
[[nodiscard]] std::uint32_t find_tagged_branch(const CompiledSchema& schema, const Choice& choice,
                                               const boost::json::object& object);

// How many code points a text has.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

} // namespace patchbay::host
