// SPDX-License-Identifier: Apache-2.0
// Arrow schemas as values, and handed over through the C data interface.
#pragma once

#include <patchbay/abi/arrow.h>

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace patchbay::sdk {

static_assert(std::endian::native == std::endian::little,
              "Arrow arrays are exchanged in the byte order of the machine; only one is tested");

using Metadata = std::vector<std::pair<std::string, std::string>>;

// A column, or a struct of columns: what an ArrowSchema says, without its lifetime rules.
struct Field {
    std::string name = {};
    std::string format = {}; // see arrow_format.hpp
    bool nullable = true;
    bool keys_sorted = false; // of a map
    Metadata metadata = {};
    std::vector<Field> children = {};

    friend bool operator==(const Field&, const Field&) = default;
};

// A struct whose children are the columns of a stream.
[[nodiscard]] inline Field record(std::vector<Field> columns) {
    return {.format = "+s", .nullable = false, .children = std::move(columns)};
}

// Owns a schema, an array or a stream of the C data interface and releases it.
template <class T>
class ArrowOwner {
  public:
    ArrowOwner() = default;
    // Takes over what was filled; the source is left released.
    explicit ArrowOwner(T&& taken) noexcept : value_(taken) { taken.release = nullptr; }
    ArrowOwner(const ArrowOwner&) = delete;
    ArrowOwner& operator=(const ArrowOwner&) = delete;
    ArrowOwner(ArrowOwner&& other) noexcept : value_(other.value_) {
        other.value_.release = nullptr;
    }
    ArrowOwner& operator=(ArrowOwner&& other) noexcept {
        if (this != &other) {
            reset();
            value_ = other.value_;
            other.value_.release = nullptr;
        }
        return *this;
    }
    ~ArrowOwner() { reset(); }

    // Releases what is held.
    void reset() noexcept {
        if (value_.release != nullptr) value_.release(&value_);
        value_ = T{};
    }

    // Where a function of the C data interface writes; releases what was held before.
    [[nodiscard]] T* receive() noexcept {
        reset();
        return &value_;
    }

    // Hands over to a caller of the C data interface.
    void move_to(T* out) noexcept {
        *out = value_;
        value_ = T{};
    }

    [[nodiscard]] explicit operator bool() const { return value_.release != nullptr; }
    [[nodiscard]] T* get() { return &value_; }
    [[nodiscard]] const T* get() const { return &value_; }
    [[nodiscard]] T* operator->() { return &value_; }
    [[nodiscard]] const T* operator->() const { return &value_; }

  private:
    T value_{};
};

using UniqueSchema = ArrowOwner<ArrowSchema>;
using UniqueArray = ArrowOwner<ArrowArray>;
using UniqueStream = ArrowOwner<ArrowArrayStream>;

namespace detail {

// All nodes and texts of one exported schema, in one piece of memory that goes when the last node
// is released: a consumer may keep a child and release its parent.
class SchemaBlock {
  public:
    static void export_field(const Field& field, ArrowSchema* out) {
        Measure measure;
        measure.add(field);
        const auto texts_at = sizeof(SchemaBlock) + measure.children * sizeof(ArrowSchema) +
                              measure.children * sizeof(ArrowSchema*);
        void* const memory = ::operator new(texts_at + measure.text_bytes);
        auto* const block = new (memory) SchemaBlock(measure.children + 1);
        auto* const bytes = static_cast<std::byte*>(memory) + sizeof(SchemaBlock);
        block->next_node_ = reinterpret_cast<ArrowSchema*>(bytes);
        block->next_pointer_ =
            reinterpret_cast<ArrowSchema**>(bytes + measure.children * sizeof(ArrowSchema));
        block->next_text_ = static_cast<char*>(memory) + texts_at;
        block->fill(field, out);
    }

  private:
    struct Measure {
        std::size_t children = 0;
        std::size_t text_bytes = 0;

        void add(const Field& field) {
            text_bytes += field.name.size() + field.format.size() + 2;
            if (!field.metadata.empty()) text_bytes += metadata_bytes(field.metadata);
            children += field.children.size();
            for (const auto& child : field.children)
                add(child);
        }
    };

    explicit SchemaBlock(std::size_t nodes) : users_(nodes) {}

    [[nodiscard]] static std::size_t metadata_bytes(const Metadata& metadata) {
        std::size_t bytes = 4;
        for (const auto& [key, value] : metadata)
            bytes += 8 + key.size() + value.size();
        return bytes;
    }

    void fill(const Field& field, ArrowSchema* out) {
        *out = ArrowSchema{};
        out->format = put_text(field.format);
        out->name = put_text(field.name);
        out->metadata = field.metadata.empty() ? nullptr : put_metadata(field.metadata);
        out->flags = (field.nullable ? ARROW_FLAG_NULLABLE : 0) |
                     (field.keys_sorted ? ARROW_FLAG_MAP_KEYS_SORTED : 0);
        out->n_children = static_cast<std::int64_t>(field.children.size());
        if (!field.children.empty()) {
            out->children = next_pointer_;
            next_pointer_ += field.children.size();
            auto* const nodes = next_node_;
            next_node_ += field.children.size();
            for (std::size_t i = 0; i < field.children.size(); ++i) {
                out->children[i] = &nodes[i];
                fill(field.children[i], &nodes[i]);
            }
        }
        out->private_data = this;
        out->release = release;
    }

    static void release(ArrowSchema* schema) {
        for (std::int64_t i = 0; i < schema->n_children; ++i) {
            ArrowSchema* const child = schema->children[i];
            if (child->release != nullptr) child->release(child);
        }
        auto* const block = static_cast<SchemaBlock*>(schema->private_data);
        schema->release = nullptr;
        if (block->users_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
        block->~SchemaBlock();
        ::operator delete(static_cast<void*>(block));
    }

    const char* put_text(std::string_view text) {
        char* const start = next_text_;
        std::memcpy(next_text_, text.data(), text.size());
        next_text_[text.size()] = '\0';
        next_text_ += text.size() + 1;
        return start;
    }

    // Count, then length and bytes of each key and value, in 32-bit integers of this machine.
    const char* put_metadata(const Metadata& metadata) {
        const char* const start = next_text_;
        put_length(metadata.size());
        for (const auto& [key, value] : metadata) {
            put_counted(key);
            put_counted(value);
        }
        return start;
    }

    void put_counted(std::string_view text) {
        put_length(text.size());
        std::memcpy(next_text_, text.data(), text.size());
        next_text_ += text.size();
    }

    void put_length(std::size_t length) {
        const auto narrow = static_cast<std::int32_t>(length);
        std::memcpy(next_text_, &narrow, sizeof narrow);
        next_text_ += sizeof narrow;
    }

    std::atomic<std::size_t> users_;
    ArrowSchema* next_node_ = nullptr;
    ArrowSchema** next_pointer_ = nullptr;
    char* next_text_ = nullptr;
};

} // namespace detail

// Fills *out with a schema that says what the field says.
//
// Owns: the receiver releases *out; each node may outlive its parent.
inline void export_schema(const Field& field, ArrowSchema* out) {
    detail::SchemaBlock::export_field(field, out);
}

// Reads the metadata of a schema node. Keys and values are copied; NULL is no metadata.
[[nodiscard]] inline Metadata read_metadata(const char* encoded) {
    Metadata metadata;
    if (encoded == nullptr) return metadata;
    const auto read_length = [&encoded] {
        std::int32_t length = 0;
        std::memcpy(&length, encoded, sizeof length);
        encoded += sizeof length;
        return length > 0 ? static_cast<std::size_t>(length) : 0;
    };
    const auto read_text = [&] {
        const auto length = read_length();
        std::string text(encoded, length);
        encoded += length;
        return text;
    };
    const auto count = read_length();
    metadata.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto key = read_text();
        auto value = read_text();
        metadata.emplace_back(std::move(key), std::move(value));
    }
    return metadata;
}

// Reads a schema into a value. Levels beyond max_depth are cut off; a dictionary is left out. The
// schema must be sound: no node released, n_children children in each.
[[nodiscard]] inline Field import_schema(const ArrowSchema& schema, int max_depth = 32) {
    Field field;
    field.name = schema.name == nullptr ? "" : schema.name;
    field.format = schema.format == nullptr ? "" : schema.format;
    field.nullable = (schema.flags & ARROW_FLAG_NULLABLE) != 0;
    field.keys_sorted = (schema.flags & ARROW_FLAG_MAP_KEYS_SORTED) != 0;
    field.metadata = read_metadata(schema.metadata);
    if (max_depth > 0) {
        field.children.reserve(static_cast<std::size_t>(schema.n_children));
        for (std::int64_t i = 0; i < schema.n_children; ++i)
            field.children.push_back(import_schema(*schema.children[i], max_depth - 1));
    }
    return field;
}

} // namespace patchbay::sdk
