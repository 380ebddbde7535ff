// SPDX-License-Identifier: Apache-2.0
// Cancelling reaches whoever looks, and nobody who has stopped looking.

#include "cancel_source.hpp"

#include <patchbay/test/catch.hpp>

#include <poll.h>

#include <atomic>
#include <latch>
#include <thread>
#include <utility>

using patchbay::host::CancelReason;
using patchbay::host::CancelSource;

namespace {

bool readable(int fd) {
    pollfd look{fd, POLLIN, 0};
    return ::poll(&look, 1, 0) == 1;
}

void count(void* counter) {
    ++*static_cast<std::atomic<int>*>(counter);
}

} // namespace

TEST_CASE("a token is triggered once and keeps the first reason", "[host][cancel]") {
    CancelSource source;
    const auto* token = source.token();
    CHECK(token->requested(token) == 0);

    source.request(CancelReason::closed);
    source.request(CancelReason::caller);

    CHECK(token->requested(token) == 1);
    CHECK(source.reason() == CancelReason::closed);
}

TEST_CASE("a token's descriptor is readable exactly when it is triggered", "[host][cancel]") {
    CancelSource before;
    CancelSource after;
    const int early = before.token()->fd(before.token());
    REQUIRE(early >= 0);
    CHECK_FALSE(readable(early));

    before.request(CancelReason::caller);
    after.request(CancelReason::caller);

    CHECK(readable(early));
    CHECK(readable(after.token()->fd(after.token())));
}

TEST_CASE("subscribers are called once, late ones at once, former ones never", "[host][cancel]") {
    CancelSource source;
    std::atomic<int> kept = 0;
    std::atomic<int> dropped = 0;
    std::atomic<int> late = 0;
    const auto* token = source.token();
    CHECK(token->subscribe(token, count, &kept) != 0);
    token->unsubscribe(token, token->subscribe(token, count, &dropped));

    source.request(CancelReason::caller);
    CHECK(token->subscribe(token, count, &late) != 0);

    CHECK(kept == 1);
    CHECK(dropped == 0);
    CHECK(late == 1);
}

TEST_CASE("a callback may end its own subscription", "[host][cancel]") {
    struct Self {
        CancelSource source;
        std::uint64_t subscription = 0;
        int calls = 0;
    } self;
    self.subscription = self.source.subscribe(
        [](void* context) {
            auto& me = *static_cast<Self*>(context);
            ++me.calls;
            me.source.unsubscribe(me.subscription);
        },
        &self);

    self.source.request(CancelReason::caller);

    CHECK(self.calls == 1);
}

TEST_CASE("ending a subscription that is none returns at once", "[host][cancel]") {
    CancelSource source;
    std::atomic<int> calls = 0;
    const auto* token = source.token();
    CHECK(token->subscribe(token, count, &calls) != 0);

    token->unsubscribe(token, 0); // what subscribe answers where memory ran out
    token->unsubscribe(token, 1000);
    source.request(CancelReason::caller);
    token->unsubscribe(token, 0);

    CHECK(calls == 1);
}

TEST_CASE("unsubscribe returns only when the callback has", "[host][cancel]") {
    struct Slow {
        std::latch entered{1};
        std::latch go_on{1};
        std::atomic<bool> left = false;
    } slow;
    CancelSource source;
    const auto subscription = source.subscribe(
        [](void* context) {
            auto& me = *static_cast<Slow*>(context);
            me.entered.count_down();
            me.go_on.wait();
            me.left = true;
        },
        &slow);

    std::thread canceller([&] { source.request(CancelReason::caller); });
    slow.entered.wait();
    std::atomic<bool> left_at_return = false;
    std::thread unsubscriber([&] {
        source.unsubscribe(subscription);
        left_at_return = slow.left.load();
    });
    slow.go_on.count_down();
    canceller.join();
    unsubscriber.join();

    CHECK(left_at_return);
}

TEST_CASE("cancel and unsubscribe may race", "[host][cancel]") {
    for (int round = 0; round < 1000; ++round) {
        CancelSource source;
        std::atomic<int> calls = 0;
        const auto subscription = source.subscribe(count, &calls);
        std::thread canceller([&] { source.request(CancelReason::caller); });
        source.unsubscribe(subscription);
        const int seen = calls;
        canceller.join();

        // Either it ran before unsubscribe returned, or it never runs.
        CHECK(calls == seen);
    }
}
