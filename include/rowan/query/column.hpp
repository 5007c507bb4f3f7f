#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/operators.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/codec.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/types/managed.hpp>
#include <rowan/types/optional.hpp>

#include <cstddef>
#include <string_view>

namespace rowan {

namespace detail {

template <auto Member, FixedString alias>
struct ColumnShape : ShapeBase {
    using Type = plain_t<required_t<reflect::MemberOf<Member>>>;
    using Class = reflect::ClassOf<Member>;
    static constexpr bool is_column = true;
    static constexpr std::string_view name = reflect::names<Class>[reflect::index_of<Class, Member>()];

    /// Its table, if it is one of the scope's own and not of a query around it.
    template <class Scope>
    using Here = typename Located<Scope, Member, alias>::Here;
    template <class Scope>
    using Table = typename Located<Scope, Member, alias>::type;
    template <class Scope>
    static constexpr std::size_t column = reflect::index_of<typename Table<Scope>::Entity, Member>();

    template <class Scope>
    static constexpr bool nullable = Table<Scope>::optional || is_optional<reflect::MemberOf<Member>>;
    template <class Scope>
    using Codec = RequiredCodec<typename Table<Scope>::Entity, column<Scope>>;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr Place place() {
        return {&table_info<typename Table<Scope>::Entity>, column<Scope>};
    }

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t&) {
        if constexpr (Scope::qualified) {
            write_qualifier<Table<Scope>>(out, dialect);
            out << '.';
        }
        if constexpr (describes<Scope>)
            out << column_mark << static_cast<char>(column<Scope> + 1);
        else
            write_column(out, dialect, table_info<typename Table<Scope>::Entity>, column<Scope>);
    }
};

}  // namespace detail

/// A column in an expression: `col<&T::price> > 100.0`. `name` is that of the table in the query, where it has one of
/// its own.
template <auto Member, FixedString name = "">
inline constexpr detail::Expression<detail::ColumnShape<Member, name>> col{};

/// The value that an upsert wanted to insert.
template <auto Member>
inline constexpr detail::Expression<detail::ColumnShape<Member, "excluded">> excluded{};

}  // namespace rowan
