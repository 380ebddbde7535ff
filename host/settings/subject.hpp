// SPDX-License-Identifier: Apache-2.0
// What a value is to the person who wrote it, so that its faults are told in the right words.
#pragma once

#include <cstdint>

namespace patchbay::host {

enum class Subject : std::uint8_t { settings, request };

} // namespace patchbay::host
