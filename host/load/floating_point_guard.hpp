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
// batch. Where there is SSE, one register tells the whole mode that double arithmetic goes by, its
// rounding included; what they know beyond this (x87 precision and traps) no compiler changes by
// itself.
class FloatingPointGuard {
  public:
    FloatingPointGuard() = default;
    FloatingPointGuard(const FloatingPointGuard&) = delete;
    FloatingPointGuard(FloatingPointGuard&&) = delete;
    FloatingPointGuard& operator=(const FloatingPointGuard&) = delete;
    FloatingPointGuard& operator=(FloatingPointGuard&&) = delete;
    ~FloatingPointGuard() {
#if defined(__SSE__)
        // They are no mode; they stay.
        constexpr unsigned raised_exceptions = 0x3f;
        const unsigned changed = (_mm_getcsr() ^ control_) & ~raised_exceptions;
        if (changed == 0) return;
        if ((changed & rounding_bits) != 0) std::fesetround(rounding()); // x87's as well
        _mm_setcsr(control_);
#else
        if (std::fegetround() != rounding_) std::fesetround(rounding_);
#endif
    }

  private:
#if defined(__SSE__)
    static constexpr unsigned rounding_bits = 0x6000;
    // In the register they stand three places above those that fesetround takes.
    [[nodiscard]] int rounding() const {
        static_assert((FE_UPWARD | FE_DOWNWARD) == rounding_bits >> 3U && FE_TONEAREST == 0);
        return static_cast<int>((control_ & rounding_bits) >> 3U);
    }

    const unsigned control_ = _mm_getcsr();
#else
    const int rounding_ = std::fegetround();
#endif
};

} // namespace patchbay::host
