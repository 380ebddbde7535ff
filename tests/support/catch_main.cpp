// SPDX-License-Identifier: Apache-2.0
// The main function of every test program: Catch2's own; version 2 wants it compiled in one place.

#if __has_include(<catch2/catch_all.hpp>)
// Version 3 brings its main as a library.
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
