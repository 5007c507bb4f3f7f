#pragma once

#include <rowan/reflect/fields.hpp>
#include <rowan/types/enumeration.hpp>
#include <rowan/types/managed.hpp>
#include <rowan/types/optional.hpp>
#include <rowan/types/type.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace rowan {

namespace detail {

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class Struct, std::size_t Index, class Member>
consteval bool require_column() {
    if constexpr (std::is_const_v<Member>)
        static_assert(!std::is_const_v<Member>,
                      "rowan: a const member cannot be a column, as no row could be read into it: drop the const");
    else if constexpr (std::is_array_v<Member>)
        static_assert(!std::is_array_v<Member>, "rowan: a C array cannot be a column: use std::string for text or "
                                                "std::vector<std::byte> for bytes");
    else if constexpr (std::is_pointer_v<Member>)
        static_assert(!std::is_pointer_v<Member>,
                      "rowan: a pointer cannot be a column, as nobody would own what is read: store the value, "
                      "in a std::optional if it may be missing");
    else if constexpr (std::is_union_v<Member>)
        static_assert(!std::is_union_v<Member>,
                      "rowan: a union cannot be a column: give each alternative a std::optional member");
    else if constexpr (Character<Member>)
        static_assert(!Character<Member>,
                      "rowan: a character type cannot be a column: use std::string for text, std::int8_t for a "
                      "number, or an enum");
    else if constexpr (is_optional<Member> && is_managed<required_t<Member>>)
        static_assert(!is_optional<Member>, "rowan: a rowan::Version, UpdatedAt or CreatedAt is never missing: take it "
                                            "out of the std::optional");
    else if constexpr (std::is_enum_v<required_t<Member>>)
        static_assert(Storable<Member>,
                      "rowan: an enum over bool or a character type cannot be stored by value: give it an integer "
                      "type, or describe it with BOOST_DESCRIBE_ENUM to store its names");
    else
        static_assert(Storable<Member>,
                      "rowan: nothing says how this member is stored: use one of rowan's column types, or write "
                      "a rowan::Type for its type");
    return true;
}

}  // namespace detail

/// Stops the compiler with one sentence where T or one of its members cannot be stored; true otherwise.
template <class T>
consteval bool require_storable() {
    if constexpr (reflect::require_reflectable<T>() && reflect::reflectable<T>())
        []<std::size_t... I, class... Members>(std::index_sequence<I...>, detail::TypeList<Members...>) {
            return (detail::require_column<T, I, Members>() && ...);
        }(std::make_index_sequence<reflect::field_count<T>>{}, reflect::MemberTypes<T>{});
    return true;
}

}  // namespace rowan
