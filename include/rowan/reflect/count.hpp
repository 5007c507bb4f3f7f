#pragma once

#include <cstddef>
#include <exception>
#include <utility>

namespace rowan::reflect {

namespace detail {

/// Never called. Defined all the same, since Clang asks for it where a std::optional holds a type of an anonymous
/// namespace.
struct Anything {
    template <class Member>
    operator Member() const noexcept {
        std::terminate();
    }
    explicit Anything(std::size_t);
};

template <class T, class Indices>
inline constexpr bool takes_flat = false;

template <class T, std::size_t... I>
inline constexpr bool takes_flat<T, std::index_sequence<I...>> = requires { T{Anything{I}...}; };

template <class T, std::size_t count>
inline constexpr bool takes = takes_flat<T, std::make_index_sequence<count>>;

/// T takes `least` initializers, but not `most`.
template <class T, std::size_t least, std::size_t most>
constexpr std::size_t count_between() {
    if constexpr (most - least <= 1)
        return least;
    else if constexpr (constexpr std::size_t middle = least + (most - least) / 2; takes<T, middle>)
        return count_between<T, middle, most>();
    else
        return count_between<T, least, middle>();
}

template <class T, std::size_t least = 0, std::size_t guess = 8>
constexpr std::size_t count_flat() {
    if constexpr (takes<T, guess>)
        return count_flat<T, guess, guess * 2>();
    else
        return count_between<T, least, guess>();
}

}  // namespace detail

/// How many flat initializers the aggregate T takes, each left out or not: its members, unless there are C arrays.
template <class T>
inline constexpr std::size_t count_members = detail::count_flat<T>();

}  // namespace rowan::reflect
