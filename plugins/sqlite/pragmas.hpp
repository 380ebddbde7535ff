// SPDX-License-Identifier: Apache-2.0
// What each pragma of SQLite does, as far as a shared session has to care.
#pragma once

#include <cstdint>
#include <string_view>

namespace patchbay::sqlite {

enum class PragmaEffect : std::uint8_t {
    reads,   // tells something, with an argument or without
    setting, // tells the session's value; with an argument, changes it
    stored,  // tells a value that the file keeps; with an argument, changes it
    works,   // does something to the file, with an argument or without
    guarded, // tells a value that is the connector's, or beyond the session; never to be changed
    refused, // not for users at all
};

// Names are compared without regard to case. One that is not known is refused.
[[nodiscard]] PragmaEffect effect_of_pragma(std::string_view name);

} // namespace patchbay::sqlite
