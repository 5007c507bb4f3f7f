#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/schema/naming.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// A table in a statement: T's, under a name of its own where `alias` is not empty. `is_optional`: a row of it may be
/// missing, as its columns then are NULL.
template <class T, FixedString name = "", bool is_optional = false>
struct Source {
    using Entity = T;
    static constexpr std::string_view alias = name.view();
    /// What stands in front of its columns; the table's own name where it is empty.
    static constexpr std::string_view qualifier = alias;
    static constexpr bool optional = is_optional;
};

/// The tables whose columns an expression may name. `qualified`: columns are written with their table's name, as
/// several tables are there. `grouped`: an aggregate always has a row to work on.
template <class OuterScope, bool is_qualified, bool is_grouped, class... Sources>
struct Scope {
    using Outer = OuterScope;
    static constexpr bool qualified = is_qualified;
    static constexpr bool grouped = is_grouped;
};

template <class Scope, bool wanted>
struct GroupedScope;
template <class Outer, bool qualified, bool grouped, class... Sources, bool wanted>
struct GroupedScope<Scope<Outer, qualified, grouped, Sources...>, wanted> {
    using type = Scope<Outer, qualified, wanted, Sources...>;
};
/// The same scope, where an aggregate always has a row to work on, or may have none.
template <class Scope, bool wanted = true>
using Grouped = typename GroupedScope<Scope, wanted>::type;

/// The scope of a statement on T's table alone.
template <class T>
using TableScope = Scope<void, false, false, Source<T>>;

/// The scope of a condition in the description of T's table, which is written before that table is known: columns are
/// marked by their place, and get their names when the description is complete (see write_predicate).
template <class T>
struct DescriptionScope {
    static constexpr bool qualified = false;
    static constexpr bool grouped = false;
};

template <class Scope>
inline constexpr bool describes = false;
template <class T>
inline constexpr bool describes<DescriptionScope<T>> = true;

/// Where a column is: which source of the scope, or of the one around it.
template <class Scope, auto Member, FixedString alias>
struct Located;

struct NotLocated {};

template <class Found, class Candidate, auto Member, FixedString alias>
struct Pick {
    static constexpr bool matches =
        Candidate::alias == alias.view() && reflect::belongs_to<typename Candidate::Entity, Member>;
    static_assert(!matches || std::is_same_v<Found, NotLocated>,
                  "rowan: this column could be of several tables of the query: give each its own name, as in "
                  "join<T, \"name\">(...), and the column the same, as in col<&T::m, \"name\">");
    using type = std::conditional_t<matches, Candidate, Found>;
};

template <auto Member, FixedString alias, class Found, class... Candidates>
struct PickFrom {
    using type = Found;
};
template <auto Member, FixedString alias, class Found, class First, class... Rest>
struct PickFrom<Member, alias, Found, First, Rest...>
    : PickFrom<Member, alias, typename Pick<Found, First, Member, alias>::type, Rest...> {};

template <class Outer, bool qualified, bool grouped, class... Sources, auto Member, FixedString alias>
struct Located<Scope<Outer, qualified, grouped, Sources...>, Member, alias> {
    using Here = typename PickFrom<Member, alias, NotLocated, Sources...>::type;

    static constexpr auto find() {
        constexpr bool here = !std::is_same_v<Here, NotLocated>;
        static_assert(here || !std::is_void_v<Outer>,
                      "rowan: this column's table is not in the query: start from it, join it, or name it as the "
                      "query does, as in col<&T::m, \"name\">");
        if constexpr (here)
            return std::type_identity<Here>{};
        else if constexpr (std::is_void_v<Outer>)
            return std::type_identity<Source<reflect::ClassOf<Member>>>{};
        else
            return std::type_identity<typename Located<Outer, Member, alias>::type>{};
    }

    using type = typename decltype(find())::type;
};

template <class T, auto Member, FixedString alias>
struct Located<DescriptionScope<T>, Member, alias> {
    using Here = Source<T>;
    using type = Source<T>;
};

/// A name for the source in front of its columns.
template <class Source>
constexpr void write_qualifier(TextWriter& out, const Dialect& dialect) {
    if constexpr (!Source::qualifier.empty())
        write_identifier(out, dialect, Source::qualifier);
    else
        write_bare_table_name(out, dialect, table_info<typename Source::Entity>);
}

}  // namespace rowan::detail
