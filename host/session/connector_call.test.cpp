// SPDX-License-Identifier: Apache-2.0
// A call tells the connector's faults from the host's own, and keeps alive what a stream looks at.

#include "connector_call.hpp"

#include <host/log/logger.hpp>
#include <host/log/secret_masker.hpp>
#include <patchbay/host/clock.hpp>
#include <patchbay/test/catch.hpp>

#include <chrono>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

using namespace patchbay::host;
namespace sdk = patchbay::sdk;

namespace {

// A library that is none, and what a call of it needs.
struct Stage {
    SecretMasker masker;
    Logger logger{{}, masker};
    HostServices services{"none", logger, Clock::system()};
    Library library;

    Stage() {
        library.id = "none|00000000-0000-0000-0000-000000000000";
        library.name = "none";
    }

    [[nodiscard]] std::shared_ptr<CallFrame> frame() const {
        return own_frame(services, std::chrono::seconds(1));
    }
};

// What a call does is given to it; inside enter() it is the connector's code.
struct GivenCall final : ConnectorCall {
    using ConnectorCall::ConnectorCall;
    void (*ours)() = [] {};
    void (*connectors)() = [] {};
    patchbay_status run() override {
        ours();
        return enter([&] {
            connectors();
            return PATCHBAY_OK;
        });
    }
};

ArrowArrayStream stream_released_by(void (*release)(ArrowArrayStream*), void* of = nullptr) {
    ArrowArrayStream stream{};
    stream.release = release;
    stream.private_data = of;
    return stream;
}

} // namespace

TEST_CASE("an exception of the host's own condemns no connector", "[host][call]") {
    Stage stage;
    GivenCall call(stage.library, "ping", stage.frame());
    call.ours = [] { throw std::bad_alloc(); };

    call.make();

    CHECK_FALSE(call.succeeded());
    CHECK_FALSE(stage.library.quarantined);
    const auto error = call.error(stage.masker);
    CHECK(error.code == ErrorCode::resource_exhausted);
    CHECK(error.message == "memory ran out in the host");
}

TEST_CASE("an exception of the connector's condemns it", "[host][call]") {
    Stage stage;
    GivenCall call(stage.library, "ping", stage.frame());
    call.connectors = [] { throw std::runtime_error("out"); };

    call.make();

    CHECK(stage.library.quarantined);
    const auto error = call.error(stage.masker);
    CHECK(error.code == ErrorCode::broken_rule);
    CHECK(error.message.contains("in ping: an exception came out of it"));
}

TEST_CASE("an exception out of a stream's release ends nothing but the connector", "[host][call]") {
    Stage stage;
    auto stream = keep_with_frame(
        sdk::UniqueStream(stream_released_by([](ArrowArrayStream*) { throw 42; })), stage.frame());
    ReleaseStreamCall call(stage.library, "release", stage.frame(), stream);

    call.make();

    CHECK(stage.library.quarantined);
    CHECK(call.error(stage.masker).code == ErrorCode::broken_rule);
}

TEST_CASE("nothing of a condemned connector is released", "[host][call]") {
    Stage stage;
    stage.library.quarantined = true;
    bool released = false;
    sdk::UniqueStream stream(stream_released_by(
        [](ArrowArrayStream* self) { *static_cast<bool*>(self->private_data) = true; }, &released));

    CHECK(release_foreign(stage.library, stream));

    CHECK_FALSE(released);
}

TEST_CASE("a stream's frame outlives the stream, whoever holds it last", "[host][call]") {
    Stage stage;
    auto frame = stage.frame();
    const std::weak_ptr<CallFrame> watched = frame;
    auto held = keep_with_frame(sdk::UniqueStream(stream_released_by(
                                    [](ArrowArrayStream* self) { self->release = nullptr; })),
                                std::move(frame));
    // The call that releases has a frame of its own and may be left behind with the stream.
    auto call = std::make_unique<ReleaseStreamCall>(stage.library, "release", stage.frame(), held);
    held.reset();

    CHECK_FALSE(watched.expired());
    call->make();
    CHECK_FALSE(watched.expired());
    call.reset();

    CHECK(watched.expired());
}
