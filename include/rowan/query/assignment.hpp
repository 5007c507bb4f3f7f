#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/column.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/types/optional.hpp>
#include <rowan/types/stored.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rowan {

namespace detail {

template <auto Member, class AssignedValue>
struct AssignmentShape {
    using Value = AssignedValue;
    static constexpr auto member = Member;

    template <class Scope>
    using Parameters = typename Value::template Parameters<Scope>;

    template <class T, class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_column(out, dialect, table_info<T>, reflect::index_of<T, Member>());
        out << " = ";
        write_value<T, Scope>(out, dialect, parameter);
    }

    /// What is assigned to the column of T's table, where it comes from the tables of Scope.
    template <class T, class Scope>
    static constexpr void write_value(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(is_optional<reflect::MemberOf<Member>> || !Value::template nullable<Scope>,
                      "rowan: a value that may be NULL is assigned to a column that is never NULL: coalesce it");
        constexpr ColumnType type = table_info<T>.columns[reflect::index_of<T, Member>()].type;
        const std::string_view pattern = needs_no_look<Scope, type>() ? std::string_view{} : dialect.assigned(type);
        const std::size_t gap = pattern.find('\1');
        out << pattern.substr(0, gap);
        Value::template write<Scope>(out, dialect, parameter);
        if (!pattern.empty()) out << pattern.substr(gap + 1);
    }

    /// Writes the test whether the column has another value than this one.
    template <class T, class Scope>
    static constexpr void write_change(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        constexpr Stored form = stored_as(table_info<T>.columns[reflect::index_of<T, Member>()].type);
        constexpr Function test = form == Stored::text ? Function::other_text : Function::distinct;
        PatternShape<test, bool, ColumnShape<Member, "">, Value>::template write<Scope>(out, dialect, parameter);
    }

private:
    /// A value was looked at when it became a parameter; another column of the same type holds nothing else.
    template <class Scope, ColumnType type>
    static consteval bool needs_no_look() {
        if constexpr (requires { Value::is_value; })
            return true;
        else if constexpr (requires { Value::is_column; })
            return Value::template Codec<Scope>::column == type;
        else
            return false;
    }
};

/// The test whether an assignment would change anything, with the parameters of the assignment itself.
template <class Assignment>
struct ChangeShape {
    template <class Scope>
    using Parameters = TypeList<>;

    template <class T, class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Assignment::template write_change<T, Scope>(out, dialect, parameter);
    }
};

}  // namespace detail

/// `column = value`: what `set<&T::m> = value` gives.
template <class AssignmentShape, class... Held>
struct Assignment {
    using Shape = AssignmentShape;
    std::tuple<Held...> values;
};

/// Names a member to assign to: `set<&T::m> = value`, where the value is one of the member's type, std::nullopt for a
/// member that may be missing, or an expression.
template <auto Member>
struct Setter {
    template <class Value>
    constexpr auto operator=(Value&& value) const {
        using Declared = reflect::MemberOf<Member>;
        static_assert(detail::require_settable<Declared>());
        using Like = detail::ColumnShape<Member, "">;
        using Given = std::remove_cvref_t<Value>;
        if constexpr (std::is_same_v<Given, std::nullopt_t> || detail::is_optional<Given>) {
            static_assert(detail::is_optional<Declared>,
                          "rowan: a value that may be missing is assigned to a member that is no std::optional");
            if constexpr (detail::is_optional<Declared> && fits<Given>()) {
                using Kept = std::conditional_t<std::is_same_v<Given, std::nullopt_t>, Declared, Given>;
                return make(detail::Expression<detail::MaybeValueShape<Like>, Kept>{
                    std::tuple<Kept>{Kept(std::forward<Value>(value))}});
            } else {
                return make(detail::make_value<Like>(typename Like::Type{}));
            }
        } else {
            if constexpr (detail::AnyExpression<Value>)
                static_assert(!Integer<typename Like::Type> || !detail::Floating<typename Given::Type>,
                              "rowan: an expression with a fraction is assigned to an integer member: "
                              "cast<std::int64_t>(...) it");
            return make(detail::operand_beside<Like>(std::forward<Value>(value)));
        }
    }

private:
    template <class Given>
    static constexpr bool fits() {
        if constexpr (detail::is_optional<Given>)
            return detail::require_comparable<detail::required_t<reflect::MemberOf<Member>>,
                                              typename Given::value_type>();
        else
            return true;
    }

    template <class Shape, class... Held>
    static constexpr auto make(detail::Expression<Shape, Held...> value) {
        return Assignment<detail::AssignmentShape<Member, Shape>, Held...>{std::move(value.values)};
    }
};

template <auto Member>
inline constexpr Setter<Member> set{};

}  // namespace rowan
