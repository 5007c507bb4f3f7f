#pragma once

#include <rowan/core/type_list.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/projection.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/types/optional.hpp>
#include <rowan/types/stored.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>

/// What a program reads from the columns of a result, to be compared with what the database gives.
namespace rowan::detail {

struct ReadColumn {
    /// Empty if it has none.
    std::string_view name;
    ColumnType type{};
    /// May it be NULL?
    bool nullable = false;
    /// The column that it is, if it is one.
    Place place{};
};

/// The columns of whole rows, a source behind the other.
template <class Scope, class... Sources>
constexpr auto columns_read_by(WholeRows, TypeList<Sources...>) {
    std::array<ReadColumn, (EntityReader<Sources>::width + ...)> columns{};
    std::size_t i = 0;
    const auto add = [&]<class Source> {
        constexpr const TableInfo& table = table_info<typename Source::Entity>;
        for (std::size_t column = 0; column != table.columns.size(); ++column)
            columns[i++] = {table.columns[column].name,
                            table.columns[column].type,
                            table.columns[column].nullable || Source::optional,
                            {&table, column}};
    };
    (add.template operator()<Sources>(), ...);
    return columns;
}

template <class Shape, class Scope, class Target>
constexpr ReadColumn column_read_as() {
    const Place place = Shape::template place<Scope>();
    const std::string_view name =
        Shape::name.empty() && place.table != nullptr ? place.table->columns[place.column].name : Shape::name;
    return {name, ItemReader<Shape, Scope>::Codec::column, is_optional<Target>, place};
}

template <class Scope, class Sources, class... Shapes>
constexpr auto columns_read_by(TupleOf<Shapes...>, Sources) {
    return std::array<ReadColumn, sizeof...(Shapes)>{
        column_read_as<Shapes, Scope, typename ItemReader<Shapes, Scope>::Value>()...};
}

template <class Struct, std::size_t field = 0>
constexpr bool is_optional_member(std::string_view name) {
    if constexpr (field == reflect::field_count<Struct>)
        return false;
    else if (reflect::names<Struct>[field] == name)
        return is_optional<reflect::Field<Struct, field>>;
    else
        return is_optional_member<Struct, field + 1>(name);
}

template <class Scope, class Sources, class Struct, class... Shapes>
constexpr auto columns_read_by(StructOf<Struct, Shapes...>, Sources) {
    std::array<ReadColumn, sizeof...(Shapes)> columns{
        column_read_as<Shapes, Scope, typename ItemReader<Shapes, Scope>::Value>()...};
    for (ReadColumn& column : columns) column.nullable = is_optional_member<Struct>(column.name);
    return columns;
}

/// What a typed query reads.
template <class Query, class Scope = typename Query::template ScopeIn<void>>
inline constexpr auto columns_of_query =
    columns_read_by<Scope>(typename Query::Projection{}, typename SourcesIn<Scope>::type{});

/// What the rows of a statement that a person wrote become: members by their columns' names, others by their places.
template <class Row>
struct RowColumns {
    static constexpr bool by_name = true;
    static constexpr auto columns = [] {
        constexpr const TableInfo& table = table_info<Row>;
        std::array<ReadColumn, reflect::field_count<Row>> columns{};
        for (std::size_t i = 0; i != columns.size(); ++i)
            columns[i] = {table.columns[i].name, table.columns[i].type, table.columns[i].nullable, {}};
        return columns;
    }();
};
template <class... Values>
struct RowColumns<std::tuple<Values...>> {
    static constexpr bool by_name = false;
    static constexpr std::array<ReadColumn, sizeof...(Values)> columns{
        ReadColumn{{}, Type<Values>::column, is_optional<Values>, {}}...};
};
template <Storable Value>
struct RowColumns<Value> : RowColumns<std::tuple<Value>> {};

}  // namespace rowan::detail
