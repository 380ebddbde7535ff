// SPDX-License-Identifier: Apache-2.0
// One C++17 inline variable in two layouts, as two versions of one header-only library have it.

namespace header_only {

struct Registry {
#if defined(ZOO_INLINE_V2)
    char more[4096] = {};
    const char* who = "v2";
#else
    const char* who = "v1";
#endif
};

inline Registry registry;

} // namespace header_only

extern "C" const char* zoo_who() {
    return header_only::registry.who;
}
