// SPDX-License-Identifier: Apache-2.0
// What libpatchbay exports; everything else in it is hidden.
#pragma once

#define PATCHBAY_HOST_API __attribute__((visibility("default")))
// What stands inside an exported class and is nobody's business.
#define PATCHBAY_HOST_HIDDEN __attribute__((visibility("hidden")))
