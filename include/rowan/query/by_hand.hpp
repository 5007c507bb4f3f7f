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
    requires(std::convertible_to<const T&, std::string_view> && !std::is_null_pointer_v<T>)
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

/// Names arguments, and columns that belong to no table, by `name`.
inline Error hand_error(Fault fault, bool writing, std::string_view name, std::string_view statement) {
    const FaultText text = describe_fault(fault);
    ErrorDetails details{.category = Category::data, .code = text.code};
    details.message.append(name).append(" ").append(writing ? text.writing : text.reading);
    if (!writing) details.column = name;
    details.statement = statement;
    return Error{std::move(details)};
}

/// The error of the first argument that cannot be written.
template <class Sink, class... Arguments>
std::optional<Error> write_arguments(Sink& sink, std::string_view statement, const Arguments&... arguments) {
    std::size_t number = 0;
    Fault fault = Fault::none;
    (void)((++number, fault = Argument<Arguments>::write(sink, arguments), fault == Fault::none) && ...);
    if (fault == Fault::none) return std::nullopt;
    return hand_error(fault, true, "argument $" + std::to_string(number), statement);
}

template <class... Arguments>
inline constexpr std::array<Form, sizeof...(Arguments)> argument_forms{Argument<Arguments>::form()...};

template <FixedString sql>
constexpr std::size_t placeholders_in() {
    TextWriter nowhere;
    return write_placeholders(nowhere, sql.view(), '$');
}

/// A literal as a statement whose arguments have these forms.
template <FixedString sql, const Dialect& dialect, Form... forms>
struct HandText {
    static constexpr auto parameters() { return std::array<Form, sizeof...(forms)>{forms...}; }
    static constexpr void write(TextWriter& out) { write_placeholders(out, sql.view(), dialect.parameter_mark); }
};

/// A statement that does not give the columns that were asked for.
inline Error wrong_columns(std::string message, std::string_view column = {}) {
    ErrorDetails details{.category = Category::programming, .code = Code::undefined_column};
    details.message = std::move(message);
    details.column = column;
    return Error{std::move(details)};
}

/// Are there as many columns as values?
template <class Execution>
std::optional<Error> count_columns(const Execution& execution, std::size_t values) {
    const auto columns = static_cast<std::size_t>(execution.columns());
    if (columns == values) return std::nullopt;
    return wrong_columns("the number of columns that the statement gives is " + std::to_string(columns) + ", but " +
                         std::to_string(values) + " is read");
}

/// How the rows of a statement that rowan did not write become values of type Row. `bind` looks at the columns once,
/// when the statement has run, and `read` gives the error of the first value that does not fit.
template <class Row>
class RowByName {
public:
    static_assert(require_storable<Row>());

    /// Finds the column of each member.
    template <class Execution>
    std::optional<Error> bind(const Execution& execution) {
        for (std::size_t i = 0; i != columns_.size(); ++i) {
            const std::string_view wanted = table_info<Row>.columns[i].name;
            int column = 0;
            while (column != execution.columns() && execution.column_name(column) != wanted) ++column;
            if (column == execution.columns())
                return wrong_columns(std::string{"the statement gives no column "}.append(wanted), wanted);
            columns_[i] = column;
        }
        return std::nullopt;
    }

    template <class Execution>
    std::optional<Error> read(const Execution& execution, Row& row, std::string_view statement) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) -> std::optional<Error> {
            ValueFault found;
            auto fields = reflect::tie(row);
            (void)((found = {Codec<Row, I>::read(execution.cell(columns_[I]), std::get<I>(fields)), place_of<Row>(I)},
                    found.fault == Fault::none) &&
                   ...);
            if (!found) return std::nullopt;
            return fault_error(found, false, statement);
        }(std::make_index_sequence<reflect::field_count<Row>>{});
    }

private:
    std::array<int, reflect::field_count<Row>> columns_{};
};

/// Values in the order of their columns.
template <class... Values>
class RowByName<std::tuple<Values...>> {
public:
    template <class Execution>
    std::optional<Error> bind(const Execution& execution) {
        return count_columns(execution, sizeof...(Values));
    }

    template <class Execution>
    std::optional<Error> read(const Execution& execution, std::tuple<Values...>& row,
                              std::string_view statement) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) -> std::optional<Error> {
            Fault fault = Fault::none;
            int column = -1;
            (void)((fault = Type<Values>::read(execution.cell(++column), std::get<I>(row)), fault == Fault::none) &&
                   ...);
            if (fault == Fault::none) return std::nullopt;
            return hand_error(fault, false, execution.column_name(column), statement);
        }(std::index_sequence_for<Values...>{});
    }
};

/// A row of one column: its value alone.
template <Storable Value>
class RowByName<Value> {
public:
    template <class Execution>
    std::optional<Error> bind(const Execution& execution) {
        return count_columns(execution, 1);
    }

    template <class Execution>
    std::optional<Error> read(const Execution& execution, Value& value, std::string_view statement) const {
        const Fault fault = Type<Value>::read(execution.cell(0), value);
        if (fault == Fault::none) return std::nullopt;
        return hand_error(fault, false, execution.column_name(0), statement);
    }
};

}  // namespace rowan::detail
