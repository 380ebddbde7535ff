// SPDX-License-Identifier: Apache-2.0
// Keeps this thread's floating-point mode while a connector's code runs.
#pragma once

#include <cfenv>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace patchbay::host {

// Puts the mode back as it was. A library that was linked with -ffast-math switches denormals off
// in its constructor, and a client library may round in its own way and forget to say so: the
// application's arithmetic would change without a trace.
//
// Why not fegetenv and fesetenv: they cost more than everything else that the host does for a
// batch. What they know beyond this (x87 precision and traps) no compiler changes by itself.
class FloatingPointGuard {
  public:
    FloatingPointGuard() = default;
    FloatingPointGuard(const FloatingPointGuard&) = delete;
    FloatingPointGuard(FloatingPointGuard&&) = delete;
    FloatingPointGuard& operator=(const FloatingPointGuard&) = delete;
    FloatingPointGuard& operator=(FloatingPointGuard&&) = delete;
    ~FloatingPointGuard() {
        if (std::fegetround() != rounding_) std::fesetround(rounding_);
#if defined(__SSE__)
        // They are no mode; they stay.
        constexpr unsigned raised_exceptions = 0x3f;
        if (((_mm_getcsr() ^ control_) & ~raised_exceptions) != 0) _mm_setcsr(control_);
#endif
    }

  private:
    const int rounding_ = std::fegetround();
#if defined(__SSE__)
    const unsigned control_ = _mm_getcsr();
#endif
};

} // namespace patchbay::host
