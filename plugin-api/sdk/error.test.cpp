// SPDX-License-Identifier: Apache-2.0
// How an error crosses the border: whole, as UTF-8, and into structs of every size.

#include <patchbay/sdk/error.hpp>
#include <patchbay/test/catch.hpp>

#include <cstddef>
#include <string>
#include <string_view>

using namespace patchbay::sdk;

namespace {

// An error as a caller prepares it, released when it goes.
struct CallersError {
    explicit CallersError(std::size_t size = sizeof(patchbay_error)) {
        raw.struct_size = static_cast<std::uint32_t>(size);
    }
    CallersError(const CallersError&) = delete;
    CallersError(CallersError&&) = delete;
    CallersError& operator=(const CallersError&) = delete;
    CallersError& operator=(CallersError&&) = delete;
    ~CallersError() {
        if (raw.release != nullptr) raw.release(&raw);
    }
    patchbay_error raw{};
};

} // namespace

TEST_CASE("an error crosses the border with everything it says", "[sdk][error]") {
    CallersError out;

    fill_error(&out.raw, {.code = PATCHBAY_CONFLICT,
                          .message = "locked",
                          .pointer = "/table",
                          .retry = PATCHBAY_RETRY_LATER,
                          .retry_after_ms = 5,
                          .sqlstate = "55P03",
                          .native_code = 7,
                          .native_domain = "sqlite",
                          .details_json = "{}",
                          .user_message = true});

    CHECK(out.raw.code == PATCHBAY_CONFLICT);
    CHECK(out.raw.retry == PATCHBAY_RETRY_LATER);
    CHECK(out.raw.retry_after_ms == 5);
    CHECK(std::string_view(out.raw.sqlstate) == "55P03");
    CHECK(out.raw.native_code == 7);
    CHECK(to_view(out.raw.native_domain) == "sqlite");
    CHECK(to_view(out.raw.message) == "locked");
    CHECK(to_view(out.raw.pointer) == "/table");
    CHECK(to_view(out.raw.details_json) == "{}");
    CHECK(out.raw.user_message == 1);
}

TEST_CASE("bytes of a source that are no text do not cross the border", "[sdk][error]") {
    CallersError out;

    fill_error(&out.raw, {.message = std::string("column \xfc\0!", 10)});

    CHECK(to_view(out.raw.message) == "column \xef\xbf\xbd\xef\xbf\xbd!");
}

TEST_CASE("nothing is written behind the end of an older caller's error", "[sdk][error]") {
    CallersError first_revision(offsetof(patchbay_error, user_message));
    first_revision.raw.user_message = 77;
    CallersError too_small(8);

    fill_error(&first_revision.raw, {.message = "m", .user_message = true});
    fill_error(&too_small.raw, {.message = "m"});
    fill_error(nullptr, {.message = "m"});

    CHECK(to_view(first_revision.raw.message) == "m");
    CHECK(first_revision.raw.user_message == 77);
    CHECK(too_small.raw.release == nullptr);
}
