#pragma once

#include <rowan/types/blob.hpp>
#include <rowan/types/integer.hpp>
#include <rowan/types/optional.hpp>
#include <rowan/types/text.hpp>
#include <rowan/types/type.hpp>
#include <rowan/types/version.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan::detail {

template <class T>
concept Floating = std::same_as<T, float> || std::same_as<T, double>;

/// Doubles hold every integer up to here: 2^53.
inline constexpr std::int64_t exact_limit = std::int64_t{1} << 53;

/// What an expression keeps of a value that it compares with a column of type Member: text and bytes by view,
/// so that they must outlive the query, unless they come as temporaries; everything else by value.
template <class Member, class Value>
struct Held {
    using type = Member;
};
template <Integer Member, Integer Value>
struct Held<Member, Value> {
    using type = Value;
};
template <Integer Member>
struct Held<Member, Version> {
    using type = std::int64_t;
};
template <Floating Member, class Value>
    requires(Floating<Value> || Integer<Value>)
struct Held<Member, Value> {
    using type = Value;
};
template <class Value>
struct Held<std::string, Value> {
    using type = std::string_view;
};
template <class Value>
struct Held<std::vector<std::byte>, Value> {
    using type = std::span<const std::byte>;
};

/// `Value` is deduced from a forwarding reference: no reference for a temporary.
template <class Member, class Value>
struct HeldFor : Held<Member, std::remove_cvref_t<Value>> {};
template <>
struct HeldFor<std::string, std::string> {
    using type = std::string;
};
template <>
struct HeldFor<std::vector<std::byte>, std::vector<std::byte>> {
    using type = std::vector<std::byte>;
};

/// May a value be compared with a column of type Member? If not, one sentence stops the compiler, and false keeps
/// the errors that would follow it away.
template <class Member, class Value>
consteval bool require_comparable() {
    constexpr bool nothing =
        is_optional<Value> || std::is_same_v<Value, std::nullopt_t> || std::is_same_v<Value, std::nullptr_t>;
    static_assert(
        !nothing,
        "rowan: a column is compared with a value that may be missing, and = NULL is never true: compare "
        "with *value where there is one, and use is_null() or is_not_distinct_from(value) where there is none");
    if constexpr (nothing) {
        return false;
    } else {
        if constexpr (Integer<Member>) {
            constexpr bool like = Integer<Value> || std::is_same_v<Value, Version>;
            static_assert(like, "rowan: an integer column is compared with something that is no integer: convert the "
                                "value to the member's type");
            return like;
        } else if constexpr (std::is_same_v<Member, float>) {
            constexpr bool like = std::is_same_v<Value, float> || Integer<Value>;
            static_assert(like, "rowan: a float column is compared with something that is neither a float nor an "
                                "integer: a double has digits that no float has, so convert the value to float");
            return like;
        } else if constexpr (std::is_same_v<Member, double>) {
            constexpr bool like = Floating<Value> || Integer<Value>;
            static_assert(like,
                          "rowan: a double column is compared with something that is no number: convert the value "
                          "to double");
            return like;
        } else if constexpr (std::is_same_v<Member, bool>) {
            constexpr bool like = std::is_same_v<Value, bool>;
            static_assert(like, "rowan: a bool column is compared with something that is no bool: convert the value to "
                                "bool");
            return like;
        } else if constexpr (std::is_same_v<Member, std::string>) {
            constexpr bool like = std::convertible_to<const Value&, std::string_view>;
            static_assert(like, "rowan: a text column is compared with something that is no text: convert the value to "
                                "std::string");
            return like;
        } else if constexpr (std::is_enum_v<Member>) {
            constexpr bool like = std::is_same_v<Value, Member>;
            static_assert(like, "rowan: an enum column is compared with something that is not of its enum: name the "
                                "enumerator");
            return like;
        } else {
            constexpr bool like = std::convertible_to<const Value&, typename Held<Member, Value>::type>;
            static_assert(like, "rowan: a column is compared with a value of an unlike type: convert the value to the "
                                "member's type");
            return like;
        }
    }
}

/// Puts a held value into `sink` as a value of type Member that `Codec` stores.
template <class Member, class Codec, class Sink, class Value>
Fault write_operand(Sink& sink, const Value& value) {
    if constexpr (Floating<Member> && Integer<Value>) {
        if (std::cmp_greater(value, exact_limit) || std::cmp_less(value, -exact_limit)) return Fault::inexact;
        return sink.put(static_cast<double>(value));
    } else if constexpr (std::is_same_v<Value, Member>) {
        return Codec::write(sink, value);
    } else if constexpr (std::is_same_v<Member, std::string>) {
        return sink.put(std::string_view{value});
    } else if constexpr (std::is_same_v<Member, std::vector<std::byte>>) {
        return sink.put(std::span<const std::byte>{value});
    } else if constexpr (!Integer<Value> && !Floating<Value> && std::is_trivially_copyable_v<Member>) {
        // An item of a list that becomes a Member by itself, as a point in whole seconds becomes a Timestamp.
        return Codec::write(sink, Member(value));
    } else {
        return Type<Value>::write(sink, value);
    }
}

}  // namespace rowan::detail
