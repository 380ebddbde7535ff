// SPDX-License-Identifier: Apache-2.0
// Parameters reach a connector only where they are what they say.

#include "bound_parameters.hpp"

#include <patchbay/test/catch.hpp>

#include <cstdint>
#include <utility>

using namespace patchbay::host;
namespace sdk = patchbay::sdk;

namespace {

// A struct array of so many rows, with no children.
ArrowArray childless_array(std::int64_t rows) {
    static const void* const no_validity = nullptr;
    ArrowArray array{};
    array.length = rows;
    array.n_buffers = 1;
    array.buffers = const_cast<const void**>(&no_validity); // NOLINT(*-const-cast): only read
    array.release = [](ArrowArray* released) { released->release = nullptr; };
    return array;
}

Parameters from_arrow(const sdk::Field& columns, std::int64_t rows = 1) {
    ArrowSchema schema{};
    sdk::export_schema(columns, &schema);
    return Parameters::from_arrow(std::move(schema), childless_array(rows));
}

Error error_of(Parameters parameters) {
    BoundParameters bound;
    const auto done = bound.bind(std::move(parameters));
    REQUIRE_FALSE(done.has_value());
    CHECK(bound.get() == nullptr);
    return done.error();
}

} // namespace

TEST_CASE("an array without the columns of its schema is no set of parameters", "[host][params]") {
    const auto error = error_of(
        from_arrow(sdk::record({{.name = "a", .format = "l"}, {.name = "b", .format = "l"}})));

    CHECK(error.code == ErrorCode::invalid_request);
    CHECK(error.pointer == "/params");
    CHECK(error.message.contains("the batch has 0 children; its schema has 2"));
}

TEST_CASE("parameters whose schema is no struct are refused", "[host][params]") {
    const auto error = error_of(from_arrow({.name = "a", .format = "n"}));

    CHECK(error.code == ErrorCode::invalid_request);
    CHECK(error.message.contains("the schema is \"n\" and not a struct of parameters"));
}

TEST_CASE("parameters of a format that is none are refused", "[host][params]") {
    const auto error = error_of(from_arrow(sdk::record({{.name = "a", .format = "int64"}})));

    CHECK(error.code == ErrorCode::invalid_request);
    CHECK(error.message.contains("a has the format \"int64\""));
}

TEST_CASE("released Arrow structs are no parameters", "[host][params]") {
    const auto without_schema = error_of(Parameters::from_arrow(ArrowSchema{}, childless_array(1)));
    ArrowSchema schema{};
    sdk::export_schema(sdk::record({}), &schema);
    const auto without_array = error_of(Parameters::from_arrow(std::move(schema), ArrowArray{}));

    CHECK(without_schema.message.contains("the schema is released"));
    CHECK(without_array.message.contains("the array is released"));
}

TEST_CASE("a set of parameters that is null is none", "[host][params]") {
    static const unsigned char second_is_null = 0b0000'0101;
    static const void* validity[] = {&second_is_null};
    ArrowSchema schema{};
    sdk::export_schema(sdk::record({}), &schema);
    auto array = childless_array(3);
    array.buffers = validity;
    array.null_count = -1;

    const auto error = error_of(Parameters::from_arrow(std::move(schema), std::move(array)));

    CHECK(error.code == ErrorCode::invalid_request);
    CHECK(error.message.contains("row 1 is null"));
}

TEST_CASE("sound Arrow structs are lent as they are", "[host][params]") {
    BoundParameters bound;

    REQUIRE(bound.bind(from_arrow(sdk::record({}), 3)).has_value());

    REQUIRE(bound.get() != nullptr);
    CHECK(bound.row_count() == 3);
}

TEST_CASE("a value that 32-bit offsets cannot address is refused", "[host][params]") {
    const auto three = [] {
        Parameters parameters;
        parameters.add(std::int64_t{1}).add("abc");
        return parameters;
    };
    BoundParameters fits;
    BoundParameters too_long;

    REQUIRE(fits.bind(three(), 3).has_value());
    const auto refused = too_long.bind(three(), 2);

    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::invalid_request);
    CHECK(refused.error().pointer == "/params/1");
    CHECK(refused.error().message == "parameter 2 has 3 bytes; a value has at most 2");
    CHECK(BoundParameters::max_value_bytes == 2147483647);
}
