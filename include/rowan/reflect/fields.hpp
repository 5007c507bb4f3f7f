#pragma once

#include <rowan/core/type_list.hpp>
#include <rowan/reflect/aggregate.hpp>
#include <rowan/reflect/described.hpp>
#include <rowan/reflect/requirements.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// What the rest of rowan knows of a struct: its members' count, types, names and places. Which library
/// found them is hidden here, so that the language's own reflection can take its place one day. What
/// require_reflectable refuses has no members here, so that no further errors bury its sentence.
namespace rowan::reflect {

/// References to all members of `value`, as a std::tuple, in column order: in order of declaration, those of
/// described bases first.
template <class T>
constexpr auto tie(T& value) noexcept {
    if constexpr (Described<std::remove_const_t<T>>)
        return described::Listed<described::Members<std::remove_const_t<T>>>::tie(value);
    else if constexpr (reflectable<std::remove_const_t<T>>())
        return aggregate::tie(value);
    else
        return std::tuple<>{};
}

/// `fn(members...)`, in the same order, without a tuple: far cheaper to compile.
template <class T, class Fn>
[[gnu::always_inline]] constexpr decltype(auto) with_members(T& value, Fn&& fn) {
    if constexpr (Described<std::remove_const_t<T>>)
        return described::Listed<described::Members<std::remove_const_t<T>>>::with_members(value, fn);
    else if constexpr (reflectable<std::remove_const_t<T>>())
        return aggregate::with_members(value, fn);
    else
        return fn();
}

namespace detail {

template <class T>
consteval auto names() {
    if constexpr (Described<T>)
        return described::Listed<described::Members<T>>::names;
    else if constexpr (reflectable<T>())
        return aggregate::names<T>();
    else
        return std::array<std::string_view, 0>{};
}

template <class T, class Member, class Class>
consteval std::size_t index(Member Class::*member) {
    if constexpr (Described<T>)
        return described::Listed<described::Members<T>>::index(member);
    else
        return aggregate::index<T, Member>(member);
}

struct ListTypes {
    template <class... Members>
    constexpr rowan::detail::TypeList<Members...> operator()(Members&...) const {
        return {};
    }
};

template <class List, std::size_t I>
struct Listed;
template <class... Members, std::size_t I>
struct Listed<rowan::detail::TypeList<Members...>, I> : std::tuple_element<I, std::tuple<Members...>> {};

template <class Member>
struct MemberPointer;
template <class Member, class Class>
struct MemberPointer<Member Class::*> {
    using class_type = Class;
    using member_type = Member;
};

}  // namespace detail

template <class T>
inline constexpr auto names = detail::names<T>();

template <class T>
inline constexpr std::size_t field_count = names<T>.size();

template <class T>
using Fields = decltype(tie(std::declval<T&>()));

/// The types of the members, as a TypeList.
template <class T>
using MemberTypes = decltype(with_members(std::declval<T&>(), detail::ListTypes{}));

template <class T, std::size_t I>
using Field = typename detail::Listed<MemberTypes<T>, I>::type;

namespace detail {

template <std::size_t I>
struct Pick {
    template <class First, class... Rest>
    constexpr auto& operator()(First& first, Rest&... rest) const {
        if constexpr (I == 0)
            return first;
        else
            return Pick<I - 1>{}(rest...);
    }
};

}  // namespace detail

/// The member in column I.
template <std::size_t I, class T>
constexpr auto& member(T& value) {
    return with_members(value, detail::Pick<I>{});
}

/// `M` of `M C::*`.
template <auto Member>
using MemberOf = typename detail::MemberPointer<decltype(Member)>::member_type;

/// `C` of `M C::*`.
template <auto Member>
using ClassOf = typename detail::MemberPointer<decltype(Member)>::class_type;

/// Can `Member` be a member of T: one of its own or of a base?
template <class T, auto Member>
inline constexpr bool belongs_to = std::is_base_of_v<ClassOf<Member>, T>;

/// The column of `Member` in T.
template <class T, auto Member>
constexpr std::size_t index_of() {
    static_assert(belongs_to<T, Member>, "rowan: this member belongs to another struct than the table's");
    if constexpr (belongs_to<T, Member>) {
        constexpr std::size_t index = detail::index<T>(Member);
        static_assert(index < field_count<T>,
                      "rowan: this member is not among the described ones: add it to BOOST_DESCRIBE_STRUCT");
        return index;
    } else {
        return 0;
    }
}

}  // namespace rowan::reflect
