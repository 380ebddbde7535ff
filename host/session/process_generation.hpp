// SPDX-License-Identifier: Apache-2.0
// Tells a forked child from its parent, without a system call.
#pragma once

#include <cstdint>

namespace patchbay::host {

// A number that is another one in each forked child. Whoever holds something of a connector keeps
// the number it was made under, and looks here before anything else, any lock included: where the
// two differ the thing belongs to the parent, and is neither called, nor freed, nor written to.
[[nodiscard]] std::uint64_t process_generation() noexcept;

} // namespace patchbay::host
