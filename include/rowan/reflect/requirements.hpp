#pragma once

#include <rowan/reflect/count.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

#include <boost/describe/members.hpp>

namespace rowan::reflect {

/// Has BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_CLASS listed the members of T?
template <class T>
concept Described = boost::describe::has_describe_members<T>::value;

namespace detail {

template <class T>
struct AnyBaseOf {
    template <class Base>
        requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
    operator Base() const noexcept;
};

template <class T>
concept StartsWithBase = requires { T{AnyBaseOf<T>{}}; };

template <class T>
concept HasBase = !std::is_empty_v<T> && StartsWithBase<T>;

template <class T, class Before, class After>
inline constexpr bool takes_pair = false;

template <class T, std::size_t... Before, std::size_t... After>
inline constexpr bool takes_pair<T, std::index_sequence<Before...>, std::index_sequence<After...>> = requires {
    T{Anything{Before}..., {Anything{0}, Anything{1}}, Anything{After}...};
};

/// Count is how many flat initializers T takes. A C array takes several of them for one member, so once a
/// pair in braces stands for all of it, one initializer for each of the rest is too many. Any other member
/// takes a single one, in braces or not.
template <class T, std::size_t Count, std::size_t I>
inline constexpr bool starts_array =
    takes_pair<T, std::make_index_sequence<I>, std::make_index_sequence<0>> &&
    !takes_pair<T, std::make_index_sequence<I>, std::make_index_sequence<Count - I - 1>>;

template <class T, class Indices>
inline constexpr bool takes_braced = false;

/// One initializer in braces for each: with a C array among the members these are too many. Not every other type takes
/// one, so that only a yes tells anything.
template <class T, std::size_t... I>
inline constexpr bool takes_braced<T, std::index_sequence<I...>> = requires { T{{Anything{I}}...}; };

template <class T, std::size_t Count>
constexpr bool has_array() {
    if constexpr (Count < 2 || takes_braced<T, std::make_index_sequence<Count>>)
        return false;
    else
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return (starts_array<T, Count, I> || ...);
        }(std::make_index_sequence<Count - 1>{});
}

}  // namespace detail

/// Stops the compiler with one sentence where the members of T cannot be seen; true otherwise.
template <class T>
consteval bool require_reflectable() {
    static_assert(std::is_class_v<T>, "rowan: only a struct can be a row; a union, an enum or a built-in type cannot");
    if constexpr (std::is_class_v<T> && !Described<T>) {
        static_assert(std::is_aggregate_v<T>,
                      "rowan: this struct has private members, constructors or virtual functions, so its "
                      "members cannot be seen: make it a plain aggregate, or list them with "
                      "BOOST_DESCRIBE_STRUCT");
        if constexpr (std::is_aggregate_v<T>)
            static_assert(std::is_default_constructible_v<T>,
                          "rowan: this struct cannot be made with T{}, so no row can be read into it: a "
                          "reference member must become a value or a pointer-free key, a const member must "
                          "get a default or lose its const");
        static_assert(!std::is_empty_v<T>, "rowan: this struct has no members, so there is nothing to store");
        if constexpr (std::is_aggregate_v<T> && std::is_default_constructible_v<T> && !std::is_empty_v<T>) {
            static_assert(!detail::HasBase<T>,
                          "rowan: this struct has a base class, so its members cannot be seen: list them "
                          "with BOOST_DESCRIBE_STRUCT(T, (Base), (members...))");
            if constexpr (!detail::HasBase<T>)
                static_assert(!detail::has_array<T, count_members<T>>(),
                              "rowan: a C array cannot be a column: use std::string for text or "
                              "std::vector<std::byte> for bytes");
        }
    }
    return true;
}

/// Whether require_reflectable would let T pass: keeps the errors that would follow its sentence away.
template <class T>
constexpr bool reflectable() {
    if constexpr (!std::is_class_v<T>)
        return false;
    else if constexpr (Described<T>)
        return true;
    else if constexpr (!std::is_aggregate_v<T> || !std::is_default_constructible_v<T> || std::is_empty_v<T>)
        return false;
    else if constexpr (detail::HasBase<T>)
        return false;
    else
        return !detail::has_array<T, count_members<T>>();
}

}  // namespace rowan::reflect
