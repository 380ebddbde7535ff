// SPDX-License-Identifier: Apache-2.0
// What a stream of an author's looks like from the other side of the border.

#include <patchbay/sdk/record_stream.hpp>
#include <patchbay/test/catch.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>

using namespace patchbay::sdk;

namespace {

class EmptyStream : public RecordStream {
  public:
    explicit EmptyStream(bool knows_progress) : knows_progress_(knows_progress) {}
    const Field& schema() const override { return columns_; }
    Expected<bool> next(ArrowArray* /*out*/) override { return false; }
    Progress progress() const override {
        if (!knows_progress_) throw std::runtime_error("nobody counts here");
        return {.rows = 3, .bytes = 24, .total_rows = 7};
    }

  private:
    Field columns_ = record({});
    bool knows_progress_;
};

UniqueStream exported(bool knows_progress) {
    UniqueStream stream;
    export_stream(std::make_unique<EmptyStream>(knows_progress), stream.receive());
    return stream;
}

} // namespace

TEST_CASE("an exception of progress() stays inside and says nothing", "[sdk][stream]") {
    auto stream = exported(false);
    patchbay_progress progress{.struct_size = sizeof progress, .rows = 1, .total_rows = -1};

    stream_info_table.progress(stream.get(), &progress);

    CHECK(progress.rows == 1);
    CHECK(progress.total_rows == -1);
}

TEST_CASE("an older caller gets what his struct has room for", "[sdk][stream]") {
    auto stream = exported(true);
    patchbay_progress whole{.struct_size = sizeof whole};
    patchbay_progress shorter{.struct_size = offsetof(patchbay_progress, total_rows),
                              .total_rows = 77};

    stream_info_table.progress(stream.get(), &whole);
    stream_info_table.progress(stream.get(), &shorter);

    CHECK(whole.total_rows == 7);
    CHECK(shorter.rows == 3);
    CHECK(shorter.bytes == 24);
    CHECK(shorter.total_rows == 77);
}
