// SPDX-License-Identifier: Apache-2.0
// What libpatchbay exports; everything else in it is hidden.
#pragma once

#define PATCHBAY_HOST_API __attribute__((visibility("default")))
