#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

/// std::tuple_cat for the few values of an expression: what it does to be general costs more to compile than the rest
/// of the expression.
namespace rowan::detail {

template <class... A, class... B, std::size_t... I, std::size_t... J>
constexpr std::tuple<A..., B...> join_items(std::tuple<A...>& first, std::tuple<B...>& second,
                                            std::index_sequence<I...>, std::index_sequence<J...>) {
    return std::tuple<A..., B...>{static_cast<A&&>(std::get<I>(first))..., static_cast<B&&>(std::get<J>(second))...};
}

constexpr std::tuple<> join() { return {}; }

template <class... A>
constexpr std::tuple<A...> join(std::tuple<A...> only) {
    return only;
}

template <class... A, class... B, class... Rest>
constexpr auto join(std::tuple<A...> first, std::tuple<B...> second, Rest... rest) {
    if constexpr (sizeof...(Rest) != 0)
        return join(join(std::move(first), std::move(second)), std::move(rest)...);
    else if constexpr (sizeof...(A) == 0)
        return second;
    else if constexpr (sizeof...(B) == 0)
        return first;
    else
        return join_items(first, second, std::index_sequence_for<A...>{}, std::index_sequence_for<B...>{});
}

}  // namespace rowan::detail
