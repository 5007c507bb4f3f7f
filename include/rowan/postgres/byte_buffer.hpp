#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/types/fault.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

namespace rowan::postgres {

/// Bytes in the binary format, made in place. A string would first fill with zeros what it is given next.
class ByteBuffer {
public:
    /// The place of `count` more bytes, which the caller fills; valid until the next call.
    [[nodiscard]] ROWAN_ALWAYS_INLINE char* extend(std::size_t count) {
        if (capacity_ - size_ < count) [[unlikely]]
            grow(count);
        char* const place = bytes_.get() + size_;
        size_ += count;
        return place;
    }

    /// A field that is NULL: only a length.
    void put_null() { wire::store(extend(4), std::int32_t{-1}); }

    /// A field of a fixed size: its length, then its bytes.
    template <class Number>
    void put_number(Number value) {
        char* const place = extend(4 + sizeof value);
        wire::store(place, static_cast<std::int32_t>(sizeof value));
        wire::store(place + 4, value);
    }

    void put_boolean(bool value) { put_number(static_cast<std::uint8_t>(value ? 1 : 0)); }

    /// A field of any size: its length, then its bytes.
    Fault put_bytes(const char* bytes, std::size_t size) {
        if (size > std::numeric_limits<std::int32_t>::max()) return Fault::out_of_range;
        char* const place = extend(4 + size);
        wire::store(place, static_cast<std::int32_t>(size));
        if (size != 0) std::memcpy(place + 4, bytes, size);
        return Fault::none;
    }
    Fault put_text(std::string_view value) {
        if (value.find('\0') != std::string_view::npos) return Fault::nul_byte;
        return put_bytes(value.data(), value.size());
    }

    [[nodiscard]] char* data() { return bytes_.get(); }
    [[nodiscard]] const char* data() const { return bytes_.get(); }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }

    /// Only the first `size` bytes stay.
    void shrink(std::size_t size) { size_ = size; }

private:
    [[gnu::noinline]] void grow(std::size_t count) {
        const std::size_t wanted = size_ + count;
        const std::size_t capacity = wanted < 2 * capacity_ ? 2 * capacity_ : wanted < 256 ? 256 : wanted;
        auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
        if (size_ != 0) std::memcpy(bytes.get(), bytes_.get(), size_);
        bytes_ = std::move(bytes);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_{};
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace rowan::postgres
