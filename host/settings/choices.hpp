// SPDX-License-Identifier: Apache-2.0
// Recognises the two forms of "oneOf" that people can be told about: labels and tagged objects.
#pragma once

#include "compiled_schema.hpp"

namespace patchbay::host {

// Sets the form of every choice of a schema whose references are resolved. A recognised form gives
// the same verdicts as the plain one, by looking at one branch instead of all.
void classify_choices(CompiledSchema& schema);

} // namespace patchbay::host
