#pragma once

#include <rowan/reflect/fields.hpp>
#include <rowan/schema/table.hpp>
#include <rowan/types/enumeration.hpp>
#include <rowan/types/optional.hpp>
#include <rowan/types/type.hpp>

#include <cstddef>
#include <optional>
#include <type_traits>

namespace rowan::detail {

template <class Member, EnumStorage storage>
struct CodecFor {
    using type = Type<Member>;
};
template <class Enum>
    requires std::is_enum_v<Enum>
struct CodecFor<Enum, EnumStorage::by_name> {
    using type = EnumByName<Enum>;
};
template <class Enum>
    requires std::is_enum_v<Enum>
struct CodecFor<Enum, EnumStorage::by_value> {
    using type = EnumByValue<Enum>;
};
template <class Enum, EnumStorage storage>
    requires(storage != EnumStorage::by_default)
struct CodecFor<std::optional<Enum>, storage> {
    using type = Nullable<Enum, typename CodecFor<Enum, storage>::type>;
};

template <class T, std::size_t I, class Member>
struct MemberCodec {
    using type = Type<Member>;
};
template <class T, std::size_t I, class Member>
    requires std::is_enum_v<required_t<Member>>
struct MemberCodec<T, I, Member> {
    using type = typename CodecFor<Member, table<T>.columns()[I].storage>::type;
};

/// How column I of T's table holds its member, or one without std::optional: only an enum has a choice.
template <class T, std::size_t I, class Member>
using CodecOf = typename MemberCodec<T, I, Member>::type;

template <class T, std::size_t I>
using Codec = CodecOf<T, I, reflect::Field<T, I>>;

/// The same for a value that is compared with the column: never NULL.
template <class T, std::size_t I>
using RequiredCodec = CodecOf<T, I, required_t<reflect::Field<T, I>>>;

}  // namespace rowan::detail
