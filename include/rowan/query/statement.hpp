#pragma once

#include <rowan/core/atomic.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/view.hpp>
#include <rowan/types/stored.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace rowan {

/// One statement of the program: a constant text, the forms of its parameters, and a number under which each
/// connection keeps it prepared. The number is given at the statement's first use, so that a connection
/// finds it with one look into an array. Objects live as long as the program. Safe from any thread.
class Statement {
public:
    /// Is a connection to keep it prepared? One that is made at run time, for one time, it must not.
    enum class Kept : bool { no, yes };

    constexpr Statement(std::string_view text, detail::View<Form> parameters, Kept kept = Kept::yes)
        : text_{text}, parameters_{parameters}, kept_{kept} {}

    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] detail::View<Form> parameters() const noexcept { return parameters_; }

    [[nodiscard]] bool is_kept() const noexcept { return kept_ == Kept::yes; }

    /// Its number, or the greatest there is, as long as nobody has asked for it.
    [[nodiscard]] std::uint32_t known_slot() const noexcept { return slot_.relaxed() - 1; }

    [[nodiscard]] std::uint32_t slot() const noexcept {
        const std::uint32_t known = slot_.relaxed();
        return (known != 0 ? known : take_slot()) - 1;
    }

private:
    [[nodiscard]] std::uint32_t take_slot() const noexcept {
        std::uint32_t expected = 0;
        const std::uint32_t fresh = next_slot().add(1);
        return slot_.replace(expected, fresh) ? fresh : expected;
    }

    [[nodiscard]] static detail::Atomic<std::uint32_t>& next_slot() noexcept {
        static constinit detail::Atomic<std::uint32_t> next{1};
        return next;
    }

    std::string_view text_;
    detail::View<Form> parameters_;
    mutable detail::Atomic<std::uint32_t> slot_{0};
    Kept kept_;
};

namespace detail {

template <std::size_t size, std::size_t count>
struct StatementParts {
    Characters<size> characters;
    std::array<Form, count> forms;
};

/// A statement and what it is made of: one object of the program, where each object costs more than its few bytes.
template <std::size_t size, std::size_t count>
class StatementOf : StatementParts<size, count>, public Statement {
public:
    constexpr StatementOf(const Characters<size>& text, const std::array<Form, count>& parameters)
        : StatementParts<size, count>{text, parameters},
          Statement{std::string_view{this->characters.text, size - 1}, View<Form>{this->forms.data(), count}} {}
};

/// The statement whose text `Text::write` writes and whose parameters `Text::parameters()` lists.
template <class Text>
inline constinit StatementOf statement{characters_written_by<Text>(), Text::parameters()};

}  // namespace detail
}  // namespace rowan
