// SPDX-License-Identifier: Apache-2.0
// What batches hold, who owns which part of them, and when memory is used again.

#include <patchbay/sdk/array_view.hpp>
#include <patchbay/sdk/batch_builder.hpp>
#include <patchbay/test/catch.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace patchbay::sdk;

namespace {

const std::vector<ArrowFormat> four_columns = {*read_arrow_format("l"), *read_arrow_format("g"),
                                               *read_arrow_format("b"), *read_arrow_format("u")};

// Row i: i, i/2, odd?, "row i"; every fifth row is null throughout.
void append_row(BatchBuilder& batch, std::int64_t i) {
    batch.begin_row();
    if (i % 5 == 4) {
        for (std::size_t column = 0; column < batch.column_count(); ++column)
            batch.column(column).append_null();
        return;
    }
    batch.column(0).append(i);
    batch.column(1).append(static_cast<double>(i) / 2);
    batch.column(2).append_bool(i % 2 != 0);
    batch.column(3).append_text("row " + std::to_string(i));
}

void check_row(const ArrowArray& batch, std::int64_t row, std::int64_t i) {
    const auto column = [&](std::size_t c) {
        return ArrayView(four_columns[c], *batch.children[c]);
    };
    INFO("row " << row);
    if (i % 5 == 4) {
        for (std::size_t c = 0; c < 4; ++c)
            CHECK(column(c).is_null(row));
        return;
    }
    CHECK_FALSE(column(0).is_null(row));
    CHECK(column(0).integer_at(row) == i);
    CHECK(column(1).value_at<double>(row) == static_cast<double>(i) / 2);
    CHECK(column(2).bool_at(row) == (i % 2 != 0));
    CHECK(column(3).bytes_at(row) == "row " + std::to_string(i));
}

UniqueArray finish(BatchBuilder& builder) {
    UniqueArray batch;
    builder.finish(batch.receive());
    return batch;
}

} // namespace

TEST_CASE("a batch holds every value and every null that was appended", "[sdk][batch]") {
    BatchBuilder builder(four_columns, {});
    for (std::int64_t i = 0; i < 1000; ++i)
        append_row(builder, i);

    const auto batch = finish(builder);

    REQUIRE(batch->length == 1000);
    REQUIRE(batch->n_children == 4);
    CHECK(batch->children[0]->null_count == 200);
    for (std::int64_t i = 0; i < 1000; ++i)
        check_row(*batch.get(), i, i);
}

TEST_CASE("a column without nulls has no validity buffer", "[sdk][batch]") {
    BatchBuilder builder({*read_arrow_format("i")}, {});
    for (std::int32_t i = 0; i < 10; ++i) {
        builder.begin_row();
        builder.column(0).append(i);
    }

    const auto batch = finish(builder);

    CHECK(batch->children[0]->buffers[0] == nullptr);
    CHECK(ArrayView(*read_arrow_format("i"), *batch->children[0]).integer_at(9) == 9);
}

TEST_CASE("a batch is full at its limit of rows or of bytes", "[sdk][batch]") {
    BatchBuilder by_rows({*read_arrow_format("l")}, {.max_rows = 3, .max_bytes = 1000});
    BatchBuilder by_bytes({*read_arrow_format("u")}, {.max_rows = 1000, .max_bytes = 10});

    for (std::int64_t i = 0; i < 3; ++i) {
        CHECK_FALSE(by_rows.full());
        by_rows.begin_row();
        by_rows.column(0).append(i);
    }
    for (int i = 0; i < 2; ++i) {
        CHECK_FALSE(by_bytes.full());
        by_bytes.begin_row();
        by_bytes.column(0).append_text("12345");
    }

    CHECK(by_rows.full());
    CHECK(by_bytes.full());
}

TEST_CASE("the first value that is not UTF-8 is found in its row", "[sdk][batch]") {
    // A text that is cut inside a character, whatever follows it, spoils its own row.
    const std::pair<std::vector<std::string_view>, std::size_t> cases[] = {
        {{}, 0},
        {{"plain", "", "text"}, 3},
        {{"gr\xc3\xbc\xc3\x9f", "", "\xe2\x82\xac"}, 3},
        {{"a", "\xff", "b"}, 1},
        {{"a", "b\xc3"}, 1},
        {{"a", "b\xc3", "c"}, 1},
        {{"a\xc3", "", "\xbc"}, 0},
        {{"", "\xbc"}, 1},
        {{"\xe2\x82", "\xac\xff"}, 0},
        {{"\xc3\xbc", "\xbc"}, 1},
    };
    for (const auto& [texts, good_rows] : cases) {
        BatchBuilder builder({*read_arrow_format("u")}, {});
        for (const auto text : texts) {
            builder.begin_row();
            builder.column(0).append_text(text);
        }
        INFO(texts.size() << " texts, " << good_rows << " of them good");
        CHECK(builder.column(0).utf8_rows() == good_rows);
    }
}

