#pragma once

#include <rowan/core/time.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/iso8601.hpp>
#include <rowan/types/timestamp.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rowan::detail {

/// Takes values as a statement does (see ParameterSink) and makes of each the text that an observer is shown. A
/// template, as a program then compiles only those of its functions that it calls.
template <class Text>
class ValueTextsOf {
public:
    /// How much of a value is shown: bytes of a text, half as many of a blob; values of a list.
    static constexpr std::size_t longest_text = 200;
    static constexpr std::size_t longest_list = 10;

    Fault put_null() { return add("NULL"); }
    Fault put(bool value) { return add(value ? "true" : "false"); }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }

    Fault put(std::string_view value) {
        const std::string_view shown = clipped(value);
        Text text{'\''};
        for (const char c : shown) {
            text += c;
            if (c == '\'') text += c;
        }
        return add_clipped(std::move(text), shown.size() != value.size(), value.size());
    }

    Fault put(std::span<const std::byte> value) {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto shown = value.first(value.size() < longest_text / 2 ? value.size() : longest_text / 2);
        Text text{"x'"};
        for (const std::byte byte : shown) {
            text += digits[std::to_integer<std::size_t>(byte >> 4)];
            text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
        }
        return add_clipped(std::move(text), shown.size() != value.size(), value.size());
    }

    Fault put(std::chrono::sys_days value) {
        char day[date_length];
        if (!format_date(value, day)) return put(std::int64_t{value.time_since_epoch().count()});
        return add(Text{'\''}.append(day, sizeof day).append(1, '\''));
    }

    Fault put(Timestamp value) {
        Text text{'\''};
        // Four digits cannot show its year: the number of microseconds that it is.
        if (!append_timestamp(text, value)) return put(std::int64_t{value.time_since_epoch().count()});
        return add(text += '\'');
    }

    /// Rows that go with the statement, in the place of their values.
    void put_rows(std::size_t rows) { texts_.push_back(rows_text(rows)); }
    /// Rows that it takes while it runs: as many as `taken` is in the end more than it is now.
    void put_rows_of(const std::size_t& taken) {
        taken_ = &taken;
        taken_before_ = taken;
        place_of_rows_ = texts_.size();
        texts_.emplace_back();
    }

    /// One value that is a list: `fill(*this)` puts `count` values, or the first `longest_list` of them.
    template <class Fill>
    void put_list(std::size_t count, Fill fill) {
        texts_.emplace_back("[");
        in_list_ = true;
        listed_ = 0;
        fill(*this);
        in_list_ = false;
        texts_.back() += ']';
        if (count > longest_list) append_count(count, "values");
    }

    [[nodiscard]] std::span<const Text> texts() noexcept {
        if (taken_ != nullptr) texts_[place_of_rows_] = rows_text(*taken_ - taken_before_);
        return {texts_.data(), texts_.size()};
    }

private:
    static Text rows_text(std::size_t rows) { return '(' + std::to_string(rows) + (rows == 1 ? " row)" : " rows)"); }

    /// Not cut within a character.
    static std::string_view clipped(std::string_view value) {
        if (value.size() <= longest_text) return value;
        std::size_t end = longest_text;
        while (end != 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
        return value.substr(0, end);
    }

    template <class Number>
    Fault add_number(Number value) {
        char digits[32];
        const char* const text = digits;
        return add({text, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - text)});
    }

    Fault add_clipped(Text text, bool cut, std::size_t bytes) {
        text += cut ? "…'" : "'";
        (void)add(text);
        if (cut && (!in_list_ || listed_ <= longest_list)) append_count(bytes, "bytes");
        return Fault::none;
    }

    void append_count(std::size_t count, std::string_view what) {
        texts_.back().append(" (").append(std::to_string(count)).append(1, ' ').append(what).append(1, ')');
    }

    Fault add(std::string_view text) {
        if (!in_list_) {
            texts_.emplace_back(text);
        } else if (++listed_ <= longest_list) {
            if (listed_ != 1) texts_.back() += ", ";
            texts_.back() += text;
        } else if (listed_ == longest_list + 1) {
            texts_.back() += ", …";
        }
        return Fault::none;
    }

    std::vector<Text> texts_;
    const std::size_t* taken_ = nullptr;
    std::size_t taken_before_ = 0;
    std::size_t place_of_rows_ = 0;
    std::size_t listed_ = 0;
    bool in_list_ = false;
};

using ValueTexts = ValueTextsOf<std::string>;

}  // namespace rowan::detail
