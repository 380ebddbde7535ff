// SPDX-License-Identifier: Apache-2.0
// Values for the placeholders of a statement.
#pragma once

#include <patchbay/abi/arrow.h>
#include <patchbay/host/export.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace patchbay::host {

// One row of values that is put together by hand, or any Arrow struct array.
//
//     Parameters parameters;
//     parameters.add(42).add("text").add_null();
//
// Values are bound by position, or by name where add is given one. Not for use by two threads at
// once.
class PATCHBAY_HOST_API Parameters {
  public:
    Parameters();
    Parameters(const Parameters&) = delete;
    Parameters(Parameters&&) noexcept;
    Parameters& operator=(const Parameters&) = delete;
    Parameters& operator=(Parameters&&) noexcept;
    ~Parameters();

    // Takes an Arrow struct array (format "+s") as it is: each row one set of values.
    //
    // Owns: both are taken over, and released when they are not needed any more.
    [[nodiscard]] static Parameters from_arrow(ArrowSchema&& schema, ArrowArray&& array);

    // One row of these values, by position: Parameters::of(42, "text", true)
    template <class... Values>
    [[nodiscard]] static Parameters of(const Values&... values) {
        Parameters parameters;
        (parameters.add(values), ...);
        return parameters;
    }

    Parameters& add(std::int64_t value, std::string_view name = {});
    Parameters& add(int value, std::string_view name = {}) {
        return add(static_cast<std::int64_t>(value), name);
    }
    Parameters& add(double value, std::string_view name = {});
    Parameters& add(bool value, std::string_view name = {});
    Parameters& add(std::string_view text, std::string_view name = {});
    Parameters& add(const char* text, std::string_view name = {}) {
        return add(std::string_view(text), name);
    }
    Parameters& add_bytes(std::string_view bytes, std::string_view name = {});
    Parameters& add_null(std::string_view name = {});

    [[nodiscard]] bool empty() const;

  private:
    friend class BoundParameters; // of libpatchbay
    struct PATCHBAY_HOST_HIDDEN Impl;
    Parameters& append(const char* format, std::string_view name, std::string_view bytes,
                       std::array<char, 8> fixed);
    std::unique_ptr<Impl> impl_; // none where nothing was added
};

} // namespace patchbay::host
