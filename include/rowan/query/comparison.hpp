#pragma once

#include <rowan/core/text.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/operand.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/codec.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rowan {

namespace detail {

enum class Operator : unsigned char { equal, not_equal, less, less_equal, greater, greater_equal };

constexpr std::string_view spelling(Operator op) {
    switch (op) {
        case Operator::equal: return " = ";
        case Operator::not_equal: return " <> ";
        case Operator::less: return " < ";
        case Operator::less_equal: return " <= ";
        case Operator::greater: return " > ";
        case Operator::greater_equal: return " >= ";
    }
    return " = ";
}

template <Operator op, auto Member>
struct ComparisonShape {
    static constexpr std::size_t parameter_count = 1;
    static constexpr Binding binding = Binding::comparison;

    template <class T>
    static constexpr void list_forms(Stored*& out) {
        *out++ = stored_as(RequiredCodec<T, reflect::index_of<T, Member>()>::column);
    }

    template <class T, class Dialect>
    static constexpr void write(TextWriter& out, std::size_t& parameter) {
        write_column<Dialect>(out, table_info<T>, reflect::index_of<T, Member>());
        out << spelling(op);
        write_parameter<Dialect>(out, parameter++);
    }
};

template <Operator op, auto Member, class Value>
struct Comparison {
    using Shape = ComparisonShape<op, Member>;

    Value value;

    template <class T, class Sink>
    ColumnFault write_values(Sink& sink) const {
        constexpr std::size_t column = reflect::index_of<T, Member>();
        return {write_operand<T, column>(sink, value), column};
    }
};

template <auto Member, bool is_null>
struct NullTest {
    using Shape = NullTest;

    static constexpr std::size_t parameter_count = 0;
    static constexpr Binding binding = Binding::comparison;

    template <class T>
    static constexpr void list_forms(Stored*&) {}

    template <class T, class Dialect>
    static constexpr void write(TextWriter& out, std::size_t&) {
        write_column<Dialect>(out, table_info<T>, reflect::index_of<T, Member>());
        out << (is_null ? " IS NULL" : " IS NOT NULL");
    }

    template <class T, class Sink>
    ColumnFault write_values(Sink&) const {
        return {};
    }
};

template <Operator op, auto Member, class Value>
constexpr auto compare(Value&& value) {
    using Required = required_t<reflect::MemberOf<Member>>;
    if constexpr (require_comparable<Required, std::remove_cvref_t<Value>>()) {
        using Kept = typename HeldFor<Required, Value>::type;
        return Comparison<op, Member, Kept>{Kept(std::forward<Value>(value))};
    } else {
        return Comparison<op, Member, Required>{};
    }
}

}  // namespace detail

/// A column in a condition. Compare it with a value of the member's type: `col<&T::price> > 100.0`.
///
/// Text and bytes that are not temporaries are kept by view and must outlive the query.
template <auto Member>
struct Column {
    template <class Value>
    friend constexpr auto operator==(Column, Value&& value) {
        return detail::compare<detail::Operator::equal, Member>(std::forward<Value>(value));
    }
    template <class Value>
    friend constexpr auto operator!=(Column, Value&& value) {
        return detail::compare<detail::Operator::not_equal, Member>(std::forward<Value>(value));
    }
    template <class Value>
    friend constexpr auto operator<(Column, Value&& value) {
        return detail::compare<detail::Operator::less, Member>(std::forward<Value>(value));
    }
    template <class Value>
    friend constexpr auto operator<=(Column, Value&& value) {
        return detail::compare<detail::Operator::less_equal, Member>(std::forward<Value>(value));
    }
    template <class Value>
    friend constexpr auto operator>(Column, Value&& value) {
        return detail::compare<detail::Operator::greater, Member>(std::forward<Value>(value));
    }
    template <class Value>
    friend constexpr auto operator>=(Column, Value&& value) {
        return detail::compare<detail::Operator::greater_equal, Member>(std::forward<Value>(value));
    }

    [[nodiscard]] constexpr auto is_null() const {
        static_assert(detail::is_optional<reflect::MemberOf<Member>>,
                      "rowan: this column is never NULL, as its member is not a std::optional");
        return detail::NullTest<Member, true>{};
    }
    [[nodiscard]] constexpr auto is_not_null() const {
        static_assert(detail::is_optional<reflect::MemberOf<Member>>,
                      "rowan: this column is never NULL, as its member is not a std::optional");
        return detail::NullTest<Member, false>{};
    }
};

template <auto Member>
inline constexpr Column<Member> col{};

}  // namespace rowan
