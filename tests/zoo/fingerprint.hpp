// SPDX-License-Identifier: Apache-2.0
// What a process shares with everything that runs in it, and a connector must not change.
#pragma once

#include <map>
#include <string>

// Looks at this process and this thread: "locale", "environment", "working directory", "umask",
// "signal handlers", "signal mask", "floating point", "descriptors", "threads", "children",
// "stack" (the rights of its memory) and "memory" (resident, in MiB). Values mean something only
// against another look at the same process.
[[nodiscard]] std::map<std::string, std::string> take_fingerprint();
