// SPDX-License-Identifier: Apache-2.0
// Arrow arrays of every type, made by hand for tests of what reads them.
#pragma once

#include <patchbay/abi/arrow.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::command {

// Owns what its schema and array borrow; those need no release.
class TestArray {
  public:
    TestArray(std::string name, std::string format);

    // Adds one row. The bytes of T are the value's.
    template <class T>
    TestArray& add(T value) {
        std::string bytes(sizeof value, '\0');
        std::memcpy(bytes.data(), &value, sizeof value);
        return add_row(bytes);
    }
    TestArray& add_bool(bool value);
    TestArray& add_text(std::string_view text); // or bytes, also of fixed width
    TestArray& add_list(std::size_t items);     // so many more of the child's rows
    TestArray& add_struct();                    // one more of each child's rows
    TestArray& add_null();                      // children of structs and fixed lists need a row

    TestArray& add_child(TestArray child);

    // The first rows are there, but not part of the array.
    TestArray& skip(std::int64_t rows);

    // Good until the next change or copy of this object.
    const ArrowSchema& schema();
    const ArrowArray& array();

  private:
    TestArray& add_row(std::string_view bytes);
    void add_offset(std::size_t end);

    std::string name_;
    std::string format_;
    std::vector<std::uint8_t> valid_; // a byte a row
    std::string validity_;            // a bit a row
    std::string values_;
    std::string offsets_;
    std::size_t end_ = 0;
    std::int64_t skipped_ = 0;
    std::vector<TestArray> children_;

    std::vector<const void*> buffers_;
    std::vector<ArrowSchema*> child_schemas_;
    std::vector<ArrowArray*> child_arrays_;
    ArrowSchema schema_{};
    ArrowArray array_{};
};

// A batch of these columns: a struct of as many rows as the first of them has.
[[nodiscard]] TestArray batch_of(std::vector<TestArray> columns);

} // namespace patchbay::command
