// SPDX-License-Identifier: Apache-2.0
// Lets an exception out, past a caller that is written in C.

#include <stdexcept>

extern "C" void zoo_throw() {
#if defined(ZOO_THROW_INT)
    throw 42;
#else
    throw std::runtime_error("nobody catches me");
#endif
}
