#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <boost/describe/enumerators.hpp>

namespace rowan::reflect {

template <class Enum>
concept DescribedEnum = std::is_enum_v<Enum> && boost::describe::has_describe_enumerators<Enum>::value;

template <class Enum>
struct Enumerator {
    Enum value;
    std::string_view name;
};

namespace detail {

template <class List>
struct ListedEnumerators;

template <template <class...> class List, class... Listed>
struct ListedEnumerators<List<Listed...>> {
    template <class Enum>
    static constexpr std::array<Enumerator<Enum>, sizeof...(Listed)> all{
        Enumerator<Enum>{Listed::value, Listed::name}...};
};

}  // namespace detail

/// The enumerators that BOOST_DESCRIBE_ENUM lists for Enum.
template <DescribedEnum Enum>
inline constexpr auto& enumerators =
    detail::ListedEnumerators<boost::describe::describe_enumerators<Enum>>::template all<Enum>;

}  // namespace rowan::reflect
