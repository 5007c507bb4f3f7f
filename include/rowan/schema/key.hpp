#pragma once

#include <rowan/reflect/fields.hpp>
#include <rowan/schema/table.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// How a value of type Member is passed without a copy of its characters or bytes.
template <class Member>
struct Passed {
    using type = Member;
};
template <>
struct Passed<std::string> {
    using type = std::string_view;
};
template <>
struct Passed<std::vector<std::byte>> {
    using type = std::span<const std::byte>;
};

template <class T>
inline constexpr std::size_t key_size = table<T>.key_columns().size();

/// Stands for the key of a table without one. It takes any value, so that what asks for a key stops the compiler with
/// its own sentence.
struct NoKey {
    template <class... Value>
    constexpr NoKey(const Value&...) {}
};

template <class T>
struct KeyOf {
    static constexpr auto make = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::tuple<typename Passed<reflect::Field<T, table<T>.key_columns()[I]>>::type...>{};
    };
    using Parts = decltype(make(std::make_index_sequence<key_size<T>>{}));
    using type = Parts;
};
template <class T>
    requires(key_size<T> == 1)
struct KeyOf<T> {
    using type = typename Passed<reflect::Field<T, table<T>.key_columns()[0]>>::type;
};

template <class T>
    requires(key_size<T> == 0)
struct KeyOf<T> {
    using type = NoKey;
};

}  // namespace detail

/// What identifies a row of T: the key's value, or a std::tuple of them where it has several columns. Text and
/// bytes are views.
template <class T>
using Key = typename detail::KeyOf<T>::type;

}  // namespace rowan