TEST_CASE("nulls count as UTF-8", "[sdk][batch]") {
    BatchBuilder builder({*read_arrow_format("u")}, {});
    for (const std::string_view text : {"", "\xc3\xbc", "", "\xc3"}) {
        builder.begin_row();
        if (text.empty()) {
            builder.column(0).append_null();
        } else {
            builder.column(0).append_text(text);
        }
    }

    CHECK(builder.column(0).utf8_rows() == 3);
}

TEST_CASE("one value larger than a batch's bytes still travels", "[sdk][batch]") {
    BatchBuilder builder({*read_arrow_format("z")}, {.max_rows = 10, .max_bytes = 10});
    const std::string large(100'000, 'x');

    builder.begin_row();
    builder.column(0).append_text(large);
    const auto batch = finish(builder);

    CHECK(ArrayView(*read_arrow_format("z"), *batch->children[0]).bytes_at(0) == large);
}

TEST_CASE("a batch of no rows has all its columns", "[sdk][batch]") {
    BatchBuilder builder(four_columns, {});

    const auto batch = finish(builder);

    CHECK(batch->length == 0);
    REQUIRE(batch->n_children == 4);
    // The one offset of an empty text column is there and 0.
    REQUIRE(batch->children[3]->buffers[1] != nullptr);
    CHECK(*static_cast<const std::int32_t*>(batch->children[3]->buffers[1]) == 0);
}

TEST_CASE("a released batch's memory serves the next batch", "[sdk][batch]") {
    BatchBuilder builder({*read_arrow_format("l")}, {});
    const auto build = [&] {
        builder.begin_row();
        builder.column(0).append(std::int64_t{1});
        return finish(builder);
    };

    auto first = build();
    const void* const memory = first->children[0]->buffers[1];
    first.reset();
    const auto second = build();

    CHECK(second->children[0]->buffers[1] == memory);
}

TEST_CASE("a batch that is kept is never written again", "[sdk][batch]") {
    BatchBuilder builder(four_columns, {});
    std::vector<UniqueArray> kept;
    for (std::int64_t i = 0; i < 10; ++i) {
        append_row(builder, i);
        kept.push_back(finish(builder));
    }

    for (std::int64_t i = 0; i < 10; ++i)
        check_row(*kept[static_cast<std::size_t>(i)].get(), 0, i);
}

TEST_CASE("a batch outlives the builder and may be released on another thread", "[sdk][batch]") {
    UniqueArray batch;
    {
        BatchBuilder builder(four_columns, {});
        for (std::int64_t i = 0; i < 100; ++i)
            append_row(builder, i);
        batch = finish(builder);
    }

    check_row(*batch.get(), 42, 42);
    std::thread([moved = std::move(batch)]() mutable { moved.reset(); }).join();
}

TEST_CASE("a child that was moved out lives on after its parent", "[sdk][batch]") {
    BatchBuilder builder(four_columns, {});
    append_row(builder, 7);
    auto batch = finish(builder);

    const UniqueArray child(std::move(*batch->children[3]));
    batch.reset();
    // The next batch is built in what came back: not in the child's memory.
    append_row(builder, 8);
    const auto next = finish(builder);

    CHECK(ArrayView(four_columns[3], *child.get()).bytes_at(0) == "row 7");
    check_row(*next.get(), 0, 8);
}

TEST_CASE("nulls in memory that is used again do not show the old values", "[sdk][batch]") {
    BatchBuilder builder({*read_arrow_format("l"), *read_arrow_format("b")}, {});
    for (int i = 0; i < 20; ++i) {
        builder.begin_row();
        builder.column(0).append(std::int64_t{-1});
        builder.column(1).append_bool(true);
    }
    finish(builder).reset();

    for (int i = 0; i < 20; ++i) {
        builder.begin_row();
        builder.column(0).append_null();
        builder.column(1).append_null();
    }
    const auto batch = finish(builder);

    const auto* values = static_cast<const std::int64_t*>(batch->children[0]->buffers[1]);
    for (int i = 0; i < 20; ++i)
        CHECK(values[i] == 0);
    const auto* bits = static_cast<const unsigned char*>(batch->children[1]->buffers[1]);
    CHECK((bits[0] | bits[1] | (bits[2] & 0x0F)) == 0);
}

TEST_CASE("batches may be released while the next ones are built", "[sdk][batch]") {
    BatchBuilder builder(four_columns, {});
    std::vector<std::thread> consumers;
    for (std::int64_t i = 0; i < 64; ++i) {
        for (std::int64_t row = 0; row < 50; ++row)
            append_row(builder, row);
        consumers.emplace_back([batch = finish(builder)]() mutable { batch.reset(); });
    }
    for (auto& consumer : consumers)
        consumer.join();

    append_row(builder, 3);
    check_row(*finish(builder).get(), 0, 3);
}

TEST_CASE("a column that is not built is refused by its format", "[sdk][batch]") {
    for (const std::string format : {"U", "Z", "n", "+l", "+L", "+m", "+s"}) {
        INFO(format);
        std::string message;
        try {
            const BatchBuilder builder({*read_arrow_format("l"), *read_arrow_format(format)}, {});
        } catch (const std::invalid_argument& refused) {
            message = refused.what();
        }
        CHECK(message.contains("the Arrow format \"" + format + "\" (column 2)"));
    }
}
