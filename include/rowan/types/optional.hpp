#pragma once

#include <rowan/types/type.hpp>

#include <optional>

namespace rowan {

namespace detail {

/// `Value`, stored the way of `Inner`, or NULL.
template <class Value, class Inner>
struct Nullable {
    static constexpr ColumnType column = Inner::column;

    template <class Sink>
    static Fault write(Sink& sink, const std::optional<Value>& value) {
        return value ? Inner::write(sink, *value) : sink.put_null();
    }

    template <class Cell>
    static Fault read(const Cell& cell, std::optional<Value>& value) {
        const Fault fault = Inner::read(cell, value.emplace());
        if (fault != Fault::null_value) return fault;
        value.reset();
        return Fault::none;
    }
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
struct Required {
    using type = T;
};
template <class T>
struct Required<std::optional<T>> {
    using type = T;
};

/// T without its std::optional.
template <class T>
using required_t = typename Required<T>::type;

}  // namespace detail

template <Storable Value>
    requires(!detail::is_optional<Value>)
struct Type<std::optional<Value>> : detail::Nullable<Value, Type<Value>> {};

}  // namespace rowan
