#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::detail {

/// Makes one text of all statements that differ only in the values that are written into them: strings and numbers
/// become `?`, lists of them `?, …`, comments and runs of white space one space. Knows the ways of both databases to
/// quote. What is not closed is left out to the end.
class LiteralRemover {
public:
    explicit LiteralRemover(std::string_view text) : rest_{text} {}

    [[nodiscard]] std::string run() {
        while (!rest_.empty()) step();
        while (!out_.empty() && out_.back() == ' ') out_.pop_back();
        return std::move(out_);
    }

private:
    static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    static bool is_word(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
               static_cast<unsigned char>(c) >= 0x80;
    }

    [[nodiscard]] char next(std::size_t i) const { return i < rest_.size() ? rest_[i] : '\0'; }

    void step() {
        const char c = rest_.front();
        if (is_space(c)) return take_space(1);
        if (c == '-' && next(1) == '-') return take_space(rest_.find('\n'));
        if (c == '/' && next(1) == '*') return take_comment();
        if (c == '\'') return take_string(false);
        if (c == '"' || c == '`') return copy(quoted_length(c));
        // A placeholder keeps its number or name.
        if (c == '$' || c == '?' || c == ':' || c == '@') return take_mark();
        if (is_digit(c) || (c == '.' && is_digit(next(1)))) return take_number();
        if (is_word(c)) return take_word();
        copy(1);
    }

    void skip(std::size_t length) { rest_.remove_prefix(length < rest_.size() ? length : rest_.size()); }

    void copy(std::size_t length) {
        out_ += rest_.substr(0, length);
        skip(length);
    }

    void take_space(std::size_t length) {
        skip(length);
        if (!out_.empty() && out_.back() != ' ') out_ += ' ';
    }

    /// They may be nested.
    void take_comment() {
        std::size_t depth = 0;
        std::size_t at = 0;
        do {
            if (next(at) == '/' && next(at + 1) == '*') {
                ++depth;
                at += 2;
            } else if (next(at) == '*' && next(at + 1) == '/') {
                --depth;
                at += 2;
            } else {
                ++at;
            }
        } while (depth != 0 && at < rest_.size());
        take_space(at);
    }

    /// A doubled quote does not end it.
    [[nodiscard]] std::size_t quoted_length(char quote) const {
        for (std::size_t at = 1; at < rest_.size(); ++at) {
            if (rest_[at] != quote) continue;
            if (next(at + 1) != quote) return at + 1;
            ++at;
        }
        return rest_.size();
    }

    void take_string(bool backslashes) {
        std::size_t at = 1;
        for (; at < rest_.size(); ++at) {
            if (backslashes && rest_[at] == '\\') {
                ++at;
            } else if (rest_[at] == '\'') {
                if (next(at + 1) != '\'') break;
                ++at;
            }
        }
        skip(at + 1);
        put_value();
    }

    void take_mark() {
        if (rest_.front() == '$' && !is_digit(next(1))) {
            std::size_t end = 1;
            while (is_word(next(end))) ++end;
            if (next(end) == '$') {
                const std::string_view tag = rest_.substr(0, end + 1);
                const std::size_t close = rest_.find(tag, tag.size());
                skip(close == std::string_view::npos ? close : close + tag.size());
                return put_value();
            }
        }
        std::size_t end = 1;
        while (is_word(next(end))) ++end;
        copy(end);
    }

    void take_number() {
        std::size_t end = 1;
        for (; end < rest_.size(); ++end) {
            const bool sign =
                (rest_[end] == '+' || rest_[end] == '-') && (rest_[end - 1] == 'e' || rest_[end - 1] == 'E');
            if (!is_word(rest_[end]) && rest_[end] != '.' && !sign) break;
        }
        skip(end);
        put_value();
    }

    void take_word() {
        std::size_t end = 1;
        while (is_word(next(end)) || next(end) == '$') ++end;
        if (next(end) == '\'') {
            // A letter in front of a string is a part of it, such as x'00ff'; only after an E a backslash is special.
            const bool escapes = end == 1 && (rest_.front() == 'e' || rest_.front() == 'E');
            if (end != 1)
                copy(end);
            else
                skip(end);
            return take_string(escapes);
        }
        copy(end);
    }

    void put_value() {
        constexpr std::string_view more = "?, …";
        const std::size_t end = out_.find_last_not_of(' ');
        if (end != std::string::npos && out_[end] == ',') {
            const std::size_t before = out_.find_last_not_of(' ', end == 0 ? 0 : end - 1);
            const std::string_view list = std::string_view{out_}.substr(0, before + 1);
            if (list.ends_with(more)) return out_.resize(list.size());
            if (list.ends_with('?')) {
                out_.resize(list.size() - 1);
                out_ += more;
                return;
            }
        }
        out_ += '?';
    }

    std::string_view rest_;
    std::string out_{};
};

[[nodiscard]] inline std::string without_literals(std::string_view text) { return LiteralRemover{text}.run(); }

}  // namespace rowan::detail
