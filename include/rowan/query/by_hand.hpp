#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/placeholders.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/codec.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/schema/requirements.hpp>
#include <rowan/types/blob.hpp>
#include <rowan/types/optional.hpp>
#include <rowan/types/text.hpp>
#include <rowan/types/type.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// SQL that a person wrote: its arguments and its rows.
namespace rowan::detail {

/// How an argument of type T is written.
template <class T>
struct Argument {
    static_assert(Storable<T>, "rowan: this argument has a type that no parameter can take: use one of rowan's column "
                               "types, or write a rowan::Type for it");
    static constexpr Form form() {
        if constexpr (Storable<T>)
            return {stored_as(Type<T>::column), false};
        else
            return {};
    }
    template <class Sink>
    static Fault write(Sink& sink, const T& value) {
        if constexpr (Storable<T>)
            return Type<T>::write(sink, value);
        else
            return Fault::invalid_value;
    }
};
template <class T>
    requires std::convertible_to<const T&, std::string_view>
struct Argument<T> {
    static constexpr Form form() { return {Stored::text, false}; }
    template <class Sink>
    static Fault write(Sink& sink, const T& value) {
        return sink.put(std::string_view{value});
    }
};
template <>
struct Argument<std::span<const std::byte>> {
    static constexpr Form form() { return {Stored::blob, false}; }
    template <class Sink>
    static Fault write(Sink& sink, std::span<const std::byte> value) {
        return sink.put(value);
    }
};
template <class T>
struct Argument<std::optional<T>> {
    static constexpr Form form() { return Argument<T>::form(); }
    template <class Sink>
    static Fault write(Sink& sink, const std::optional<T>& value) {
        return value ? Argument<T>::write(sink, *value) : sink.put_null();
    }
};

template <class Sink, class... Arguments>
ValueFault write_arguments(Sink& sink, const Arguments&... arguments) {
    ValueFault found;
    (void)((found.fault = Argument<Arguments>::write(sink, arguments), found.fault == Fault::none) && ...);
    return found;
}

template <class... Arguments>
inline constexpr std::array<Form, sizeof...(Arguments)> argument_forms{Argument<Arguments>::form()...};

template <FixedString sql>
constexpr std::size_t placeholders_in() {
    TextWriter nowhere;
    return write_placeholders(nowhere, sql.view(), '$');
}

/// A literal as a statement with these arguments.
template <FixedString sql, const Dialect& dialect, class... Arguments>
struct HandText {
    static constexpr auto parameters() { return argument_forms<Arguments...>; }
    static constexpr void write(TextWriter& out) { write_placeholders(out, sql.view(), dialect.parameter_mark); }
};

/// How the rows of a statement that rowan did not write become values of type Row. `bind` looks at the columns once,
/// when the first row is there.
template <class Row>
class RowByName {
public:
    static_assert(require_storable<Row>());

    /// Finds the column of each member; the first name that is missing otherwise.
    template <class Execution>
    std::optional<std::string_view> bind(const Execution& execution) {
        for (std::size_t i = 0; i != columns_.size(); ++i) {
            const std::string_view wanted = table_info<Row>.columns[i].name;
            int column = 0;
            while (column != execution.columns() && execution.column_name(column) != wanted) ++column;
            if (column == execution.columns()) return wanted;
            columns_[i] = column;
        }
        return std::nullopt;
    }

    template <class Source>
    ValueFault operator()(const Source& source, Row& row) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            ValueFault found;
            auto fields = reflect::tie(row);
            (void)((found.fault = Codec<Row, I>::read(source.cell(columns_[I]), std::get<I>(fields)),
                    found.fault == Fault::none || (found.place = place_of<Row>(I), false)) &&
                   ...);
            return found;
        }(std::make_index_sequence<reflect::field_count<Row>>{});
    }

private:
    std::array<int, reflect::field_count<Row>> columns_{};
};

/// A row of one column: its value alone.
template <Storable Value>
class RowByName<Value> {
public:
    template <class Execution>
    std::optional<std::string_view> bind(const Execution& execution) {
        if (execution.columns() == 1) return std::nullopt;
        return "(one column alone)";
    }

    template <class Source>
    ValueFault operator()(const Source& source, Value& value) const {
        return {Type<Value>::read(source.cell(0), value), {}};
    }
};

/// Values in the order of their columns.
template <class... Values>
class RowByName<std::tuple<Values...>> {
public:
    template <class Execution>
    std::optional<std::string_view> bind(const Execution& execution) {
        if (execution.columns() == static_cast<int>(sizeof...(Values))) return std::nullopt;
        return "(as many columns as the tuple has values)";
    }

    template <class Source>
    ValueFault operator()(const Source& source, std::tuple<Values...>& row) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            ValueFault found;
            (void)((found.fault = Type<Values>::read(source.cell(static_cast<int>(I)), std::get<I>(row)),
                    found.fault == Fault::none) &&
                   ...);
            return found;
        }(std::index_sequence_for<Values...>{});
    }
};

}  // namespace rowan::detail
