#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/types/optional.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// What a query selects, and how a row of it becomes a value of the program.
namespace rowan::detail {

/// The sources of a scope.
template <class Scope>
struct SourcesIn;
template <class Outer, bool qualified, bool grouped, class... Sources>
struct SourcesIn<Scope<Outer, qualified, grouped, Sources...>> {
    using type = TypeList<Sources...>;
};

/// Reads the columns of one source, from `first` on.
template <class Source>
struct EntityReader {
    using Entity = typename Source::Entity;
    using Value = std::conditional_t<Source::optional, std::optional<Entity>, Entity>;
    static constexpr std::size_t width = reflect::field_count<Entity>;

    /// A column that is NULL only where the whole row is missing.
    static constexpr std::size_t telling_column() {
        std::size_t i = 0;
        while (i != width && table_info<Entity>.columns[i].nullable) ++i;
        return i;
    }

    template <class Row>
    static ValueFault read(const Row& row, std::size_t first, Value& value) {
        if constexpr (Source::optional) {
            static_assert(telling_column() != width,
                          "rowan: a left-joined struct needs a member that is not std::optional, to tell a missing row "
                          "from one of NULLs");
            if (row.cell(static_cast<int>(first + telling_column())).is_null()) {
                value.reset();
                return {};
            }
            return read_entity(row, value.emplace(), first);
        } else {
            return read_entity(row, value, first);
        }
    }
};

/// All columns of all tables: a struct for one table, a tuple of structs for several.
struct WholeRows {
    using Items = void;
    using Parts = TypeList<>;
    static constexpr std::size_t columns = 0;

    /// Has each of them one value a group?
    template <class Scope, class Groups>
    static constexpr bool settled = []<class... Sources>(TypeList<Sources...>) {
        return (Groups::template has_key<Sources>() && ...);
    }(typename SourcesIn<Scope>::type{});

    template <class Scope>
    using Parameters = TypeList<>;

    template <class Sources>
    struct RowOf;
    template <class Only>
    struct RowOf<TypeList<Only>> {
        using type = typename EntityReader<Only>::Value;
    };
    template <class First, class Second, class... More>
    struct RowOf<TypeList<First, Second, More...>> {
        using type = std::tuple<typename EntityReader<First>::Value, typename EntityReader<Second>::Value,
                                typename EntityReader<More>::Value...>;
    };
    template <class Scope>
    using Row = typename RowOf<typename SourcesIn<Scope>::type>::type;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t&) {
        Separator comma{", "};
        const auto write_source = [&]<class Source> {
            if constexpr (!Scope::qualified) return write_all_columns<typename Source::Entity>(out, dialect);
            const TableInfo& table = table_info<typename Source::Entity>;
            for (std::size_t i = 0; i != table.columns.size(); ++i) {
                out << comma;
                write_qualifier<Source>(out, dialect);
                out << '.';
                write_column(out, dialect, table, i);
            }
        };
        [&]<class... Sources>(TypeList<Sources...>) {
            (write_source.template operator()<Sources>(), ...);
        }(typename SourcesIn<Scope>::type{});
    }

    template <class Scope, class RowSource>
    static ValueFault read(const RowSource& source, Row<Scope>& row) {
        return [&]<class... Sources>(TypeList<Sources...>) {
            if constexpr (sizeof...(Sources) == 1) {
                return (EntityReader<Sources>::read(source, 0, row), ...);
            } else {
                ValueFault found;
                std::size_t first = 0;
                [&]<std::size_t... I>(std::index_sequence<I...>) {
                    (void)((found = EntityReader<Sources>::read(source, first, std::get<I>(row)),
                            first += EntityReader<Sources>::width, found.fault == Fault::none) &&
                           ...);
                }(std::index_sequence_for<Sources...>{});
                return found;
            }
        }(typename SourcesIn<Scope>::type{});
    }
};

/// How the value of an expression is read: a std::optional where it may be NULL.
template <class Shape, class Scope>
struct ItemReader {
    using Codec = typename Shape::template Codec<Scope>;
    using Required = typename Shape::Type;
    static constexpr bool nullable = Shape::template nullable<Scope>;
    using Value = std::conditional_t<nullable, std::optional<Required>, Required>;

    template <class RowSource, class Target>
    static ValueFault read(const RowSource& source, std::size_t column, Target& target) {
        using Reader = std::conditional_t<is_optional<Target>, Nullable<Required, Codec>, Codec>;
        return {Reader::read(source.cell(static_cast<int>(column)), target), Shape::template place<Scope>()};
    }
};

