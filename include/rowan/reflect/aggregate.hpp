#pragma once

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

/// Plain aggregates, through Boost.PFR.
namespace rowan::reflect::aggregate {

/// References to the members of `value`, in the order of their declaration.
template <class T>
constexpr auto tie(T& value) noexcept {
    return boost::pfr::structure_tie(value);
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

template <class T>
constexpr auto names() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
#if defined(BOOST_PFR_CORE_NAME_ENABLED) && BOOST_PFR_CORE_NAME_ENABLED
        return std::array<std::string_view, sizeof...(I)>{boost::pfr::get_name<I, T>()...};
#else
        return std::array<std::string_view, sizeof...(I)>{
            member_name<Location{&std::get<I>(tie(imagined<T>.value))}>()...};
#endif
    }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
}

/// The place of a member among those of T; the number of members where it is none of them.
template <class T, class Member>
constexpr std::size_t index(Member T::*member) {
    return [member]<std::size_t... I>(std::index_sequence<I...>) {
        std::size_t found = sizeof...(I);
        const auto look = [&](const auto& field, std::size_t i) {
            if constexpr (std::is_same_v<decltype(field), const Member&>)
                if (&field == &(imagined<T>.value.*member)) found = i;
        };
        const auto fields = tie(imagined<T>.value);
        (look(std::get<I>(fields), I), ...);
        return found;
    }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace rowan::reflect::aggregate
