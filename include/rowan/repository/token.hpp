#pragma once

#include <rowan/core/time.hpp>
#include <rowan/schema/naming.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/timestamp.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Values as one opaque text: base64url (RFC 4648, section 5, without padding) of the values in their Stored forms,
/// with a mark in front and a checksum behind.
namespace rowan::detail {

inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

template <class Text = std::string>
Text base64_of(std::string_view bytes) {
    Text text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) text += base64_alphabet[bits >> (count - 6) & 63];
    }
    if (count != 0) text += base64_alphabet[bits << (6 - count) & 63];
    return text;
}

/// False for a character that is none of the alphabet, and for a text that no bytes give.
template <class Text>
bool read_base64(std::string_view text, Text& bytes) {
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t digit = base64_alphabet.find(c);
        if (digit == std::string_view::npos) return false;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 255);
    }
    return count < 6 && (bits & ((1u << count) - 1)) == 0;
}

/// The sink that a token is written to. A template as what reads it, as a program then compiles only those of their
/// functions that it calls.
template <class Text>
class TokenWriterOf {
public:
    explicit TokenWriterOf(std::uint32_t mark) { (void)number(mark, 4); }

    static Fault put_null() { return Fault::null_value; }
    Fault put(bool value) { return number(value ? 1 : 0, 1); }
    Fault put(std::int64_t value) { return number(static_cast<std::uint64_t>(value), 8); }
    Fault put(double value) { return number(std::bit_cast<std::uint64_t>(value), 8); }
    Fault put(std::string_view value) {
        (void)number(value.size(), 4);
        bytes_ += value;
        return Fault::none;
    }
    Fault put(std::span<const std::byte> value) {
        return put(std::string_view{reinterpret_cast<const char*>(value.data()), value.size()});
    }
    Fault put(Timestamp value) { return put(std::int64_t{value.time_since_epoch().count()}); }
    Fault put(std::chrono::sys_days value) { return put(std::int64_t{value.time_since_epoch().count()}); }

    [[nodiscard]] Text finish() {
        (void)number(fnv1a(bytes_), 4);
        return base64_of<Text>(bytes_);
    }

private:
    Fault number(std::uint64_t value, std::size_t size) {
        for (std::size_t i = 0; i != size; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 255);
        return Fault::none;
    }

    Text bytes_;
};

using TokenWriter = TokenWriterOf<std::string>;

/// The cell that a token's values are read from, one after the other.
template <class Text>
class TokenReaderOf {
public:
    TokenReaderOf(std::string_view token, std::uint32_t mark) {
        if (!read_base64(token, bytes_) || bytes_.size() < 8) return;
        const std::string_view body{bytes_.data(), bytes_.size() - 4};
        end_ = bytes_.size();
        at_ = body.size();
        const bool whole = number(4) == fnv1a(body);
        at_ = 0;
        end_ = body.size();
        good_ = number(4) == mark && whole;
    }

    [[nodiscard]] bool is_good() const { return good_; }
    [[nodiscard]] bool is_at_end() const { return good_ && at_ == end_; }

    Fault get(bool& value) const {
        value = number(1) != 0;
        return outcome();
    }
    Fault get(std::int64_t& value) const {
        value = static_cast<std::int64_t>(number(8));
        return outcome();
    }
    Fault get(double& value) const {
        value = std::bit_cast<double>(number(8));
        return outcome();
    }
    Fault get(std::string_view& value) const {
        const std::uint64_t size = number(4);
        if (!fits(size)) return Fault::invalid_value;
        value = std::string_view{bytes_}.substr(at_, static_cast<std::size_t>(size));
        at_ += static_cast<std::size_t>(size);
        return Fault::none;
    }
    Fault get(std::span<const std::byte>& value) const {
        std::string_view text;
        const Fault fault = get(text);
        value = std::as_bytes(std::span<const char>{text.data(), text.size()});
        return fault;
    }
    Fault get(Timestamp& value) const {
        std::int64_t count{};
        const Fault fault = get(count);
        value = Timestamp{std::chrono::microseconds{count}};
        return fault;
    }
    Fault get(std::chrono::sys_days& value) const {
        std::int64_t count{};
        const Fault fault = get(count);
        value = std::chrono::sys_days{std::chrono::days{count}};
        return fault;
    }

private:
    [[nodiscard]] bool fits(std::uint64_t size) const {
        if (size > end_ - at_) good_ = false;
        return good_;
    }

    std::uint64_t number(std::size_t size) const {
        if (size > end_ - at_) {
            good_ = false;
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = size; i != 0; --i) value = value << 8 | static_cast<unsigned char>(bytes_[at_ + i - 1]);
        at_ += size;
        return value;
    }

    [[nodiscard]] Fault outcome() const { return good_ ? Fault::none : Fault::invalid_value; }

    Text bytes_{};
    mutable std::size_t at_ = 0;
    std::size_t end_ = 0;
    mutable bool good_ = false;
};

using TokenReader = TokenReaderOf<std::string>;

}  // namespace rowan::detail
