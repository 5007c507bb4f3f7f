#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rowan::detail {

/// Takes text piece by piece. Without a buffer it only measures, so that one writing function serves
/// both passes of StaticText: the first finds the length, the second fills an array of just that size.
class TextWriter {
public:
    constexpr TextWriter() = default;
    constexpr explicit TextWriter(char* buffer) : buffer_{buffer} {}

    constexpr TextWriter& operator<<(std::string_view text) {
        // Without a call for each character, which compilers remember when they make a constant.
        const char* const from = text.data();
        const std::size_t size = text.size();
        if (buffer_ != nullptr)
            for (std::size_t i = 0; i != size; ++i) buffer_[size_ + i] = from[i];
        size_ += size;
        return *this;
    }

    constexpr TextWriter& operator<<(char c) {
        if (buffer_ != nullptr) buffer_[size_] = c;
        ++size_;
        return *this;
    }

    constexpr TextWriter& number(std::uint64_t value) {
        char digits[20]{};
        std::size_t first = sizeof digits;
        do {
            digits[--first] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        // Of a pointer that is not to constants, a std::string_view costs the compiler a concept of iterators.
        const char* const text = digits + first;
        return *this << std::string_view{text, sizeof digits - first};
    }

    /// `text` between two `mark`s, every mark inside doubled: the SQL standard's way of quoting both
    /// identifiers (`"`) and strings (`'`).
    constexpr TextWriter& quoted(std::string_view text, char mark = '"') {
        const char* const from = text.data();
        const std::size_t size = text.size();
        std::size_t done = 0;
        *this << mark;
        for (std::size_t i = 0; i != size; ++i) {
            if (from[i] != mark) continue;
            *this << std::string_view{from + done, i + 1 - done};
            done = i;
        }
        return *this << std::string_view{from + done, size - done} << mark;
    }

    [[nodiscard]] constexpr std::size_t size() const { return size_; }
    /// What stands in the buffer.
    [[nodiscard]] constexpr std::string_view text() const { return {static_cast<const char*>(buffer_), size_}; }
    /// Does it only find the length?
    [[nodiscard]] constexpr bool measures() const { return buffer_ == nullptr; }

private:
    char* buffer_ = nullptr;
    std::size_t size_ = 0;
};

/// Writes what stands between the items of a list: nothing before the first, `text` before the others.
class Separator {
public:
    constexpr explicit Separator(std::string_view text) : text_{text} {}

    friend constexpr TextWriter& operator<<(TextWriter& out, Separator& separator) {
        if (separator.first_)
            separator.first_ = false;
        else
            out << separator.text_;
        return out;
    }

private:
    std::string_view text_;
    bool first_ = true;
};

/// How many characters `Text::write(TextWriter&)` writes.
template <class Text>
inline constexpr std::size_t length_of = [] {
    TextWriter measure;
    Text::write(measure);
    return measure.size();
}();

/// As std::array, which costs the compiler more for each size.
template <std::size_t size>
struct Characters {
    char text[size];
};

/// Those characters, with a terminating NUL.
template <class Text>
constexpr auto characters_written_by() {
    Characters<length_of<Text> + 1> characters{};
    TextWriter fill{characters.text};
    Text::write(fill);
    return characters;
}

/// The same in read-only data.
template <class Text>
inline constexpr auto characters_of = characters_written_by<Text>();

template <class Text>
inline constexpr std::string_view text_of{characters_of<Text>.text, length_of<Text>};

}  // namespace rowan::detail
