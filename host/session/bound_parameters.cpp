// SPDX-License-Identifier: Apache-2.0
// Parameters in the shape in which a connector gets them: one Arrow struct array.

#include "bound_parameters.hpp"

#include <host/session/batch_check.hpp>
#include <host/session/schema_check.hpp>
#include <patchbay/sdk/array_view.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

namespace patchbay::host {
namespace {

// Lent structs are never released by whoever looks at them, but have to look alive.
void release_lent_schema(ArrowSchema* schema) {
    schema->release = nullptr;
}
void release_lent_array(ArrowArray* array) {
    array->release = nullptr;
}

template <class T>
[[nodiscard]] std::array<char, 8> store(T value) {
    std::array<char, 8> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

[[nodiscard]] Error refused(std::string message, std::string pointer) {
    return {.code = ErrorCode::invalid_request,
            .message = std::move(message),
            .pointer = std::move(pointer)};
}

// What is wrong with parameters that were given as Arrow, if anything is.
[[nodiscard]] std::optional<std::string> find_arrow_fault(const ArrowSchema& schema,
                                                          const ArrowArray& array) {
    if (auto fault = find_schema_fault(schema)) return fault;
    const auto columns = sdk::import_schema(schema);
    if (columns.format != "+s") {
        return fmt::format("the schema is \"{}\" and not a struct of parameters", columns.format);
    }
    if (array.release == nullptr) return "the array is released";
    if (auto fault = BatchCheck(columns).find_fault(array)) return fault;
    const sdk::ArrayView rows(*sdk::read_arrow_format(columns.format), array);
    for (std::int64_t row = 0; array.buffers[0] != nullptr && row < array.length; ++row)
        if (rows.is_null(row)) return fmt::format("row {} is null", row);
    return std::nullopt;
}

} // namespace

Parameters::Parameters() = default;
Parameters::Parameters(Parameters&&) noexcept = default;
Parameters& Parameters::operator=(Parameters&&) noexcept = default;
Parameters::~Parameters() = default;

Parameters Parameters::from_arrow(ArrowSchema&& schema, ArrowArray&& array) {
    Parameters parameters;
    parameters.impl_ = std::make_unique<Impl>();
    parameters.impl_->schema = sdk::UniqueSchema(std::move(schema));
    parameters.impl_->array = sdk::UniqueArray(std::move(array));
    return parameters;
}

bool Parameters::empty() const {
    return impl_ == nullptr;
}

Parameters& Parameters::append(const char* format, std::string_view name, std::string_view bytes,
                               std::array<char, 8> fixed) {
    if (impl_ == nullptr) impl_ = std::make_unique<Impl>();
    impl_->scalars.push_back(
        {.format = format, .name = std::string(name), .bytes = std::string(bytes), .fixed = fixed});
    return *this;
}

Parameters& Parameters::add(std::int64_t value, std::string_view name) {
    return append("l", name, {}, store(value));
}
Parameters& Parameters::add(double value, std::string_view name) {
    return append("g", name, {}, store(value));
}
Parameters& Parameters::add(bool value, std::string_view name) {
    return append("b", name, {}, store(static_cast<std::uint8_t>(value ? 1 : 0)));
}
Parameters& Parameters::add(std::string_view text, std::string_view name) {
    return append("u", name, text, {});
}
Parameters& Parameters::add_bytes(std::string_view bytes, std::string_view name) {
    return append("z", name, bytes, {});
}
Parameters& Parameters::add_null(std::string_view name) {
    return append("n", name, {}, {});
}

Expected<void> BoundParameters::bind(Parameters&& parameters, std::size_t limit_bytes) {
    values_ = std::move(parameters);
    if (values_.impl_ == nullptr) return {};
    if (!values_.impl_->schema && !values_.impl_->array) return bind_scalars(limit_bytes);
    const auto& schema = *values_.impl_->schema.get();
    const auto& array = *values_.impl_->array.get();
    if (const auto fault = find_arrow_fault(schema, array)) {
        return std::unexpected(refused(
            fmt::format("the parameters are no Arrow struct array: {}", *fault), "/params"));
    }
    params_.schema = &schema;
    params_.array = &array;
    return {};
}

Expected<void> BoundParameters::bind_scalars(std::size_t limit_bytes) {
    auto& scalars = values_.impl_->scalars;
    const auto count = scalars.size();
    schemas_.resize(count + 1);
    arrays_.resize(count + 1);
    schema_children_.resize(count);
    array_children_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto& scalar = scalars[i];
        if (scalar.bytes.size() > limit_bytes) {
            return std::unexpected(
                refused(fmt::format("parameter {} has {} bytes; a value has at most {}", i + 1,
                                    scalar.bytes.size(), limit_bytes),
                        fmt::format("/params/{}", i)));
        }
        auto& schema = schemas_[i + 1];
        schema.format = scalar.format;
        schema.name = scalar.name.c_str();
        schema.flags = ARROW_FLAG_NULLABLE;
        schema.release = release_lent_schema;
        schema_children_[i] = &schema;

        auto& array = arrays_[i + 1];
        const char kind = *scalar.format;
        const bool variable = kind == 'u' || kind == 'z';
        array.length = 1;
        array.null_count = kind == 'n' ? 1 : 0;
        array.n_buffers = kind == 'n' ? 0 : (variable ? 3 : 2);
        if (variable) {
            scalar.offsets[1] = static_cast<std::int32_t>(scalar.bytes.size());
            scalar.buffers = {nullptr, scalar.offsets.data(), scalar.bytes.data()};
        } else {
            scalar.buffers = {nullptr, scalar.fixed.data(), nullptr};
        }
        array.buffers = scalar.buffers.data();
        array.release = release_lent_array;
        array_children_[i] = &array;
    }
    schemas_[0].format = "+s";
    schemas_[0].name = "";
    schemas_[0].n_children = static_cast<std::int64_t>(count);
    schemas_[0].children = schema_children_.data();
    schemas_[0].release = release_lent_schema;
    arrays_[0].length = 1;
    arrays_[0].n_buffers = 1;
    arrays_[0].buffers = &no_validity_;
    arrays_[0].n_children = static_cast<std::int64_t>(count);
    arrays_[0].children = array_children_.data();
    arrays_[0].release = release_lent_array;
    params_.schema = schemas_.data();
    params_.array = arrays_.data();
    return {};
}

} // namespace patchbay::host