template <class Scope, class... Shapes>
constexpr void write_items(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    Separator comma{", "};
    const auto write_item = [&]<class Shape> {
        out << comma;
        Shape::template write<Scope>(out, dialect, parameter);
        if constexpr (!Shape::name.empty()) {
            out << " AS ";
            write_identifier(out, dialect, Shape::name);
        }
    };
    (write_item.template operator()<Shapes>(), ...);
}

/// Expressions, as a tuple.
template <class... Shapes>
struct TupleOf {
    using Items = TypeList<Shapes...>;
    using Parts = Items;
    template <class Scope, class Groups>
    static constexpr bool settled = true;
    static constexpr std::size_t columns = sizeof...(Shapes);

    template <class Scope>
    using Parameters = Concat<typename Shapes::template Parameters<Scope>...>;
    template <class Scope>
    using Row = std::tuple<typename ItemReader<Shapes, Scope>::Value...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_items<Scope, Shapes...>(out, dialect, parameter);
    }

    template <class Scope, class RowSource>
    static ValueFault read(const RowSource& source, Row<Scope>& row) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            ValueFault found;
            (void)((found = ItemReader<Shapes, Scope>::read(source, I, std::get<I>(row)), found.fault == Fault::none) &&
                   ...);
            return found;
        }(std::index_sequence_for<Shapes...>{});
    }
};

/// Expressions, as the members of a struct that bear their names.
template <class Struct, class... Shapes>
struct StructOf {
    using Items = TypeList<Shapes...>;
    using Parts = Items;
    template <class Scope, class Groups>
    static constexpr bool settled = true;
    static constexpr std::size_t columns = sizeof...(Shapes);

    template <class Scope>
    using Parameters = Concat<typename Shapes::template Parameters<Scope>...>;
    template <class Scope>
    using Row = Struct;

    /// The selected column with the name of a member; `columns` if there is none.
    static constexpr std::size_t column_of(std::string_view name) {
        const std::string_view names[] = {Shapes::name...};
        std::size_t i = 0;
        while (i != columns && names[i] != name) ++i;
        return i;
    }

    static constexpr bool names_match() {
        if (reflect::field_count<Struct> != columns) return false;
        for (const std::string_view name : reflect::names<Struct>)
            if (column_of(name) == columns) return false;
        return true;
    }

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(names_match(),
                      "rowan: the selected columns and the members of the struct differ in number or name: name each "
                      "expression like its member, as in sum(x).as<\"total\">()");
        if constexpr (names_match()) static_assert(require_types<Scope>());
        write_items<Scope, Shapes...>(out, dialect, parameter);
    }

    template <class Scope, class RowSource>
    static ValueFault read(const RowSource& source, Struct& row) {
        if constexpr (names_match()) {
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
                ValueFault found;
                auto fields = reflect::tie(row);
                (void)((found = read_field<Scope, I>(source, std::get<I>(fields)), found.fault == Fault::none) && ...);
                return found;
            }(std::make_index_sequence<columns>{});
        } else {
            return {};
        }
    }

private:
    template <class Scope, std::size_t field>
    using ReaderOf =
        ItemReader<std::tuple_element_t<column_of(reflect::names<Struct>[field]), std::tuple<Shapes...>>, Scope>;

    template <class Scope, std::size_t field>
    static constexpr bool require_type() {
        using Member = reflect::Field<Struct, field>;
        using Reader = ReaderOf<Scope, field>;
        // A column of a managed member is a plain number or time, and reads as the member as well.
        constexpr bool same = std::is_same_v<required_t<Member>, typename Reader::Required> ||
                              std::is_same_v<Type<Member>, typename Reader::Codec>;
        constexpr bool has_room = is_optional<Member> || !Reader::nullable;
        static_assert(same, "rowan: a selected column is of another type than the member of the same name: "
                            "cast<T>(...) it, or change the member");
        static_assert(!same || has_room,
                      "rowan: a selected column may be NULL, but the member of the same name is no std::optional: "
                      "coalesce(...) it, or change the member");
        return same && has_room;
    }

    template <class Scope>
    static constexpr bool require_types() {
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return (require_type<Scope, I>() && ...);
        }(std::make_index_sequence<columns>{});
    }

    template <class Scope, std::size_t field, class RowSource, class Target>
    static ValueFault read_field(const RowSource& source, Target& target) {
        if constexpr (require_type<Scope, field>())
            return ReaderOf<Scope, field>::read(source, column_of(reflect::names<Struct>[field]), target);
        else
            return {};
    }
};

}  // namespace rowan::detail
