#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>

/// Structs that BOOST_DESCRIBE_STRUCT lists, through Boost.Describe: members of bases first.
namespace rowan::reflect::described {

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

template <class List>
struct Listed;

template <template <class...> class List, class... Member>
struct Listed<List<Member...>> {
    static constexpr std::array<std::string_view, sizeof...(Member)> names{Member::name...};

    template <class T>
    static constexpr auto tie(T& value) noexcept {
        return std::tie(value.*Member::pointer...);
    }

    template <class T, class Fn>
    static constexpr decltype(auto) with_members(T& value, Fn&& fn) {
        return fn(value.*Member::pointer...);
    }

    template <class Pointer>
    static constexpr std::size_t index(Pointer member) {
        std::size_t found = sizeof...(Member);
        std::size_t i = 0;
        const auto look = [&](auto candidate) {
            if constexpr (std::is_same_v<decltype(candidate), Pointer>)
                if (candidate == member) found = i;
            ++i;
        };
        (look(Member::pointer), ...);
        return found;
    }
};

}  // namespace rowan::reflect::described
