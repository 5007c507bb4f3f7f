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

/// One value more.
template <class... A, class Last>
constexpr std::tuple<A..., Last> append(std::tuple<A...>&& first, Last& last) {
    return std::apply(
        [&](A&... values) {
            return std::tuple<A..., Last>{static_cast<A&&>(values)..., static_cast<Last&&>(last)};
        },
        first);
}
template <class Last>
constexpr std::tuple<Last> append(std::tuple<>&&, Last& last) {
    return std::tuple<Last>{static_cast<Last&&>(last)};
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
