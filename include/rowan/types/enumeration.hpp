#pragma once

#include <rowan/reflect/enumerators.hpp>
#include <rowan/types/integer.hpp>
#include <rowan/types/type.hpp>

#include <string_view>
#include <type_traits>

namespace rowan {

namespace detail {

/// An enum over an integer type, not over bool or a character type.
template <class Enum>
concept NumberedEnum = std::is_enum_v<Enum> && Integer<std::underlying_type_t<Enum>>;

/// An enum as its enumerators' names, which BOOST_DESCRIBE_ENUM lists.
template <class Enum>
struct EnumByName {
    static constexpr ColumnType column = ColumnType::text;

    template <class Sink>
    static Fault write(Sink& sink, Enum value) {
        for (const auto& enumerator : reflect::enumerators<Enum>)
            if (enumerator.value == value) return sink.put(enumerator.name);
        return Fault::unknown_enumerator;
    }

    template <class Cell>
    static Fault read(const Cell& cell, Enum& value) {
        std::string_view name;
        if (const Fault fault = cell.get(name); fault != Fault::none) return fault;
        for (const auto& enumerator : reflect::enumerators<Enum>)
            if (enumerator.name == name) {
                value = enumerator.value;
                return Fault::none;
            }
        return Fault::unknown_enumerator;
    }
};

/// An enum as its number. Where the enumerators are described, a number that is none of them is refused.
template <NumberedEnum Enum>
struct EnumByValue {
    using Number = std::underlying_type_t<Enum>;
    static constexpr ColumnType column = Type<Number>::column;

    static bool known(Enum value) {
        if constexpr (reflect::DescribedEnum<Enum>) {
            for (const auto& enumerator : reflect::enumerators<Enum>)
                if (enumerator.value == value) return true;
            return false;
        } else {
            return true;
        }
    }

    template <class Sink>
    static Fault write(Sink& sink, Enum value) {
        if (!known(value)) return Fault::unknown_enumerator;
        return Type<Number>::write(sink, static_cast<Number>(value));
    }

    template <class Cell>
    static Fault read(const Cell& cell, Enum& value) {
        Number number{};
        if (const Fault fault = Type<Number>::read(cell, number); fault != Fault::none) return fault;
        if (!known(static_cast<Enum>(number))) return Fault::unknown_enumerator;
        value = static_cast<Enum>(number);
        return Fault::none;
    }
};

}  // namespace detail

/// A described enum is stored by name, another by value; a table may choose otherwise for its column.
template <reflect::DescribedEnum Enum>
struct Type<Enum> : detail::EnumByName<Enum> {};

template <class Enum>
    requires(!reflect::DescribedEnum<Enum> && detail::NumberedEnum<Enum>)
struct Type<Enum> : detail::EnumByValue<Enum> {};

}  // namespace rowan
