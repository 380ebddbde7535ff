// SPDX-License-Identifier: Apache-2.0
// Parameters in the shape in which a connector gets them: one Arrow struct array.
#pragma once

#include <patchbay/abi/params.h>
#include <patchbay/host/error.hpp>
#include <patchbay/host/parameters.hpp>
#include <patchbay/sdk/arrow_schema.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace patchbay::host {

struct Parameters::Impl {
    // One value that was added by hand, with the memory of a one-row Arrow column inside it.
    struct Scalar {
        const char* format; // of the C data interface
        std::string name;
        std::string bytes = {};         // of text and binary values
        std::array<char, 8> fixed = {}; // of the others
        std::array<std::int32_t, 2> offsets = {};
        std::array<const void*, 3> buffers = {};
    };
    std::vector<Scalar> scalars;

    // Or what was given as Arrow.
    sdk::UniqueSchema schema;
    sdk::UniqueArray array;
};

// Owns the values for as long as a connector may look at them, and lends them. Stays where it is:
// the structs point into it.
class BoundParameters {
  public:
    BoundParameters() = default;
    BoundParameters(const BoundParameters&) = delete;
    BoundParameters(BoundParameters&&) = delete;
    BoundParameters& operator=(const BoundParameters&) = delete;
    BoundParameters& operator=(BoundParameters&&) = delete;
    ~BoundParameters() = default;

    // What the 32-bit offsets of a text or binary value can address.
    static constexpr std::size_t max_value_bytes = std::numeric_limits<std::int32_t>::max();

    // Takes the values over. Called once.
    //
    // Errors: invalid_request where given Arrow structs are not what they say, have a format that
    //         is not carried, or where a value has more than limit_bytes.
    [[nodiscard]] Expected<void> bind(Parameters&& parameters,
                                      std::size_t limit_bytes = max_value_bytes);

    // NULL where there are none.
    [[nodiscard]] const patchbay_params* get() const {
        return params_.schema == nullptr ? nullptr : &params_;
    }
    [[nodiscard]] std::int64_t row_count() const {
        return params_.array == nullptr ? 0 : params_.array->length;
    }

  private:
    [[nodiscard]] Expected<void> bind_scalars(std::size_t limit_bytes);

    Parameters values_;
    std::vector<ArrowSchema> schemas_; // the struct first, then its children
    std::vector<ArrowArray> arrays_;
    std::vector<ArrowSchema*> schema_children_;
    std::vector<ArrowArray*> array_children_;
    const void* no_validity_ = nullptr;
    patchbay_params params_{.struct_size = sizeof params_, .revision = 1};
};

} // namespace patchbay::host
