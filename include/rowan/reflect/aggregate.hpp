#pragma once

#include <rowan/reflect/bindings.hpp>
#include <rowan/reflect/count.hpp>
#include <rowan/reflect/pretty.hpp>

#include <boost/pfr/core.hpp>
#if __has_include(<boost/pfr/core_name.hpp>)
#include <boost/pfr/core_name.hpp>
#endif

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// Plain aggregates: small ones by structured bindings, others through Boost.PFR.
namespace rowan::reflect::aggregate {

/// References to the members of `value`, in the order of their declaration.
template <class T>
constexpr auto tie(T& value) noexcept {
    return boost::pfr::structure_tie(value);
}

/// `fn(members...)`, in the order of their declaration.
template <class T, class Fn>
[[gnu::always_inline]] constexpr decltype(auto) with_members(T& value, Fn&& fn) {
    constexpr std::size_t count = reflect::count_members<std::remove_const_t<T>>;
    if constexpr (count <= most_bindings)
        return bind<count>(value, fn);
    else
        return std::apply(fn, tie(value));
}

/// An object that is never defined: only the addresses of its members are looked at, by the compiler.
template <class T>
struct Imagined {
    const T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <class T>
extern const Imagined<T> imagined;

/// Where the members are. A function, as a variable would be there at run time as well.
template <class T>
consteval auto places() {
    return with_members(imagined<T>.value,
                        [](const auto&... member) { return std::array<const void*, sizeof...(member)>{&member...}; });
}

template <class T>
consteval auto names() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
#if defined(BOOST_PFR_CORE_NAME_ENABLED) && BOOST_PFR_CORE_NAME_ENABLED
        return std::array<std::string_view, sizeof...(I)>{boost::pfr::get_name<I, T>()...};
#else
        return std::array<std::string_view, sizeof...(I)>{member_name<Location{places<T>()[I]}>()...};
#endif
    }(std::make_index_sequence<reflect::count_members<T>>{});
}

/// The place of a member among those of T; the number of members where it is none of them.
template <class T, class Member>
consteval std::size_t index(Member T::*member) {
    constexpr auto all = places<T>();
    const void* const place = &(imagined<T>.value.*member);
    std::size_t i = 0;
    while (i != all.size() && all[i] != place) ++i;
    return i;
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace rowan::reflect::aggregate
