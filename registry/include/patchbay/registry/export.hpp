// SPDX-License-Identifier: Apache-2.0
// What of the registry libpatchbay exports; everything else in it is hidden.
#pragma once

#define PATCHBAY_REGISTRY_API __attribute__((visibility("default")))
