#pragma once

#include <cstddef>

namespace rowan::detail {

template <class... Types>
struct TypeList {
    static constexpr std::size_t size = sizeof...(Types);
};

template <class... Lists>
struct ConcatLists {
    using type = TypeList<>;
};
template <class... Types>
struct ConcatLists<TypeList<Types...>> {
    using type = TypeList<Types...>;
};
template <class... First, class... Second, class... Rest>
struct ConcatLists<TypeList<First...>, TypeList<Second...>, Rest...> {
    using type = typename ConcatLists<TypeList<First..., Second...>, Rest...>::type;
};

template <class... Lists>
using Concat = typename ConcatLists<Lists...>::type;

}  // namespace rowan::detail
