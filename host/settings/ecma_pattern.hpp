// SPDX-License-Identifier: Apache-2.0
// Regular expressions as JSON Schema writes them (ECMA-262), said in RE2's words.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::host {

// The two dialects look alike and differ in silence: \s, the dot, \u0041, [[:alpha:]]. A pattern
// must mean here what it means in the browser that shows the form, so it is read by ECMA's grammar
// and written anew.
//
// Each text says what is wrong, and is empty where nothing is.
struct EcmaPattern {
    std::string re2; // without capturing groups; empty where the first two texts are not

    std::string syntax_error; // no ECMA-262 reads it
    std::string unsupported;  // correct, but RE2 cannot do it: look-ahead, back-references ...

    // Only the lenient grammar of ECMA-262's annex B reads it. Forms compile patterns with the
    // flag "u", which refuses it.
    std::string not_portable;
};

// Source: ECMA-262 (2023), section 22.2.1 "Patterns" and annex B.1.2, without flags.
[[nodiscard]] EcmaPattern read_ecma_pattern(std::string_view pattern);

} // namespace patchbay::host
