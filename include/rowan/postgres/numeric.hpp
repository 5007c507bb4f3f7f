#pragma once

#include <rowan/postgres/byte_buffer.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/types/fault.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace rowan::postgres {

/// A `numeric` in the binary format: a count of digits to the base of 10,000, the weight of the first one, a sign and
/// the number of decimals that are shown.
/// https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/numeric.c (numeric_send)
class Numeric {
public:
    static constexpr std::size_t header = 8;

    Numeric(const char* bytes, std::size_t size) : digits_{bytes + header} {
        if (size < header) return;
        count_ = wire::load<std::int16_t>(bytes);
        weight_ = wire::load<std::int16_t>(bytes + 2);
        sign_ = wire::load_unsigned<std::uint16_t>(bytes + 4);
        scale_ = wire::load<std::int16_t>(bytes + 6);
        valid_ = count_ >= 0 && size == header + 2 * static_cast<std::size_t>(count_);
    }

    Fault get(std::int64_t& value) const {
        if (!valid_) return Fault::invalid_value;
        if (sign_ != positive && sign_ != negative) return Fault::out_of_range;
        // Counting down from 0 reaches the smallest number, too.
        constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
        std::int64_t result = 0;
        for (int i = 0; i <= weight_; ++i) {
            if (result < (smallest + digit(i)) / 10000) return Fault::out_of_range;
            result = result * 10000 - digit(i);
        }
        for (int i = weight_ + 1; i < count_; ++i)
            if (i >= 0 && digit(i) != 0) return Fault::inexact;
        if (sign_ == positive && result == smallest) return Fault::out_of_range;
        value = sign_ == positive ? -result : result;
        return Fault::none;
    }

    /// All digits, as the server would print them.
    Fault get(std::string& text) const {
        if (!valid_) return Fault::invalid_value;
        text.clear();
        if (sign_ == not_a_number) {
            text = "NaN";
            return Fault::none;
        }
        if (sign_ == negative || sign_ == negative_infinity) text += '-';
        if (sign_ == infinity || sign_ == negative_infinity) {
            text += "Infinity";
            return Fault::none;
        }
        if (weight_ < 0) text += '0';
        for (int i = 0; i <= weight_; ++i) append(text, digit(i), i == 0);
        if (scale_ == 0) return Fault::none;
        text += '.';
        const std::size_t end = text.size() + static_cast<std::size_t>(scale_);
        for (int i = weight_ + 1; text.size() < end; ++i) append(text, digit(i), false);
        text.resize(end);
        return Fault::none;
    }

private:
    static constexpr std::uint16_t positive = 0x0000;
    static constexpr std::uint16_t negative = 0x4000;
    static constexpr std::uint16_t not_a_number = 0xC000;
    static constexpr std::uint16_t infinity = 0xD000;
    static constexpr std::uint16_t negative_infinity = 0xF000;

    /// Trailing zeros, and those between the point and the first digit, are not sent.
    [[nodiscard]] int digit(int i) const {
        return i < 0 || i >= count_ ? 0 : wire::load<std::int16_t>(digits_ + 2 * i);
    }

    static void append(std::string& text, int digit, bool first) {
        const char four[] = {static_cast<char>('0' + digit / 1000), static_cast<char>('0' + digit / 100 % 10),
                             static_cast<char>('0' + digit / 10 % 10), static_cast<char>('0' + digit % 10)};
        std::size_t skip = 0;
        while (first && skip != 3 && four[skip] == '0') ++skip;
        text.append(four + skip, sizeof four - skip);
    }

    const char* digits_;
    int count_ = 0;
    int weight_ = 0;
    std::uint16_t sign_ = 0;
    int scale_ = 0;
    bool valid_ = false;
};

/// A field with an integer as a `numeric`.
inline void write_numeric(ByteBuffer& out, std::int64_t value) {
    std::uint64_t rest = value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::int16_t digits[5]{};
    std::size_t count = 0;
    for (; rest != 0; rest /= 10000) digits[count++] = static_cast<std::int16_t>(rest % 10000);
    char* const place = out.extend(4 + Numeric::header + 2 * count);
    wire::store(place, static_cast<std::int32_t>(Numeric::header + 2 * count));
    wire::store(place + 4, static_cast<std::int16_t>(count));
    wire::store(place + 6, static_cast<std::int16_t>(count == 0 ? 0 : count - 1));
    wire::store(place + 8, static_cast<std::uint16_t>(value < 0 ? 0x4000 : 0));
    wire::store(place + 10, std::int16_t{0});
    for (std::size_t i = 0; i != count; ++i) wire::store(place + 12 + 2 * i, digits[count - 1 - i]);
}

}  // namespace rowan::postgres
