// SPDX-License-Identifier: Apache-2.0
// The version of the contract that these headers state.
#pragma once

// A host and a connector work together only where the majors are equal and the connector needs no
// minor that the host does not know. While the major is 0 the contract still moves, and both parts
// must be equal.
//
// Macros, so that #if can ask; everything else in this folder is an enumeration constant.
#define PATCHBAY_ABI_MAJOR 0
#define PATCHBAY_ABI_MINOR 1
